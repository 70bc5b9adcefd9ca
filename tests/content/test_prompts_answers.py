"""The gate for answers: what is valid comes through unchanged, what is not is refused by name."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.prompts import kinds
from content.prompts.answers import AnswerErrors, answered, clean_answers, missing_required, shown
from content.prompts.posted import answers_from_post, kept_from_post, row_asked_for
from content.prompts.schema import Schema, parse_schema
from tests.strategies import CONTEXT, as_post, drafts, final_answers, schemas

KINDS = sorted(kinds.KINDS)


def schema_of(*prompts: dict[str, Any]) -> Schema:
    return parse_schema(
        {"format": 1, "minutes": 5, "prompts": [{"text": "How was it?"} | prompt for prompt in prompts]}
    )


def refused(schema: Schema, raw: object, *, final: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(AnswerErrors) as caught:
        clean_answers(schema, raw, final=final, context=CONTEXT)
    return [(error.prompt_id, error.field) for error in caught.value]


ROWS = {
    "id": "log",
    "kind": "group",
    "max_rows": 2,
    "prompts": [
        {"id": "what", "kind": "short_text", "text": "What?", "required": True},
        {"id": "mood", "kind": "before_after", "text": "Mood", "min": 0, "max": 10},
    ],
}
YES_NO = {"id": "asked", "kind": "yes_no"}
FOLLOW_UP = {"id": "more", "kind": "long_text", "required": True, "show_if": {"prompt": "asked", "is": ["yes"]}}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_draft_comes_back_from_json_and_from_a_form_unchanged(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema))

    from_json = clean_answers(schema, json.loads(json.dumps(answers)), final=False, context=CONTEXT)
    from_form = clean_answers(schema, answers_from_post(schema, as_post(schema, answers)), final=False, context=CONTEXT)

    assert from_json == from_form == answers
    assert list(from_json) == list(answers)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_answers_that_can_be_sent_come_back_unchanged(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(final_answers(schema))

    assert clean_answers(schema, answers, final=True, context=CONTEXT) == answers
    assert missing_required(schema, answers) == []
    assert answered(schema, answers) == set(answers)


WRONG_FOR_ALL = [True, float("nan"), float("inf"), 10**400, "a\0b", "\ud800", {"x": 1}, [["x"]], [1], "x" * 20_000]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_bad_answer_is_refused_by_name_and_the_others_are_kept(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema))
    bad = schema.prompts[0].id

    with pytest.raises(AnswerErrors) as caught:
        clean_answers(schema, answers | {bad: data.draw(st.sampled_from(WRONG_FOR_ALL))}, final=False)

    assert {error.prompt_id for error in caught.value} == {bad}
    assert all(error.message and error.field.startswith(f"a-{bad}") for error in caught.value)
    assert caught.value.answers == {name: value for name, value in answers.items() if name != bad}


@settings(max_examples=50, deadline=None)
@given(
    data=st.data(),
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_any_json_is_taken_or_refused_in_words(data: st.DataObject, raw: Any) -> None:
    schema = data.draw(schemas())

    try:
        clean = clean_answers(schema, {prompt.id: raw for prompt in schema.prompts}, final=False)
    except AnswerErrors as refusal:
        clean = refusal.answers

    assert clean_answers(schema, clean, final=False) == clean


@pytest.mark.parametrize(
    ("prompt", "value"),
    [
        ({"kind": "scale", "min": 0, "max": 10}, 11),
        ({"kind": "scale", "min": 0, "max": 10}, "7"),
        ({"kind": "scale", "min": 0, "max": 10}, 7.0),
        ({"kind": "number", "min": 0, "max": 24}, 25),
        ({"kind": "number", "min": 5}, 4),
        ({"kind": "number", "max": 5}, 6),
        ({"kind": "number"}, 10**10),
        ({"kind": "number", "step": 0.5}, 1.25),
        ({"kind": "number"}, 0.12345678),
        ({"kind": "number"}, "7,5,1"),
        ({"kind": "date"}, "2026-02-30"),
        ({"kind": "date"}, "20260201"),
        ({"kind": "date"}, "0026-02-01"),
        ({"kind": "date"}, "2026-02-\u0660\u0661"),
        ({"kind": "time"}, "24:00"),
        ({"kind": "time"}, "7:30"),
        ({"kind": "yes_no"}, "maybe"),
        ({"kind": "single_choice", "choices": [{"value": "a", "label": "A"}]}, "b"),
        ({"kind": "checklist", "choices": [{"value": "a", "label": "A"}]}, ["a", "b"]),
        ({"kind": "checklist", "choices": [{"value": "a", "label": "A"}]}, "a"),
        ({"kind": "short_text"}, "x" * 301),
        ({"kind": "long_text"}, "x" * 10_001),
        ({"kind": "before_after", "min": 0, "max": 10}, {"before": 1, "later": 2}),
        ({"kind": "day_log", "days": 7}, {"2026-11-02": {"did": "often"}}),
        ({"kind": "day_log", "days": 7}, {"2026-11-02": {"line": False}}),
        ({"kind": "day_log", "days": 7}, {"2026-11-02": "yes"}),
        ({"kind": "day_log", "days": 7}, {"2026-11-09": {"did": "yes"}}),
        ({"kind": "day_log", "days": 7}, {"yesterday": {"did": "yes"}}),
    ],
)
def test_a_value_that_cannot_be_is_refused(prompt: dict[str, Any], value: Any) -> None:
    schema = schema_of({"id": "it"} | prompt)

    assert [name for name, _ in refused(schema, {"it": value})] == ["it"]


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_answers_that_are_no_object_are_refused(raw: object) -> None:
    assert refused(schema_of(YES_NO), raw) == [("", "")]


def test_an_unknown_question_is_refused_in_json_and_in_a_form() -> None:
    schema = schema_of(YES_NO)

    assert refused(schema, {"nobody": "x"}) == [("nobody", "a-nobody")]
    assert refused(schema, answers_from_post(schema, {"a-nobody-1": "x"})) == [("nobody", "a-nobody")]
    assert refused(schema, {"\ud800": 1}) == [("?", "a-?")]


def test_blank_answers_are_no_answers() -> None:
    schema = schema_of({"id": "words", "kind": "long_text"}, YES_NO, ROWS)

    assert clean_answers(schema, {"words": " \r\n", "asked": "", "log": [{}, {"what": " "}]}, final=False) == {}


def test_newlines_get_one_form() -> None:
    schema = schema_of({"id": "words", "kind": "long_text"}, {"id": "line", "kind": "short_text"})

    clean = clean_answers(schema, {"words": "a\r\nb\rc", "line": "a\r\nb"}, final=False)

    assert clean == {"words": "a\nb\nc", "line": "a b"}


def test_a_hidden_answer_stays_in_the_draft_and_is_not_sent() -> None:
    schema = schema_of(YES_NO, FOLLOW_UP)
    answers = {"asked": "no", "more": "kept for later"}

    assert clean_answers(schema, answers, final=False) == answers
    assert clean_answers(schema, answers, final=True) == {"asked": "no"}


def test_a_required_answer_is_asked_for_only_when_it_is_shown() -> None:
    schema = schema_of(YES_NO, FOLLOW_UP)

    assert clean_answers(schema, {"asked": "no"}, final=True) == {"asked": "no"}
    assert refused(schema, {"asked": "yes"}, final=True) == [("more", "a-more")]


def test_a_question_that_depends_on_a_hidden_one_is_hidden_too() -> None:
    last = {"id": "last", "kind": "yes_no", "show_if": {"prompt": "middle", "is": ["yes"]}}
    middle = {"id": "middle", "kind": "yes_no", "show_if": {"prompt": "asked", "is": ["yes"]}}
    schema = schema_of(YES_NO, middle, last)

    visible = shown(schema, {"asked": "no", "middle": "yes", "last": "yes"})

    assert [prompt.id for prompt in visible] == ["asked"]


def test_rows_name_the_field_that_is_wrong() -> None:
    schema = schema_of(ROWS)

    assert refused(schema, {"log": [{"what": "Swam"}, {"mood": {"after": 11}}]}) == [("log", "a-log-1-mood-after")]
    assert refused(schema, {"log": [{"mood": {"after": 1}}]}, final=True) == [("log", "a-log-0-what")]
    assert refused(schema, {"log": [{"what": str(row)} for row in range(3)]}) == [("log", "a-log")]
    assert refused(schema, {"log": [{"what": "Swam", "who": "me"}]}) == [("log", "a-log")]


def test_a_group_asks_for_its_fewest_rows_once_it_is_begun_or_required() -> None:
    optional, required = schema_of(ROWS | {"min_rows": 2}), schema_of(ROWS | {"required": True})

    assert clean_answers(optional, {}, final=True) == {}
    assert refused(optional, {"log": [{"what": "Swam"}]}, final=True) == [("log", "a-log")]
    assert refused(required, {}, final=True) == [("log", "a-log")]


def test_a_required_pair_needs_both_numbers() -> None:
    schema = schema_of({"id": "mood", "kind": "before_after", "min": 0, "max": 10, "required": True})

    assert refused(schema, {"mood": {"before": 3}}, final=True) == [("mood", "a-mood-after")]


def test_a_day_to_come_cannot_be_logged() -> None:
    schema = schema_of({"id": "week", "kind": "day_log", "days": 28})

    assert refused(schema, {"week": {"2026-12-01": {"did": "yes"}}}) == [("week", "a-week-2026-12-01")]


def test_without_a_calendar_a_log_still_spans_only_its_days() -> None:
    schema = schema_of({"id": "week", "kind": "day_log", "days": 7})
    log = {"2026-11-02": {"did": "yes"}, "2026-11-09": {"did": "no"}}

    with pytest.raises(AnswerErrors):
        clean_answers(schema, {"week": log}, final=False)


def test_rows_of_a_form_may_have_gaps_and_blank_ones() -> None:
    post = {"a-log-0-what": " ", "a-log-3-what": "Swam", "a-log-7-mood-before": "2", "add-log": ""}

    assert answers_from_post(schema_of(ROWS), post) == {"log": [{"what": "Swam"}, {"mood": {"before": 2}}]}
    assert row_asked_for(schema_of(ROWS), post) == "log"
    assert row_asked_for(schema_of(YES_NO), post) is None


def test_a_number_can_be_written_with_a_comma() -> None:
    schema = schema_of({"id": "hours", "kind": "number"})

    assert answers_from_post(schema, {"a-hours": "7,5"}) == {"hours": 7.5}
    assert answers_from_post(schema, {"a-hours": "9" * 5000}) == {"hours": "9" * 5000}


def test_only_questions_can_be_kept() -> None:
    schema = schema_of(YES_NO, {"id": "title", "kind": "heading"})

    assert kept_from_post(schema, {"keep-asked": "on", "keep-title": "on", "keep-nobody": "on"}) == {"asked"}
