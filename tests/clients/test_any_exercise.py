"""Any exercise, of every kind of prompt, with any answers: from the form through the sealed row and back, unchanged."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clients.models import Client, Response
from clients.services.answering import save_draft
from content.prompts import kinds
from content.prompts.answers import Answers
from content.prompts.posted import answers_from_post
from content.prompts.schema import Schema
from practices.accounts.models import User
from tests import factories
from tests.strategies import CONTEXT, STARTS_ON, as_post, drafts, schemas

LONDON = ZoneInfo("Europe/London")
GIVEN_AT = datetime.combine(STARTS_ON, time(8), LONDON)
SAVED_AT = datetime.combine(CONTEXT.today, time(20), LONDON)
FEW = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def stored(schema: Schema, answers: Answers, *, by: User, client: Client) -> UUID:
    exercise = factories.exercise(schema=schema.to_json(), by=by)
    occurrence = factories.assignment(client, by=by, exercise=exercise, at=GIVEN_AT).occurrences.get()
    raw = answers_from_post(occurrence.assignment.version.parsed, as_post(schema, answers))
    return save_draft(occurrence, answers=raw, kept=(), expected_version=0, at=SAVED_AT).pk


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
@FEW
@given(data=st.data())
def test_what_was_answered_is_what_is_read_back(
    clinician: User, client_person: Client, kind: str, data: st.DataObject
) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema))

    with transaction.atomic():
        kept = stored(schema, answers, by=clinician, client=client_person)

        found = Response.objects.select_related("occurrence__assignment__version").get(pk=kept)
        assert found.answers == answers
        assert found.occurrence.assignment.version.parsed == schema
        transaction.set_rollback(True)
