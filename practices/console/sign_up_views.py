"""A practice signs up by itself: a form, a mail, a link that works once, and a page that says when it is ready."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from practices.accounts.models import token_hash
from practices.console.forms import LabelForm, WishForm
from practices.console.models import OpeningRequest
from practices.console.names import host_of
from practices.console.services.asking import (
    SignUpClosedError,
    TooManySignUpsError,
    confirm_sign_up,
    sign_up,
)
from practices.models import Clinic
from practices.opening import NameTakenError
from practices.tenancy import clinic_origin

RATES = {"sign_up": "10/h/ip", "sign_up_mail": "3/d/key", "sign_up_confirm": "60/m/ip"}
OFTEN = "That was often in a short time. What you wrote is still here: please try again later."
View = Callable[..., HttpResponse]


def while_it_is_on(view: View) -> View:
    """404 in an installation where nobody may sign up."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.SIGN_UP:
            raise Http404
        return view(request, *args, **kwargs)

    return answered


def too_often(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    return not ratelimit.consume(request, app="practices.console", action=action, config=RATES, key=key, limit_get=True)


@while_it_is_on
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Whether a name is free is said only to whoever has confirmed a mail address."""
    form = WishForm(request.POST if request.method == "POST" else None)
    status = 422
    if form.is_valid():
        wish = form.wish
        try:
            if too_often(request, "sign_up") or too_often(request, "sign_up_mail", key=wish.email.lower()):
                raise TooManySignUpsError
            sign_up(wish, at=timezone.now())
            return redirect("sign_up_sent")
        except TooManySignUpsError:
            form.add_error(None, OFTEN)
            status = 429
    context = {"title": "Open your practice", "form": form}
    return render(request, "console/sign_up.html", context, status=status if form.errors else 200)


@while_it_is_on
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whatever they wrote."""
    return render(request, "console/sent.html", {"title": "Look into your mail"})


@while_it_is_on
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. To open it confirms nothing, since mail servers do that too; the button does."""
    if too_often(request, "sign_up_confirm"):
        return render(request, "429.html", status=429)
    found = OpeningRequest.objects.filter(token_hash=token_hash(token)).defer("address").first()
    if found is None:
        return render(request, "console/closed.html", {"title": "This link opens nothing"}, status=404)
    if found.state != OpeningRequest.State.UNCONFIRMED:
        return progress(request, found)
    if not OpeningRequest.objects.confirmable(timezone.now()).filter(pk=found.pk).exists():
        return render(request, "console/closed.html", {"title": "This link is too old"}, status=410)
    form = LabelForm(request.POST if request.method == "POST" else None, initial={"label": found.label})
    is_taken = False
    if form.is_valid():
        try:
            confirm_sign_up(found, label=form.cleaned_data["label"], at=timezone.now())
            return redirect("sign_up_confirm", token)
        except SignUpClosedError:
            return redirect("sign_up_confirm", token)
        except NameTakenError as error:
            form.add_error("label", str(error))
            is_taken = True
    context = {"title": "Open your practice", "found": found, "form": form, "is_taken": is_taken}
    return render(request, "console/confirm.html", context, status=422 if form.errors else 200)


def progress(request: HttpRequest, found: OpeningRequest) -> HttpResponse:
    """How far it is. While it is being opened, the page asks for that part again."""
    is_open = found.state == OpeningRequest.State.OPEN
    clinic = Clinic.objects.filter(pk=found.clinic).first() if is_open else None
    titles = {OpeningRequest.State.OPEN: "Your practice is open", OpeningRequest.State.FAILED: "This took us too long"}
    context = {
        "title": titles.get(OpeningRequest.State(found.state), "Your practice is being opened"),
        "found": found,
        "host": host_of(found.label),
        "origin": clinic_origin(clinic) if clinic else "",
    }
    template = "console/parts/progress.html" if request.headers.get("HX-Request") else "console/progress.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response
