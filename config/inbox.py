"""The demo's mails, to be read in the browser. Not part of production's addresses."""

from email import message_from_bytes
from email.policy import default as modern

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

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
    return render(request, "inbox.html", {"mails": shown[:100]})


urlpatterns = [path("", inbox, name="inbox")]
