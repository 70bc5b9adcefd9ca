"""What stands between the password and the desk. Nobody who works here is signed in without a second step."""

from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from practices.accounts.factors import has_second_factor
from practices.accounts.models import User


class SecondFactorStage(AuthenticateStage):
    """The second step, for who has one. A client's passkey is a way in of its own, not a step after the code."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        return isinstance(user, User) and not user.is_client and bool(super()._should_handle(request))


class SetUpStage(LoginStage):
    """Staff and operators without a second factor set one up before they are let in; there is nothing else they reach."""

    key = "set_up_second_factor"
    urlname = "account_set_up"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if isinstance(user, User) and not user.is_client and not has_second_factor(user):
            return redirect(self.urlname), True
        return None, True
