"""Using a printed slip: its code, then an address, then the code that was mailed there. No sign-in yet."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.models import Slip
from clients.models.slips import plain_code
from clients.portal.slip_forms import AddressForm, MailedCodeForm, SlipForm
from clients.services.slips import ALPHABET, SlipClosedError, use_slip
from practices.accounts.services import AddressTakenError
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.vault import blind_mark, plain_address

KEPT = "slip"
LIMITS = {"slip_code": "10/10m/ip", "slip_mail": "5/10m/ip,3/10m/key"}
MOST_TRIES = 3
MAILED_FOR = 600
OFTEN = "That was often in a short time. Wait ten minutes, then try again."
WRONG = "We know no such code. Check it, or ask the clinic for a new slip."
OVER = "That code is over. Begin again with your slip."


@dataclass
class Pending:
    """How far somebody is; kept in their session. Of the mailed code, only the hash."""

    slip: str
    email: str = ""
    code_hash: str = ""
    sent_at: float = 0.0
    tries: int = 0

    def store(self, request: HttpRequest) -> None:
        request.session[KEPT] = asdict(self)


def pending(request: HttpRequest, *, at: datetime) -> tuple[Pending, Slip] | None:
    """What is under way in this browser, if the slip can still be used."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    slip = Slip.objects.usable(at).select_related("client__user").filter(pk=kept["slip"]).first() if kept else None
    return (Pending(**kept), slip) if kept and slip else None


def entrance(request: HttpRequest, step: str, form: Any, **context: Any) -> HttpResponse:
    titles = {"code": "Your printed slip", "address": "Your mail address", "mailed": "Check your mail"}
    page = {"title": titles[step], "step": step, "form": form} | context
    return render(request, "clients/portal/slip.html", page, status=422 if form.errors else 200)


def for_visitors(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def guarded(request: HttpRequest) -> HttpResponse:
        return redirect("start") if request.user.is_authenticated else view(request)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


@for_visitors
def code(request: HttpRequest) -> HttpResponse:
    """The code on the slip."""
    form = SlipForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not allowed_again(request, "slip_code"):
            form.add_error("code", OFTEN)
        else:
            slip = Slip.objects.usable(timezone.now()).by_code(form.cleaned_data["code"]).first()
            if slip:
                Pending(slip=str(slip.pk)).store(request)
                return redirect("portal:slip_address")
            form.add_error("code", WRONG)
    return entrance(request, "code", form)


@for_visitors
def address(request: HttpRequest) -> HttpResponse:
    """Where the client can be reached; a code goes there. Whether somebody has the address is not told here."""
    at = timezone.now()
    found = pending(request, at=at)
    if found is None:
        return redirect("portal:slip")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = plain_address(form.cleaned_data["email"])
        if allowed_again(request, "slip_mail", key=email):
            send_code(request, found[0], email=email, at=at)
            return redirect("portal:slip_confirm")
        form.add_error("email", OFTEN)
    return entrance(request, "address", form)


def send_code(request: HttpRequest, under_way: Pending, *, email: str, at: datetime) -> None:
    mailed = "".join(secrets.choice(ALPHABET) for _ in range(8))
    queue_mail(MailKind.SIGN_IN_CODE, to=email, code=f"{mailed[:4]}-{mailed[4:]}", at=at)
    Pending(slip=under_way.slip, email=email, code_hash=blind_mark(mailed).hex(), sent_at=at.timestamp()).store(request)


@for_visitors
def confirm(request: HttpRequest) -> HttpResponse:
    """The mailed code: the address is theirs, the slip is used, and they are in."""
    at = timezone.now()
    found = pending(request, at=at)
    if found is None or not found[0].code_hash:
        return redirect("portal:slip")
    under_way, slip = found
    form = MailedCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        under_way.tries += 1
        under_way.store(request)
        if under_way.tries > MOST_TRIES or at.timestamp() > under_way.sent_at + MAILED_FOR:
            return begin_again(request)
        typed = blind_mark(plain_code(form.cleaned_data["code"])).hex()
        if secrets.compare_digest(typed, under_way.code_hash):
            return let_in(request, slip, email=under_way.email, at=at)
        form.add_error("code", "That is not the code. Look at the newest mail from us, then try again.")
    return entrance(request, "mailed", form, email=under_way.email)


def let_in(request: HttpRequest, slip: Slip, *, email: str, at: datetime) -> HttpResponse:
    try:
        user = use_slip(slip, email=email, by=slip.client.user, at=at)
    except SlipClosedError:
        return begin_again(request)
    except AddressTakenError:
        messages.warning(request, "Somebody here has this address already. Take another, or ask the clinic.")
        return redirect("portal:slip_address")
    del request.session[KEPT]
    get_adapter().login(request, user)
    return redirect("portal:today")


def begin_again(request: HttpRequest) -> HttpResponse:
    request.session.pop(KEPT, None)
    messages.warning(request, OVER)
    return redirect("portal:slip")


def allowed_again(request: HttpRequest, action: str, key: str | None = None) -> bool:
    return bool(ratelimit.consume(request, app="clients", action=action, config=LIMITS, key=key))
