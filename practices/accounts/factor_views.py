"""Pages on which people look after how they sign in: allauth's views, and what must follow a change."""

from typing import Any, cast

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordChangeView, PasswordSetView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, deny
from practices.accounts.confirming import recently_confirmed
from practices.accounts.factors import LastFactorError, keep_a_factor, ways_in_changed
from practices.accounts.models import User


class ChangesTheWayIn:
    """All of it or nothing: the change, the end of the other sessions, the event and the mail."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        user = cast(User, self.request.user)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            ways_in_changed(user, kept_session=self.request.session.session_key, at=timezone.now())
        return response


class RemovesAFactor(ChangesTheWayIn):
    """Not the last one of somebody who works here."""

    def removed(self) -> Authenticator:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                keep_a_factor(cast(User, self.request.user), without=self.removed())
                return super().form_valid(form)
        except LastFactorError as error:
            messages.error(self.request, str(error))
            return redirect("mfa_index")


class ForStaff:
    """Clients have a code from a mail, and no use for an app or codes on paper."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and request.user.is_client:
            deny(request.user)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class ForClients:
    """Staff always have a password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and not request.user.is_client:
            deny(request.user)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class AddsAPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Staff get recovery codes along with their first."""
        user = cast(User, self.request.user)
        if not user.is_client:
            response: HttpResponse = super().form_valid(form)
            return response
        webauthn.WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        messages.success(self.request, "The passkey is added.")
        return redirect("mfa_index")


@method_decorator(recently_confirmed, name="dispatch")
class AddAppView(ForStaff, ChangesTheWayIn, ActivateTOTPView):
    """A new authenticator app."""


@method_decorator(recently_confirmed, name="dispatch")
class RemoveAppView(ForStaff, RemovesAFactor, DeactivateTOTPView):
    """The authenticator app goes."""

    def removed(self) -> Authenticator:
        return self.authenticator


@method_decorator(recently_confirmed, name="dispatch")
class AddPasskeyView(ChangesTheWayIn, AddsAPasskey):
    """A new passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(cast(User, self.request.user), passwordless=True)
        return context | {"form": kwargs.get("form") or context["form"], "js_data": {"creation_options": options}}


@method_decorator(recently_confirmed, name="dispatch")
class RemovePasskeyView(RemovesAFactor, RemoveWebAuthnView):
    """A passkey goes."""

    success_url = reverse_lazy("mfa_index")

    def removed(self) -> Authenticator:
        return cast(Authenticator, self.get_object())


@method_decorator(recently_confirmed, name="dispatch")
class RenamePasskeyView(EditWebAuthnView):
    """Its name is for its owner alone."""

    success_url = reverse_lazy("mfa_index")


@method_decorator(recently_confirmed, name="dispatch")
class NewRecoveryCodesView(ForStaff, ChangesTheWayIn, GenerateRecoveryCodesView):
    """Ten new recovery codes; the old ones are worth nothing."""


class RecoveryCodesView(ForStaff, ViewRecoveryCodesView):
    """The codes, shown once."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"go_on": get_next_redirect_url(self.request) or reverse("mfa_index")}


@method_decorator(recently_confirmed, name="dispatch")
class ChangePasswordView(ChangesTheWayIn, PasswordChangeView):
    """A new password."""


@method_decorator(recently_confirmed, name="dispatch")
class SetPasswordView(ForClients, ChangesTheWayIn, PasswordSetView):
    """A first password."""

    success_url = reverse_lazy("mfa_index")


@require_http_methods(["GET", "POST"])
@login_required
@recently_confirmed
def remove_password(request: UserRequest) -> HttpResponse:
    """A client's password goes; a code from a mail goes on working."""
    user = request.user
    if not user.is_client:
        deny(user)
    if request.method == "GET":
        return render(request, "account/password_remove.html")
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        ways_in_changed(user, kept_session=request.session.session_key, at=timezone.now())
    messages.success(request, "Your password is gone. A code by mail works as before.")
    return redirect("mfa_index")


class PasskeySignInView(LoginWebAuthnView):
    """Signing in with nothing but a passkey; on to where somebody wanted to go."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator: Authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = webauthn_flows.perform_passwordless_login(self.request, authenticator, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """allauth tells apart what went wrong; that would say whose passkeys we know."""
        messages.error(self.request, "This passkey does not work here. Try again, or sign in another way.")
        get_account_adapter().authentication_failed(self.request)
        return redirect("account_login")


class WaysInView(IndexView):
    """How somebody signs in, and how to change it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = context["authenticators"]
        user = cast(User, self.request.user)
        count = len(found.get(Authenticator.Type.WEBAUTHN, [])) + (Authenticator.Type.TOTP in found)
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "app": found.get(Authenticator.Type.TOTP),
            "passkeys": found.get(Authenticator.Type.WEBAUTHN, []),
            "has_codes": codes is not None,
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "may_remove": user.is_client or count > 1,
        }
