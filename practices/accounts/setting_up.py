"""The first visit of somebody who works here: a second step is set up before anything else opens."""

from typing import cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from practices.accounts.addresses import client_address
from practices.accounts.factor_forms import AddPasskeyForm, AppForm
from practices.accounts.factors import add_authenticator_app, add_recovery_codes, ways_in_changed
from practices.accounts.models import Origin, User
from practices.accounts.stages import SetUpStage
from practices.qr_codes import qr_code


@require_http_methods(["GET", "POST"])
@login_stage_required(stage=SetUpStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def set_up(request: HttpRequest) -> HttpResponse:
    """An app or a passkey, and recovery codes with it; then they are in."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = cast(User, stage.login.user)
    user.origin = Origin(request.id, client_address(request))  # type: ignore[attr-defined]
    by_passkey = "credential" in request.POST
    passkey_form = AddPasskeyForm(request.POST if by_passkey else None, user=user)
    app_form = AppForm(None if by_passkey else request.POST or None, user=user)
    form = passkey_form if by_passkey else app_form
    if form.is_valid():
        with transaction.atomic():
            method = add_passkey(user, passkey_form) if by_passkey else add_app(request, user, app_form)
            ways_in_changed(user, kept_session=request.session.session_key, at=timezone.now())
        record_authentication(request, user, "mfa", type=method)
        onward: HttpResponse = stage.exit()
        return redirect(f"{reverse('mfa_view_recovery_codes')}?{urlencode({'next': onward['Location']})}")
    context = {
        "form": app_form,
        "passkey_form": passkey_form,
        "qr_code": qr_code(get_adapter().build_totp_url(user, app_form.secret)),
        "js_data": {"creation_options": webauthn.begin_registration(user, passwordless=True)},
    }
    return render(request, "account/set_up.html", context, status=422 if request.method == "POST" else 200)


def add_app(request: HttpRequest, user: User, form: AppForm) -> str:
    add_authenticator_app(user, seed=form.secret)
    clear_totp_secret(request)
    return str(Authenticator.Type.TOTP)


def add_passkey(user: User, form: AddPasskeyForm) -> str:
    webauthn.WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
    add_recovery_codes(user)
    return str(Authenticator.Type.WEBAUTHN)
