"""What somebody is told who acts on a client whom a colleague has taken over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from clients.models import Client
from practices.accounts.access import UserRequest

HANDED_OVER = "A colleague has taken over this client. You can still read, but no longer reply, assign or acknowledge."


def told_who_has_them(request: UserRequest, **which: object) -> HttpResponse | None:
    """The way to the client's page with a word on it, if this member of staff has handed them over; else nothing."""
    client = Client.objects.handed_over_by(request.user).filter(**which).only("pk").first()
    if client is None:
        return None
    messages.error(request, HANDED_OVER)
    return redirect("admin:client", pk=client.pk)
