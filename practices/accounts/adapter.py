"""Where allauth meets a clinic: nobody signs up alone, redirects stay here, mails go through the outbox."""

from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url
from allauth.core import context as current
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from practices.accounts.addresses import client_address
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

MAILS = {
    "account/email/login_code": MailKind.SIGN_IN_CODE,
    "account/email/password_reset_key": MailKind.PASSWORD_RESET,
}
TO_NOBODY = "account/email/unknown_account"


class ClinicAccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "We know nobody with this address and password. Check both, then try again.",
        "incorrect_code": "That is not the code. Look at the newest mail from us, then try again.",
        "too_many_login_attempts": "That was often in a short time. Wait five minutes, then try again.",
        "rate_limited": "That was often in a short time. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """This very host: a sibling clinic's is another house."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={current.request.get_host()})

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or ""

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "practices.accounts.stages.SecondFactorStage",
            "practices.accounts.stages.SetUpStage",
        ]

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Of whoever is signed in: allauth would look for their address, which is sealed."""
        return bool(user.check_password(password))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A client can always be mailed a code."""
        words = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use the app or a recovery code"}
        methods = [
            method | {"description": words.get(method["id"], "Use a passkey")}
            for method in super().get_reauthentication_methods(user)
        ]
        if isinstance(user, User) and user.is_client:
            url = resolve_url("account_confirm_by_code")
            methods.append({"id": "mailed_code", "description": "Use a code from a mail", "url": url})
        return methods

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("start")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("start")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mails we know; allauth's others are not sent.

        For an address that nobody has, one to nobody is queued: else the time an answer takes would tell.
        """
        kind = MAILS.get(template_prefix)
        if template_prefix == TO_NOBODY:
            kind, email = MailKind.SIGN_IN_CODE, ""
        if kind is None:
            return
        path = urlsplit(context.get("password_reset_url", "/")).path
        queue_mail(kind, to=email, path=path, code=context.get("code", ""), at=timezone.now())

    def get_reset_password_from_key_url(self, key: str) -> str:
        url: str = get_reset_password_from_key_url(self.request, key)
        return url

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The one place where a session begins to be somebody's: for staff, only after the second step.

        Whoever has just signed in need not show again who they are.
        """
        assert isinstance(user, User)
        records = get_authentication_records(request, user)
        if not user.is_client and not any(step["method"] == "mfa" for step in records):
            raise PermissionDenied
        super().login(request, user)
        record_authentication(request, user, "sign-in", reauthenticated=True)
        record(Action.SIGNED_IN, subject=user, by=cast(User, request.user), at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        user = cast(User, request.user)
        record(Action.SIGNED_OUT, subject=user, by=user, at=timezone.now())
        super().logout(request)
        request.signed_out = True  # type: ignore[attr-defined]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The address typed is not kept: it may be a password typed in the wrong field."""
        record(Action.SIGN_IN_REFUSED, by=None, at=timezone.now())

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        record(Action.SIGN_IN_REFUSED, subject=user, by=None, at=timezone.now())
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response
