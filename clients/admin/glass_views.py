"""Opening a colleague's client when one must, ending it, and seeing where it was done."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.admin.glass import A_PAGE, SHORTEST_NAME, openings, strangers
from clients.admin.glass_forms import GlassForm
from clients.admin.pages import desk_page
from clients.models import BreakGlass, Client
from clients.services.glass import CannotBreakGlassError, TooOftenError, break_glass, end_glass, note_refusal
from practices.accounts.access import UserRequest, allowed
from practices.accounts.confirming import recently_confirmed
from practices.accounts.permissions import Act


@require_safe
@allowed(Act.BREAK_GLASS)
def find(request: UserRequest) -> HttpResponse:
    """Find a client of a colleague by name; nothing but names is shown."""
    name = request.GET.get("name", "").strip()
    found = strangers(request.user, name) if len(name) >= SHORTEST_NAME else []
    context = {"title": "A client who is not yours", "name": name, "found": found, "shortest": SHORTEST_NAME}
    return desk_page(request, "glass_find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Act.BREAK_GLASS)
@recently_confirmed
def break_for(request: UserRequest, pk: UUID) -> HttpResponse:
    """Say why; then the client can be read for an hour."""
    client = get_object_or_404(Client.objects.out_of_reach_of(request.user), pk=pk)
    form = GlassForm(request.POST if request.method == "POST" else None)
    at = timezone.now()
    if form.is_valid():
        try:
            break_glass(client, reason=form.cleaned_data["reason"], by=request.user, at=at)
        except TooOftenError as error:
            note_refusal(by=request.user, at=at)
            form.add_error(None, str(error))
        except CannotBreakGlassError:
            return redirect("admin:client", pk=pk)
        else:
            messages.success(
                request, f"You can read {client.name} for one hour. Their clinicians and the owner are told."
            )
            return redirect("admin:client", pk=pk)
    context = {"title": f"Open {client.name}", "client": client, "form": form}
    return desk_page(request, "glass_reason.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(Act.BREAK_GLASS)
def end(request: UserRequest, pk: UUID) -> HttpResponse:
    """Close it before the hour is over."""
    glass = get_object_or_404(BreakGlass.objects.current().filter(user=request.user), pk=pk)
    end_glass(glass, by=request.user, at=timezone.now())
    messages.success(request, "Closed. You no longer see this client.")
    return redirect("admin:index")


@require_safe
@allowed(Act.READ_AUDIT, Act.READ_RESPONSES)
def listed(request: UserRequest) -> HttpResponse:
    """Who opened whose client with a reason, and when; the reason only for those it concerns."""
    found = Paginator(openings(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"title": "Opened with a reason", "page": found, "all": request.user.may(Act.READ_AUDIT)}
    return desk_page(request, "glass_openings.html", context)
