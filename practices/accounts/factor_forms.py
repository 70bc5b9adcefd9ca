"""Forms of the second factors: allauth's, with codes that work once, seeds sealed while they are set up, and no junk."""

from typing import Any

from allauth.core import context as current
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from practices.accounts.factors import open_seed, seal_seed
from practices.vault import VaultError

# A code is taken half a minute early and late, for clocks that are off; seconds after which it is worth nothing anyway.
CODE_LIVES = 3 * 30
CODE_FIELD = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
MALFORMED = (TypeError, ValueError, KeyError, AttributeError, IndexError, AssertionError)


class CodeOnceMixin:
    """A code that was taken is not taken again for as long as it lives, wherever it is typed."""

    fields: dict[str, forms.Field]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(CODE_FIELD)
        self.fields["code"].label = "Code"

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(character for character in code if character.isdigit())
            name = salted_hmac("practices.accounts.used_code", f"{self.authenticator.user_id}:{digits}").hexdigest()
            if not cache.add(f"used-code:{name}", 1, timeout=CODE_LIVES):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(CodeOnceMixin, AuthenticateForm):
    pass


class ConfirmWithCodeForm(CodeOnceMixin, ReauthenticateForm):
    pass


class AppForm(ActivateTOTPForm):
    """The first code of a new authenticator app. Until it is typed, the seed lies sealed in the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        # allauth's own __init__ would put the seed into the session as it is.
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["code"].widget.attrs = dict(CODE_FIELD)
        self.fields["code"].label = "The six digits that the app shows"
        self.secret = self._seed()

    def _seed(self) -> str:
        session = current.request.session
        try:
            return open_seed(session[SECRET_SESSION_KEY], user=self.user)
        except (KeyError, VaultError):
            seed: str = generate_totp_secret()
            session[SECRET_SESSION_KEY] = seal_seed(seed, user=self.user)
            return seed


class CredentialMixin:
    """What a browser sent as a credential is data from outside: anything that can't be read is a wrong answer."""

    def clean_credential(self) -> Any:
        return whole(super().clean_credential)  # type: ignore[misc]


def whole(read: Any) -> Any:
    try:
        return read()
    except MALFORMED:
        raise get_adapter().validation_error("incorrect_code") from None


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that signs in by itself: the device asks for finger, face or PIN."""

    name = forms.CharField(
        label="A name for it", max_length=60, required=False, help_text="So that you know it again: “My phone”."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = whole(super().clean)
        credential = cleaned.get("credential")
        if credential and not whole(lambda: _was_verified(credential)):
            raise get_adapter().validation_error("incorrect_code")
        return cleaned


def _was_verified(credential: dict[str, Any]) -> bool:
    """Whether the device made sure who holds it."""
    return bool(
        webauthn.parse_registration_response(credential).response.attestation_object.auth_data.is_user_verified()
    )


class SecondStepPasskeyForm(CredentialMixin, AuthenticateWebAuthnForm):
    pass


class PasskeySignInForm(CredentialMixin, LoginWebAuthnForm):
    pass


class ConfirmWithPasskeyForm(CredentialMixin, ReauthenticateWebAuthnForm):
    pass
