"""The demo's mails and the codes of its authenticator apps, in the browser. Not part of production's addresses."""

import time
from email import message_from_bytes
from email.policy import default as modern

from allauth.mfa import app_settings as settings_of_mfa
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from practices.accounts.factors import app_seeds
from practices.requests import ClinicRequest


@require_safe
def inbox(request: ClinicRequest) -> HttpResponse:
    """The clinic's own mails, newest first."""
    folder = settings.MAILBOX
    files = sorted(folder.glob("*.eml"), reverse=True) if folder.exists() else []
    mails = (message_from_bytes(file.read_bytes(), policy=modern) for file in files)
    sender = f"<{request.tenant.schema_name}@{settings.MAIL_DOMAIN}>"
    shown = [
        {"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "text": mail.get_content()}
        for mail in mails
        if sender in str(mail["From"])
    ]
    return render(request, "inbox.html", {"mails": shown[:100], "codes": codes(at=time.time())})


def codes(*, at: float) -> list[dict[str, str | int]]:
    """What each person's authenticator app shows now, and for how many seconds."""
    period = settings_of_mfa.TOTP_PERIOD
    left = period - int(at) % period
    return [
        {"name": user.display_name, "code": format_hotp_value(hotp_value(seed, int(at) // period)), "left": left}
        for user, seed in app_seeds().items()
    ]


urlpatterns = [path("", inbox, name="inbox")]
