"""Who takes part in the journeys. They run on today's clock, since browsers do."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from clients.models import Client
from content.models import Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import hosts, inside
from tests import factories
from tests.harness.site import Site

CLARA = "clara@example.org"
CLEO = "cleo@example.org"
WORK: dict[str, Any] = {
    "format": 1,
    "minutes": 5,
    "introduction": "Write as little as you like.",
    "prompts": [
        {"id": "words", "kind": "long_text", "text": "What happened?", "required": True},
        {"id": "mood", "kind": "scale", "text": "How was your mood?", "min": 0, "max": 5, "low": "low", "high": "high"},
        {
            "id": "good",
            "kind": "group",
            "text": "What was good?",
            "min_rows": 1,
            "max_rows": 3,
            "add_label": "Add one more",
            "prompts": [{"id": "thing", "kind": "short_text", "text": "One good thing"}],
        },
    ],
}


@dataclass(frozen=True)
class Cast:
    """At north Clara cares for Cleo, and Olive owns the clinic; at south Sam cares for Sofia."""

    clara: User
    cleo: Client
    olive: User
    sam: User
    sofia: Client


@pytest.fixture
def awake(site: Site) -> None:
    """At whatever hour the journeys run, mails go at once."""
    for clinic in (site.database.north, site.database.south):
        clinic.quiet_until, clinic.quiet_from = 0, 24
        clinic.save(update_fields=["quiet_until", "quiet_from"])
    hosts.clear()


@pytest.fixture
def cast(site: Site, awake: None) -> Cast:
    with inside(site.database.south):
        sam = factories.staff(name="Sam South", email="sam@example.org")
        sofia = with_account(factories.client(sam, first_name="Sofia"))
    with inside(site.database.north):
        clara = factories.staff(name="Clara Clinician", email=CLARA)
        olive = factories.staff(Role.OWNER, name="Olive Owner", email="olive@example.org")
        cleo = with_account(factories.client(clara, first_name="Cleo", last_name="Cole", email=CLEO))
    return Cast(clara=clara, cleo=cleo, olive=olive, sam=sam, sofia=sofia)


def with_account(client: Client) -> Client:
    """Fetched whole, for use outside the clinic."""
    return Client.objects.select_related("user").get(pk=client.pk)


@pytest.fixture
def given_work(site: Site, cast: Cast) -> Exercise:
    """Cleo has a worksheet to do, open since now."""
    with inside(site.database.north):
        exercise = factories.exercise(schema=WORK, by=cast.clara, title="Looking at the week")
        factories.assignment(cast.cleo, by=cast.clara, exercise=exercise, at=timezone.now())
    return exercise
