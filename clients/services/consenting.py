"""A client agrees, or does not, or changes their mind; and says how they may be told that something waits."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from clients.consent import current, fingerprint
from clients.models import Client, Consent
from clients.models.people import acting_for
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail


@transaction.atomic
def decide_consent(client: Client, *, agrees: bool, by: User, at: datetime) -> Consent:
    """Keep what the client says to the current version; an agreement to an older one ends with it.

    Of two forms that say the same, the second finds what the first one decided.
    """
    _lock(client)
    version = current()
    latest = Consent.objects.filter(client=client).order_by("-decided_at", "-pk").first()
    if latest and latest.withdrawn_at is None and (latest.version, latest.given) == (version, agrees):
        return latest
    Consent.objects.standing().filter(client=client).update(withdrawn_at=at)
    consent = Consent.objects.create(
        client=client, version=version, text_hash=fingerprint(version), given=agrees, decided_at=at
    )
    _note(client, Client.Consent.GIVEN if agrees else Client.Consent.REFUSED, version=version)
    action = Action.CONSENT_GIVEN if agrees else Action.CONSENT_REFUSED
    record(action, subject=consent, client=client.pk, by=by, at=at)
    if not agrees:
        _tell_clinicians(client, at=at)
    return consent


@transaction.atomic
def withdraw_consent(client: Client, *, by: User, at: datetime) -> None:
    """From now on nothing new is mailed and nothing can be sent; what was sent stays. The clinicians are told, neutrally."""
    _lock(client)
    standing = Consent.objects.standing().filter(client=client).first()
    if standing is None:
        return
    Consent.objects.filter(pk=standing.pk).update(withdrawn_at=at)
    _note(client, Client.Consent.WITHDRAWN, version=standing.version)
    record(Action.CONSENT_WITHDRAWN, subject=standing, client=client.pk, by=by, at=at)
    _tell_clinicians(client, at=at)


@transaction.atomic
def choose_channel(
    client: Client,
    *,
    channel: str,
    by: User,
    at: datetime,
    language: str = "",
    mail_hour: int | None = None,
    no_mail_until: date | None = None,
) -> None:
    """Whether by mail, from which hour, from when on, and in which language if that was asked, the client hears from us."""
    chosen = {
        "channel": channel,
        "language": language or client.language,
        "mail_hour": mail_hour,
        "no_mail_until": no_mail_until,
    }
    if chosen != {name: getattr(client, name) for name in chosen}:
        for name, value in chosen.items():
            setattr(client, name, value)
        client.save(update_fields=list(chosen))
        record(Action.CLIENT_CHANGED, subject=client, client=client.pk, by=by, at=at)


def _lock(client: Client) -> None:
    """Deciding, withdrawing and sending wait for each other, so of two tabs the later one counts."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _note(client: Client, state: Client.Consent, *, version: int) -> None:
    """On the client's own row as well, which every page of theirs has read."""
    client.consent, client.consent_version = state, version
    Client.objects.filter(pk=client.pk).update(consent=state, consent_version=version)


def _tell_clinicians(client: Client, *, at: datetime) -> None:
    for clinician in acting_for(client):
        queue_mail(MailKind.PLEASE_LOOK_IN, to=clinician.email, path=reverse("admin:client", args=[client.pk]), at=at)
