"""Single clients go to a colleague: one from the client page, several from the list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.admin.assign_page import ids
from clients.admin.hand_over_forms import HandOverForm
from clients.admin.pages import desk_page
from clients.admin.words import count_of
from clients.models import CareRelation, Client
from clients.services.caseload import NotAClinicianError
from clients.services.handing_over import NobodyHandsOverError, OverlapError, hand_over
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_http_methods(["GET", "POST"])
@allowed(Act.GIVE_CARE)
def to_colleague(request: UserRequest) -> HttpResponse:
    """The clients that the address names, each with whom they are with now; to whom, and until when that one still reads."""
    at, visible = timezone.now(), Client.objects.visible_to(request.user)
    chosen = visible.filter(pk__in=ids(request.GET.getlist("client")))
    offered = CareRelation.objects.acting().filter(client__in=chosen)
    form = HandOverForm(request.POST if request.method == "POST" else None, offered=offered, at=at)
    if form.is_valid():
        heir = form.cleaned_data["clinician"]
        try:
            number = hand_over(form.cleaned_data["relation"], to=heir, until=form.until, by=request.user, at=at)
        except (NobodyHandsOverError, NotAClinicianError, OverlapError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{count_of(number, 'client')} handed over to {heir.display_name}.")
            return redirect("admin:clients_client_changelist")
    with_nobody = chosen.exclude(pk__in=offered.values("client")).order_by("first_name", "last_name")
    context = {"title": "Hand over to a colleague", "form": form, "with_nobody": with_nobody}
    return desk_page(request, "hand_over.html", context, status=422 if form.errors else 200)
