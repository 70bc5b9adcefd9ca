"""What was recorded stays, and so does what was published and what was sent."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from clients.models import Client, Response
from content.models import Article
from practices.accounts.models import Origin, User
from practices.audit.models import Action, AuditEvent, record
from practices.tenancy import inside
from tests.harness.databases import Database, owner_rights


def execute(statement: str) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["content_exerciseversion", "content_articlerevision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_rows_that_never_change_refuse_to(article: Article, table: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match="never change"):
        execute(statement.format(table))


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_not_even_the_owner_of_the_tables_changes_an_event(
    fresh_database: Database, statement: str, at: datetime
) -> None:
    with inside(fresh_database.north):
        record(Action.SIGNED_IN, by=None, at=at)

    with owner_rights(), inside(fresh_database.north), pytest.raises(IntegrityError, match="refused: rows of"):
        execute(statement.format("audit_auditevent"))


def test_a_draft_may_change_and_go(draft: Response) -> None:
    execute("UPDATE clients_response SET version = version")
    execute("DELETE FROM clients_response")

    assert not Response.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE clients_response SET version = 9", "DELETE FROM clients_response"])
def test_what_was_sent_refuses_to_change(submitted: Response, statement: str) -> None:
    with pytest.raises(IntegrityError, match="never change"):
        execute(statement)


def test_an_event_says_who_by_which_request_and_whose(clinician: User, client_person: Client, at: datetime) -> None:
    clinician.origin = Origin(uuid4(), "192.0.2.7")

    event = record(Action.CLIENT_OPENED, subject=client_person, by=clinician, client=client_person.pk, at=at)

    event.refresh_from_db()
    assert (event.actor, event.actor_role) == (clinician.pk, "clinician")
    assert (event.subject_kind, event.subject_id, event.client_id) == ("Client", client_person.pk, client_person.pk)
    assert (event.request_id, event.address) == (clinician.origin.request_id, "192.0.2.7")


@pytest.mark.parametrize(
    ("action", "purpose"),
    [
        (Action.RESPONSE_OPENED, "review"),
        (Action.RESPONSE_OPENED, "supervision"),
        (Action.RESPONSE_OPENED, "break-glass"),
        (Action.RESPONSE_OPENED, "print"),
        (Action.RESPONSE_OPENED, "export"),
        (Action.CLIENT_OPENED, "client page"),
        (Action.CLIENT_OPENED, "export"),
        (Action.GLASS_BROKEN, "break-glass"),
    ],
)
def test_every_way_to_open_something_is_an_opening(
    client_person: Client, at: datetime, action: Action, purpose: str
) -> None:
    record(Action.CLIENT_CHANGED, client=client_person.pk, by=None, at=at)
    record(action, client=uuid4(), by=None, at=at, purpose=purpose)
    times = [record(action, client=client_person.pk, by=None, at=at.replace(hour=h)).at for h in (8, 9)]

    assert [event.at for event in AuditEvent.objects.openings_of(client_person.pk)] == times[::-1]
