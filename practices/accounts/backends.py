"""Password sign-in, for staff and operators only."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from practices.accounts.models import User
from practices.accounts.permissions import Kind


class StaffPasswordBackend(AuthenticationBackend):
    """allauth's backend, with people found by blind index; clients have no password, so theirs never matches."""

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        user = User.objects.by_email(email).exclude(kind=Kind.CLIENT).first()
        found: AbstractBaseUser | None = self._check_password(user, password)
        return found
