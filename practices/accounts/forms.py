"""Sign-in forms: allauth's, with people found by blind index."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.core import context
from allauth.core.internal import ratelimit
from django import forms

from practices.accounts.models import User
from practices.vault import plain_address


class PasswordForm(LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ClientCodeForm(RequestLoginCodeForm):
    """E-mail address of a client; the answer is the same whether we know it or not."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        """In its one form, since that is where the code goes."""
        email = plain_address(self.cleaned_data["email"])
        if not ratelimit.consume(context.request, app="allauth.account", action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = User.objects.active_clients().by_email(email).first()
        return email


class StaffResetForm(ResetPasswordForm):
    """E-mail address of a member of staff who forgot their password."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        """In its one form, since that is where the link goes."""
        email = plain_address(self.cleaned_data["email"])
        self.users = list(User.objects.active_staff().by_email(email))
        return email
