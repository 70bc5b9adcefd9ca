"""Exercises as files and as FHIR Questionnaires: there and back they are the same; what is no exercise is refused in words."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import given, settings
from hypothesis import strategies as st

from content.admin.file_views import draft_in
from content.fhir.reading import DEEPEST, draft_of_questionnaire
from content.fhir.writing import questionnaire_of
from content.library import Entry, entries
from content.models import Exercise
from content.prompts.drafting import draft_of_schema
from content.prompts.files import draft_of_file, file_of
from content.prompts.reading import SchemaError
from content.prompts.schema import Schema
from content.services.drafts import draft_of
from practices.accounts.models import User
from practices.json_gate import JSONRefusedError
from tests import factories
from tests.content.test_builder import words
from tests.harness.browsers import Browser
from tests.strategies import schemas

IMPORT = "admin:content_exercise_import"


def drafted(schema: Schema) -> dict[str, Any]:
    return draft_of_schema(schema.to_json(), title="Any", kind="worksheet", summary="In a line")


def sent_and_read(data: dict[str, Any]) -> Any:
    return json.loads(json.dumps(data))


@settings(max_examples=120, deadline=None)
@given(schema=schemas())
def test_any_exercise_comes_back_from_a_file_as_it_was(schema: Schema) -> None:
    draft = drafted(schema)

    assert draft_of_file(sent_and_read(file_of(draft))) == draft


@settings(max_examples=120, deadline=None)
@given(schema=schemas())
def test_any_exercise_comes_back_from_fhir_as_it_was(schema: Schema) -> None:
    draft = drafted(schema)

    assert draft_of_questionnaire(sent_and_read(questionnaire_of(draft))) == draft


def plain(value: Any) -> Any:
    """Texts as people write them: the models refuse control characters and unusual blanks, which JSON can carry."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return re.sub(r"[^\w.,?!-]", "_", value) if isinstance(value, str) else value


@settings(max_examples=60, deadline=None)
@given(schema=schemas())
def test_any_exercise_is_a_questionnaire_in_the_eyes_of_the_official_models(schema: Schema) -> None:
    draft = drafted(schema)
    for prompt in draft["prompts"]:
        prompt |= {
            key: plain(prompt[key])
            for key in ("text", "help", "low", "high", "add_label", "line_label")
            if key in prompt
        }

    Questionnaire.model_validate(plain_texts(questionnaire_of(draft)))


def plain_texts(questionnaire: dict[str, Any]) -> dict[str, Any]:
    """The questionnaire with plain words in every text and label."""
    found = deepcopy(questionnaire)
    for holder in holders(found):
        for key in ("text", "display", "valueString", "description"):
            if key in holder:
                holder[key] = plain(holder[key]) or "x"
        if "code" in holder:
            holder["code"] = re.sub(r"\s", "_", holder["code"])
    return found


def holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from holders(part)


@pytest.mark.parametrize("entry", entries().values(), ids=lambda entry: entry.name)
def test_the_library_as_questionnaires(entry: Entry) -> None:
    questionnaire = questionnaire_of(entry.draft)

    Questionnaire.model_validate(questionnaire)
    assert draft_in(json.dumps(questionnaire).encode()) == entry.draft
    assert draft_in(json.dumps(file_of(entry.draft)).encode()) == entry.draft


FOREIGN: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "From elsewhere",
    "item": [
        {
            "linkId": "1",
            "type": "group",
            "text": "About you",
            "item": [{"linkId": "1.1", "type": "string", "text": "Name"}],
        },
        {"linkId": "2", "type": "boolean", "text": "Do you sleep well?"},
        {
            "linkId": "3",
            "type": "choice",
            "text": "Since when?",
            "answerOption": [
                {"valueString": "Today"},
                {"valueCoding": {"code": "w", "display": "A week"}},
                {"valueInteger": 3},
            ],
            "enableWhen": [{"question": "2", "operator": "=", "answerBoolean": False}],
        },
        {"linkId": "4", "type": "integer", "text": "Hours"},
    ],
}


def test_a_questionnaire_from_elsewhere_becomes_prompts() -> None:
    draft = draft_of_questionnaire(FOREIGN)

    assert [prompt["kind"] for prompt in draft["prompts"]] == [
        "heading",
        "short_text",
        "yes_no",
        "single_choice",
        "number",
    ]
    assert draft["prompts"][3]["show_if"] == {"prompt": draft["prompts"][2]["id"], "is": ["no"]}
    assert [choice["label"] for choice in draft["prompts"][3]["choices"]] == ["Today", "A week", "3"]
    assert (draft["title"], draft["minutes"]) == ("From elsewhere", 5)


def spoiled(**item: Any) -> dict[str, Any]:
    found = deepcopy(FOREIGN)
    found["item"][2] |= item
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (spoiled(type="attachment"), "attachment"),
        (spoiled(type=None), "no type"),
        (spoiled(text=""), "Write a text here."),
        (spoiled(linkId="2"), "Two items have this linkId."),
        (spoiled(linkId=None), "needs a linkId"),
        (spoiled(answerOption="x"), "must be a list"),
        (spoiled(answerOption=[{"valueReference": {}}]), "can’t be read"),
        (spoiled(answerOption=None), "Give 1 to 50 entries"),
        (spoiled(enableWhen=[{"question": "2", "operator": ">", "answerInteger": 2}]), "can’t be kept here"),
        (spoiled(enableWhen=[{"question": "9", "operator": "=", "answerBoolean": True}]), "comes earlier"),
        (spoiled(enableWhen=[{"question": "2", "operator": "="}]), "names no answer"),
        (FOREIGN | {"item": []}, "Give 1 to 200 entries"),
        (FOREIGN | {"item": [{"linkId": str(n), "type": "date", "text": "x"} for n in range(900)]}, "Keep an exercise"),
        (FOREIGN | {"title": None}, "Write a text here."),
        (FOREIGN | {"resourceType": "Patient"}, "no FHIR Questionnaire"),
        ({"exercise": 2}, "Write a whole number"),
        ({"exercise": 1, "title": "x", "kind": "measure"}, "Use one of"),
        ({"exercise": 1, "title": "x", "kind": "worksheet", "measure": {"key": "phq-9"}}, "can’t come from a file"),
        ({"exercise": 1, "title": "x", "kind": "worksheet", "minutes": 1, "prompts": [3]}, "must be an object"),
    ],
)
def test_what_is_no_exercise_is_refused_in_words(data: dict[str, Any], expected: str) -> None:
    with pytest.raises(SchemaError) as refused:
        draft_in(json.dumps(data).encode())

    assert expected in str(refused.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
item_keys = st.sampled_from(
    ["linkId", "type", "text", "item", "answerOption", "enableWhen", "extension", "repeats", "required"]
)


@settings(max_examples=200, deadline=None)
@given(changes=st.dictionaries(item_keys, json_values, max_size=4))
def test_whatever_stands_in_an_item_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        draft = draft_in(json.dumps(spoiled(**changes)).encode())
    except (SchemaError, JSONRefusedError):
        return
    assert draft["prompts"]


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def uploaded(body: bytes) -> BytesIO:
    file = BytesIO(body)
    file.name = "exercise.json"
    return file


@pytest.mark.parametrize("kind", ["exercise", "fhir"])
def test_an_exercise_goes_out_and_comes_back_in(desk: Browser, exercise: Exercise, kind: str) -> None:
    saved = desk.get(reverse("admin:content_exercise_file", args=[exercise.pk]) + f"?format={kind}")

    answer = desk.post(reverse(IMPORT), {"file": uploaded(saved.content)})

    made = Exercise.objects.exclude(pk=exercise.pk).get()
    assert answer["Location"] == reverse("admin:content_exercise_build", args=[made.pk])
    assert draft_of(made)["prompts"] == draft_of(exercise)["prompts"]
    assert saved["Content-Disposition"].endswith('.json"')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "empty"),
        (b"{", "could not be read as JSON"),
        (b"\xff\xfe", "could not be read as JSON"),
        (b"[1]", "Send one JSON object."),
        (b'{"exercise": NaN}', "is no number"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "nested too deeply"),
        (b"[" * 100_000, "could not be read as JSON"),
        (b'{"exercise": 1}', "title"),
        (b'"' + b"x" * 2**20 + b'"', "too much"),
        (json.dumps(spoiled(type="attachment")).encode(), "At 3"),
    ],
)
def test_hostile_files_are_refused_in_words(desk: Browser, body: bytes, expected: str) -> None:
    answer = desk.post(reverse(IMPORT), {"file": uploaded(body)})

    assert (answer.status_code, expected in words(answer)) == (422, True)
    assert not Exercise.objects.exists()
    assert DEEPEST < 20


def test_what_is_not_published_or_no_format_has_no_file(desk: Browser, exercise: Exercise) -> None:
    address = reverse("admin:content_exercise_file", args=[exercise.pk])

    assert desk.get(address + "?format=pdf").status_code == 404
    unpublished = Exercise.objects.create(title="Not ready", slug="not-ready", kind="worksheet")
    assert desk.get(reverse("admin:content_exercise_file", args=[unpublished.pk])).status_code == 404


def test_an_article_s_questions_go_out_as_a_reflection(desk: Browser) -> None:
    linked = factories.article().exercise

    saved = desk.get(reverse("admin:content_exercise_file", args=[linked.pk]))

    assert json.loads(saved.content)["kind"] == "reflection"
