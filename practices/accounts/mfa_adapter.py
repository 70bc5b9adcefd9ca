"""Where allauth's second factors meet a clinic: sealed by the vault, named and bound to the clinic's own host."""

from typing import ClassVar, cast

from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser

from practices.accounts.factors import open_seed, seal_seed
from practices.accounts.models import User
from practices.tenancy import current_clinic
from practices.vault import VaultError


def whose_factors() -> User:
    """Who is signed in, or has typed the password and is asked for the second step. Raises VaultError for nobody."""
    request = current.request
    if isinstance(request.user, User):
        return request.user
    stage = getattr(request, "_login_stage", None)
    if stage is None or stage.login.user is None:
        raise VaultError("A second factor is opened for the person it belongs to, and nobody is here.")
    return cast(User, stage.login.user)


class ClinicMFAAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That did not work. Look at the newest code, or try once more.",
        "cannot_delete_authenticator": "Add another way first: an account at work always has a second step.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
    }

    def encrypt(self, text: str) -> str:
        return seal_seed(text, user=whose_factors())

    def decrypt(self, encrypted_text: str) -> str:
        return open_seed(encrypted_text, user=whose_factors())

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return cast(User, user).display_name

    def _get_site_name(self) -> str:
        return current_clinic().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """This very host, never a parent that siblings share: a passkey of one clinic is none at another."""
        return {"id": current.request.get_host().partition(":")[0], "name": current_clinic().name}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return "My passkey"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the page offers it; what happens is decided under a lock, by keep_a_factor."""
        return True
