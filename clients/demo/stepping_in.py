"""A clinician on leave, and a colleague who opened one of their clients with a reason: two days ago, for its hour."""

from datetime import datetime, timedelta

from clients.demo.people import People
from clients.models import Client, Response
from clients.services.glass import break_glass
from clients.services.reviewing import open_client, open_response
from practices.models import Clinic

REASON = "{away} is on leave until next week. {name} rang the front desk this morning and asked to be called back."
PURPOSE = "break-glass"


def seed_stepping_in(clinic: Clinic, people: People, *, now: datetime) -> None:
    """The colleague looked at the page and at what was sent last; the hour ended by itself, as nothing was closed early."""
    client = people.clients[0]
    away = people.clinician_of(client)
    colleague = next(one for one in people.clinicians if one != away)
    at = (now - timedelta(days=2)).astimezone(clinic.zone).replace(hour=9, minute=40, second=0, microsecond=0)
    reason = REASON.format(away=away.first_name, name=client.first_name)
    break_glass(client, reason=reason, by=colleague, at=at)
    open_client(client, by=colleague, at=at + timedelta(minutes=1), purpose=PURPOSE)
    sent = Response.objects.sent_by(Client.objects.filter(pk=client.pk)).filter(submitted_at__lt=at)
    latest = sent.select_related("occurrence__assignment").order_by("-submitted_at").first()
    if latest:
        open_response(latest, by=colleague, at=at + timedelta(minutes=3), purpose=PURPOSE)
