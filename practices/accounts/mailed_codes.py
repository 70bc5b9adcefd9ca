"""A code in a mail, by which a client who is known already shows that they are there.

It holds in the browser that asked for it, for ten minutes and three tries; the session remembers it.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from practices.accounts.models import User
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

STATE = "mailed_code"


def mail_code(request: HttpRequest, user: User) -> bool:
    """Mail a new one, which takes the place of any other; False if that was often in a short time."""
    if not ratelimit.consume(request, app="allauth.account", action="request_login_code", key=user.email):
        return False
    code = get_adapter().generate_login_code()
    request.session[STATE] = {"code": code, "for": str(user.pk), "at": time.time(), "tries": 0}
    queue_mail(MailKind.SIGN_IN_CODE, to=user.email, code=code, at=timezone.now())
    return True


class MailedCodeForm(forms.Form):
    """The code from the mail; a session in which none was mailed to this person has no right one."""

    code = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))

    def __init__(self, *args: Any, session: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.user = session, user

    def clean_code(self) -> str:
        state = self.session.pop(STATE, None)
        is_old = state is None or time.time() - state["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        if is_old or state["for"] != str(self.user.pk):
            raise forms.ValidationError("This code is too old. Ask for a new one.")
        code: str = self.cleaned_data["code"]
        if not compare_user_code(actual=code, expected=state["code"]):
            state["tries"] += 1
            if state["tries"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
                raise forms.ValidationError("That was not the code, three times. Ask for a new one.")
            self.session[STATE] = state
            raise get_adapter().validation_error("incorrect_code")
        return code
