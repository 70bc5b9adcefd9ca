"""Host names that lead to a clinic: added, checked, preferred, removed. Called in the platform's schema."""

import http.client
import secrets
import socket
import ssl
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic, Domain
from practices.tenancy import HOST_CHECK, hosts

# In seconds: how long another server may take to answer.
PATIENCE = 5


class HostError(Exception):
    """This can't be done with the host; the text says why."""


@transaction.atomic
def add_host(clinic: Clinic, host: str, *, by: User | None, at: datetime) -> Domain:
    """The clinic's, but not in use before it was checked. Raises HostError if another clinic has it, or this one already."""
    try:
        with transaction.atomic():
            domain: Domain = Domain.objects.create(
                domain=host, tenant=clinic, is_primary=False, token=secrets.token_urlsafe(24)
            )
    except IntegrityError:
        raise HostError(f"{host} already leads to a clinic.") from None
    record(Action.HOST_ADDED, subject=clinic, by=by, at=at)
    return domain


def check_host(domain: Domain, *, by: User | None, at: datetime) -> None:
    """Ask the host for its token, as a browser would; if it is ours, the host is in use from now on. Raises HostError."""
    if not domain.token:
        return
    if answer_of(domain.domain) != domain.token:
        raise HostError(f"Another server answers at {domain.domain}. Let its name lead here, and check again.")
    with transaction.atomic():
        if Domain.objects.filter(pk=domain.pk, token=domain.token).update(token=""):
            record(Action.HOST_CHECKED, subject=domain.tenant, by=by, at=at)
    transaction.on_commit(hosts.clear)


@transaction.atomic
def make_primary(domain: Domain, *, by: User | None, at: datetime) -> None:
    """Mails, feeds and search engines name this one from now on. Raises HostError before it was checked."""
    Clinic.objects.select_for_update().get(pk=domain.tenant_id)
    chosen = Domain.objects.filter(pk=domain.pk, token="")
    if not chosen.exists():
        raise HostError(f"Check {domain.domain} first.")
    Domain.objects.filter(tenant_id=domain.tenant_id, is_primary=True).update(is_primary=False)
    chosen.update(is_primary=True)
    record(Action.HOST_MADE_PRIMARY, subject=domain.tenant, by=by, at=at)
    transaction.on_commit(hosts.clear)


@transaction.atomic
def remove_host(domain: Domain, *, by: User | None, at: datetime) -> None:
    """It leads nowhere from now on. Raises HostError for the primary one, which mails link to."""
    Clinic.objects.select_for_update().get(pk=domain.tenant_id)
    deleted, _ = Domain.objects.filter(pk=domain.pk, is_primary=False).delete()
    if not deleted:
        raise HostError(f"{domain.domain} is the one that mails link to. Make another one primary first.")
    record(Action.HOST_REMOVED, subject=domain.tenant, by=by, at=at)
    transaction.on_commit(hosts.clear)


def answer_of(host: str) -> str:
    """What the host says at the address of the check. Follows no redirect, and reads no more than a token is long.

    Raises HostError, in words for whoever looks after the name.
    """
    asked = connection_to(host)
    try:
        asked.request("GET", HOST_CHECK, headers={"Host": host})
        answer = asked.getresponse()
        return answer.read(64).decode("ascii", "replace") if answer.status == http.HTTPStatus.OK else ""
    except socket.gaierror:
        raise HostError(f"The name {host} leads nowhere yet. It needs a CNAME or A record that leads here.") from None
    except ssl.SSLError:
        raise HostError(f"{host} has no valid certificate yet.") from None
    except (OSError, http.client.HTTPException):
        raise HostError(f"Nothing answers at {host}.") from None
    finally:
        asked.close()


def connection_to(host: str) -> http.client.HTTPConnection:
    """As browsers reach it: in production by https, with a certificate that they would take."""
    if settings.PRODUCTION:
        return http.client.HTTPSConnection(host, timeout=PATIENCE, context=ssl.create_default_context())
    # RFC 6761: such names are this machine itself, which not every resolver knows.
    place = "127.0.0.1" if host.endswith(".localhost") else host
    return http.client.HTTPConnection(place, settings.PORT, timeout=PATIENCE)
