"""Clients show once more who they are by a code from a mail, as when they sign in."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from practices.accounts.mailed_codes import STATE, MailedCodeForm, mail_code
from practices.accounts.models import User


@method_decorator(login_required, name="dispatch")
class ConfirmByCodeView(BaseReauthenticateView):
    """First a button that mails the code, then a field for it."""

    form_class = MailedCodeForm
    template_name = "account/confirm_by_code.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.request.session, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_mailed": STATE in self.request.session}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "mail":
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        user = cast(User, request.user)
        mail_code(request, user)
        form = MailedCodeForm(session=request.session, user=user)
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return page

    def form_valid(self, form: forms.Form) -> HttpResponse:
        record_authentication(self.request, cast(User, self.request.user), "code", reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer
