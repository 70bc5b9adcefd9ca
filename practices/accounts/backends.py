"""Password sign-in: for staff and operators before their second step, for clients who have chosen one."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from practices.accounts.models import User


class PasswordBackend(AuthenticationBackend):
    """allauth's backend, with people found by blind index. Who has no password has none that matches."""

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        user = User.objects.by_email(email).first()
        found: AbstractBaseUser | None = self._check_password(user, password)
        return found
