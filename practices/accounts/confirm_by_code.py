"""Clients show once more who they are by a code from a mail, as when they sign in."""

import time
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator

from practices.accounts.models import User
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

STATE = "confirm_by_code"


class MailedCodeForm(forms.Form):
    """The code from the mail, in the browser that asked for it, in time, and not after three wrong tries."""

    code = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))

    def __init__(self, *args: Any, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_code(self) -> str:
        state = self.session.pop(STATE, None)
        if state is None or time.time() - state["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
            raise forms.ValidationError("This code is too old. Ask for a new one.")
        code: str = self.cleaned_data["code"]
        if not compare_user_code(actual=code, expected=state["code"]):
            state["tries"] += 1
            if state["tries"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
                raise forms.ValidationError("That was not the code, three times. Ask for a new one.")
            self.session[STATE] = state
            raise get_adapter().validation_error("incorrect_code")
        return code


@method_decorator(login_required, name="dispatch")
class ConfirmByCodeView(BaseReauthenticateView):
    """First a button that mails the code, then a field for it."""

    form_class = MailedCodeForm
    template_name = "account/confirm_by_code.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.request.session}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_mailed": STATE in self.request.session}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "mail":
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        user = cast(User, request.user)
        if ratelimit.consume(request, app="allauth.account", action="request_login_code", key=user.email):
            code = get_adapter().generate_login_code()
            request.session[STATE] = {"code": code, "at": time.time(), "tries": 0}
            queue_mail(MailKind.SIGN_IN_CODE, to=user.email, code=code, at=timezone.now())
        page: HttpResponse = self.render_to_response(
            self.get_context_data(form=MailedCodeForm(session=request.session))
        )
        return page

    def form_valid(self, form: forms.Form) -> HttpResponse:
        record_authentication(self.request, cast(User, self.request.user), "code", reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer
