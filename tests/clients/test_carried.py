"""What an export holds for people and other programs: readable without us, and nothing that was not sent."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.carried.bundles import bundles
from clients.carried.pages import client_pages
from clients.models import Client, Occurrence, Response
from clients.services.answering import put_off
from clients.services.planning import plan_work
from clients.services.reviewing import review_response
from content.carried import article_pages
from content.fhir.answering import items_of
from content.fhir.writing import questionnaire_of
from content.models import Exercise
from content.prompts.drafting import draft_of_schema
from content.prompts.schema import Schema
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.content.test_fhir import plain_texts
from tests.strategies import final_answers, schemas

KEPT, DRAFT, NOTE, REPLY = "I would rather not say.", "half a sen", "Take your time.", "That took courage."


@pytest.fixture
def worked(north: Clinic, clinician: User, client_person: Client, exercise: Exercise, at: datetime) -> Response:
    """One time was sent and answered, with something kept; another was begun."""
    sent = factories.assignment(client_person, by=clinician, exercise=exercise, note=NOTE)
    answers = {"words": KEPT, "mood": 6, "safe": "yes"}
    response = factories.response(sent.occurrences.get(), answers=answers, kept=("words",))
    review_response(response, reply=REPLY, by=clinician, at=at)
    begun = factories.assignment(client_person, by=clinician, exercise=exercise)
    factories.draft(begun.occurrences.get(), answers={"words": DRAFT})
    return response


def test_a_clients_page_holds_what_was_sent_and_answered_and_nothing_else(north: Clinic, worked: Response) -> None:
    [page] = client_pages(north)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.data.decode()))

    for words in ("Cleo Client", "Clara Clinician", "A small step", "Your mood", "6 of 10", NOTE, REPLY):
        assert words in text
    assert "The client keeps this to themselves." in text
    assert KEPT not in text
    assert DRAFT not in text
    assert (page.path, page.title) == (f"readable/clients/{Client.objects.get().pk}.html", "Client, Cleo")


def test_what_a_client_planned_and_why_not_now_is_on_their_page(
    north: Clinic, occurrence: Occurrence, client_person: Client, at: datetime
) -> None:
    plan_work(occurrence.assignment, words="On Sunday.", confidence=0, by=client_person.user, at=at)
    put_off(occurrence, reason=Occurrence.NotNow.LATER, words="My mother is ill.", at=at)

    [page] = client_pages(north)

    for words in (
        "Cleo planned: “On Sunday.”",
        "How sure of it: 0 of 10",
        "Put off: I need more time. “My mother is ill.”",
    ):
        assert words in page.data.decode()


def test_pages_are_read_without_any_server(north: Clinic, worked: Response, editor: User) -> None:
    picture = factories.picture(alt="A boat in the reeds")
    body = f'<p>One <a href="/topics/rest/">link</a>.</p>\n<figure><img src="/pictures/{picture.pk}/" alt=""></figure>'
    factories.comment(factories.article(by=editor, body=body, cover=picture), approved_by=editor, body="It helped me.")

    [article], [client] = article_pages(north), client_pages(north)

    for page in (article, client):
        html = page.data.decode()
        assert not re.search(r"<script|style=|<svg|src=\"/|href=\"/", html)
    html = article.data.decode()
    [cover, inside] = re.findall(r'<img src="\.\./\.\./media/([^"]*)"', html)
    assert cover == inside
    assert default_storage.exists(f"{north.pk}/{cover}")
    assert "It helped me." in html
    assert 'alt="A boat in the reeds"' in html


def test_the_bundles_are_fhir_in_the_eyes_of_the_official_models(north: Clinic, worked: Response) -> None:
    clinic, client = [json.loads(page.data) for page in bundles(north)]

    for bundle in (clinic, client):
        Bundle.model_validate(bundle)
    kinds = [[entry["resource"]["resourceType"] for entry in bundle["entry"]] for bundle in (clinic, client)]
    assert kinds[0] == ["Organization", "Practitioner", "Questionnaire"]
    assert kinds[1] == ["Patient", "QuestionnaireResponse", "Observation"]
    _, response, observation = [entry["resource"] for entry in client["entry"]]
    assert [item["linkId"] for item in response["item"]] == ["mood", "safe"]
    assert observation["valueInteger"] == 6
    whole = json.dumps([clinic, client])
    assert KEPT not in whole
    assert DRAFT not in whole
    assert named(client) - resources(client) <= resources(clinic)


def resources(bundle: dict[str, Any]) -> set[str]:
    return {entry["fullUrl"] for entry in bundle["entry"]}


def named(bundle: dict[str, Any]) -> set[str]:
    """Every resource that something points to."""
    return set(re.findall(r"urn:uuid:[0-9a-f-]{36}", json.dumps(bundle)))


def test_a_client_costs_as_many_queries_with_much_work_as_with_little(
    north: Clinic,
    worked: Response,
    clinician: User,
    client_person: Client,
    exercise: Exercise,
    queries_of: Callable[[Callable[[], Any]], int],
) -> None:
    few = queries_of(lambda: list(client_pages(north)))
    for _ in range(5):
        factories.response(factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get())

    assert queries_of(lambda: list(client_pages(north))) == few


@settings(max_examples=60, deadline=None)
@given(data=st.data(), schema=schemas())
def test_any_answers_are_a_questionnaire_response(data: st.DataObject, schema: Schema) -> None:
    answers = data.draw(final_answers(schema))

    items = items_of(schema, answers)

    questions = questionnaire_of(draft_of_schema(schema.to_json(), title="Any", kind="worksheet", summary=""))
    assert links(items) <= links(questions["item"])
    QuestionnaireResponse.model_validate(
        plain_texts(
            {"resourceType": "QuestionnaireResponse", "status": "completed", **({"item": items} if items else {})}
        )
    )


def links(items: list[dict[str, Any]]) -> set[str]:
    return {item["linkId"] for item in items} | {link for item in items for link in links(item.get("item", []))}
