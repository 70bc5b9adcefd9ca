"""The owner says who supervises whom, from the page of either of the two."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from practices.accounts.access import UserRequest, allowed
from practices.accounts.admin.pages import staff_page
from practices.accounts.admin.supervision_forms import SupervisionForm
from practices.accounts.models import Supervision, User
from practices.accounts.permissions import Act
from practices.accounts.services.supervising import CannotSuperviseError, begin_supervision, end_supervision

PAGE_OF = "admin:accounts_user_change"


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def supervision(request: UserRequest, pk: UUID, *, supervises: bool) -> HttpResponse:
    """Somebody whom this colleague supervises, or who supervises them, from now on."""
    person = get_object_or_404(User.objects.active_staff(), pk=pk)
    form = SupervisionForm(request.POST if request.method == "POST" else None, person=person, supervises=supervises)
    if form.is_valid():
        other = form.cleaned_data["colleague"]
        supervisor, over = (person, other) if supervises else (other, person)
        try:
            begin_supervision(supervisor, over=over, until=form.until, by=request.user, at=timezone.now())
        except CannotSuperviseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{supervisor.display_name} now supervises {over.display_name}.")
            return redirect(PAGE_OF, pk)
    title = f"{person.display_name} supervises" if supervises else f"{person.display_name} is supervised"
    context = {"title": title, "person": person, "supervises": supervises, "form": form}
    return staff_page(request, "supervision.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(Act.MANAGE_STAFF)
def end(request: UserRequest, pk: UUID, supervision: UUID) -> HttpResponse:
    """The supervisor reads no more; back to the page on which it was ended."""
    person = get_object_or_404(User.objects.staff(), pk=pk)
    found = get_object_or_404(Supervision.objects.of(person).select_related("supervisor", "supervisee"), pk=supervision)
    end_supervision(found, by=request.user, at=timezone.now())
    messages.success(request, f"{found.supervisor.display_name} no longer supervises {found.supervisee.display_name}.")
    return redirect(PAGE_OF, pk)
