"""Schemas: any valid one survives a round trip, anything else is refused with its place and in words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.prompts.schema import Schema, SchemaError, parse_schema
from tests.strategies import schemas

WORDS = {"id": "words", "kind": "long_text", "text": "What happened?"}
MOOD = {"id": "mood", "kind": "scale", "text": "Mood", "min": 0, "max": 10, "low": "low", "high": "high"}
SLEEP = MOOD | {"id": "sleep"}
PICK: dict[str, Any] = {
    "id": "pick",
    "kind": "single_choice",
    "text": "Which?",
    "choices": [{"value": "a", "label": "A"}],
}
GROUP = {"id": "log", "kind": "group", "text": "Log", "prompts": [WORDS]}
SCORING = {"rule": "sum", "prompts": ["mood", "sleep"], "maximum": 20}
LOW_BAND, HIGH_BAND = {"from": 0, "to": 9, "label": "low"}, {"from": 10, "to": 20, "label": "high"}


def document(*prompts: Any, **parts: Any) -> dict[str, Any]:
    return {"format": 1, "minutes": 5, "introduction": "", "prompts": list(prompts)} | parts


def scored(**parts: Any) -> dict[str, Any]:
    return document(MOOD, SLEEP, WORDS, scoring=SCORING | parts)


@settings(max_examples=100, deadline=None)
@given(schema=schemas())
def test_a_schema_survives_a_round_trip_through_json(schema: Schema) -> None:
    assert parse_schema(json.loads(json.dumps(schema.to_json()))) == schema


@settings(max_examples=100, deadline=None)
@given(
    data=st.data(),
    junk=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_junk_anywhere_is_read_or_refused_in_words(data: st.DataObject, junk: Any) -> None:
    changed = data.draw(schemas()).to_json()
    part = data.draw(st.sampled_from([changed, changed["prompts"][0]]))
    part[data.draw(st.sampled_from(sorted(part)))] = junk

    try:
        parse_schema(changed)
    except SchemaError as refusal:
        assert refusal.message


def test_depth_and_size_do_no_harm() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    for part in ({"introduction": deep}, {"minutes": 10**5000}, {"prompts": [WORDS] * 100_000}, {"x" * 10**6: 1}):
        with pytest.raises(SchemaError):
            parse_schema(document(WORDS) | part)


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ([], ""),
        (document(WORDS, format=2), "format"),
        (document(WORDS, minutes=True), "minutes"),
        (document(WORDS, minutes=0), "minutes"),
        (document(WORDS, colour="red"), ""),
        (document(WORDS, introduction="a\0b"), "introduction"),
        (document(), "prompts"),
        (document({"id": "title", "kind": "heading", "text": "Title"}), "prompts"),
        (document("words"), "prompts[0]"),
        (document(WORDS | {"id": "Words"}), "prompts[0].id"),
        (document(WORDS | {"id": "words\n"}), "prompts[0].id"),
        (document(WORDS, WORDS), "prompts[1].id"),
        (document(WORDS, GROUP), "prompts[1].prompts[0].id"),
        (document(WORDS | {"kind": "essay"}), "prompts[0].kind"),
        (document(WORDS | {"kind": []}), "prompts[0].kind"),
        (document(WORDS | {"text": " "}), "prompts[0].text"),
        (document(WORDS | {"text": "x" * 501}), "prompts[0].text"),
        (document(WORDS | {"text": "\ud800"}), "prompts[0].text"),
        (document(WORDS | {"required": 1}), "prompts[0].required"),
        (document(WORDS | {"minn": 1}), "prompts[0]"),
        (document(WORDS, {"id": "title", "kind": "heading", "text": "T", "required": True}), "prompts[1].required"),
        (document(MOOD | {"min": 10}), "prompts[0].max"),
        (document(MOOD | {"max": 101}), "prompts[0].max"),
        (document(MOOD | {"max": 5.5}), "prompts[0].max"),
        (document(WORDS | {"kind": "number", "min": 3, "max": 3}), "prompts[0].max"),
        (document(WORDS | {"kind": "number", "step": 0}), "prompts[0].step"),
        (document(WORDS | {"kind": "number", "min": float("nan")}), "prompts[0].min"),
        (document(WORDS | {"kind": "day_log", "days": 29}), "prompts[0].days"),
        (document(PICK | {"choices": []}), "prompts[0].choices"),
        (document(PICK | {"choices": {}}), "prompts[0].choices"),
        (document(PICK | {"choices": PICK["choices"] * 2}), "prompts[0].choices[1].value"),
        (document(PICK | {"choices": [{"value": str(n), "label": "A"} for n in range(51)]}), "prompts[0].choices"),
        (document(GROUP | {"prompts": [GROUP | {"id": "inner"}]}), "prompts[0].prompts[0].kind"),
        (document(GROUP | {"max_rows": 21}), "prompts[0].max_rows"),
        (document(GROUP | {"min_rows": 3, "max_rows": 2}), "prompts[0].min_rows"),
        (
            document(PICK, GROUP | {"prompts": [WORDS | {"show_if": {"prompt": "pick", "is": ["a"]}}]}),
            "prompts[1].prompts[0].show_if",
        ),
        (document(WORDS | {"show_if": {"prompt": "pick", "is": ["a"]}}, PICK), "prompts[0].show_if.prompt"),
        (document(PICK, WORDS | {"show_if": {"prompt": "pick", "is": ["b"]}}), "prompts[1].show_if.is[0]"),
        (document(PICK, WORDS | {"show_if": {"prompt": "pick", "is": []}}), "prompts[1].show_if.is"),
        (document(MOOD, WORDS | {"show_if": {"prompt": "mood", "is": [True]}}), "prompts[1].show_if.is[0]"),
        (document(WORDS, PICK | {"show_if": {"prompt": "words", "is": ["a"]}}), "prompts[1].show_if"),
        (scored(rule="magic"), "scoring.rule"),
        (scored(prompts=["mood", "words"]), "scoring.prompts[1]"),
        (scored(prompts=["mood", "mood"]), "scoring.prompts[1]"),
        (scored(prompts=["mood", 7]), "scoring.prompts[1]"),
        (scored(reverse=["words"]), "scoring.reverse[0]"),
        (scored(maximum=30), "scoring.maximum"),
        (scored(missing={"allowed": 2}), "scoring.missing.allowed"),
        (scored(missing=[]), "scoring.missing"),
        (scored(bands=[LOW_BAND]), "scoring.bands[0]"),
        (scored(bands=[LOW_BAND, HIGH_BAND | {"from": 11}]), "scoring.bands[1]"),
        (scored(bands=[LOW_BAND, HIGH_BAND | {"from": 9}]), "scoring.bands[1]"),
        (scored(bands=[LOW_BAND | {"from": 1}, HIGH_BAND]), "scoring.bands[0]"),
        (scored(subscales=[{"label": "All", "prompts": ["words"]}]), "scoring.subscales[0].prompts[0]"),
        (document(MOOD, safety=[{"prompt": "nobody", "at_least": 1}]), "safety[0].prompt"),
        (document(MOOD, safety=[{"prompt": "mood", "at_least": 11}]), "safety[0].at_least"),
        (document(MOOD, safety=[{"prompt": "mood", "at_least": 0}]), "safety[0].at_least"),
        (document(WORDS, safety=[{"prompt": "words", "at_least": 1}]), "safety[0].at_least"),
        (document(PICK, safety=[{"prompt": "pick", "in": ["b"]}]), "safety[0].in[0]"),
        (document(PICK, safety=[{"prompt": "pick"}]), "safety[0].in"),
    ],
)
def test_a_schema_that_cannot_work_is_refused_with_its_place(bad: Any, path: str) -> None:
    with pytest.raises(SchemaError) as caught:
        parse_schema(bad)

    assert caught.value.path == path
    assert str(caught.value).startswith(path)
    assert caught.value.message.endswith(".") or "Use one of" in caught.value.message


def test_an_exercise_holds_two_hundred_prompts_and_no_more() -> None:
    groups = [
        GROUP | {"id": f"g{group}", "prompts": [WORDS | {"id": f"g{group}_{row}"} for row in range(19)]}
        for group in range(10)
    ]

    assert len(parse_schema(document(*groups)).prompts) == 10
    with pytest.raises(SchemaError):
        parse_schema(document(*groups, WORDS))


def test_a_full_scoring_is_read() -> None:
    part = {"label": "Body", "prompts": ["sleep"]}
    schema = parse_schema(scored(reverse=["sleep"], bands=[LOW_BAND, HIGH_BAND], subscales=[part]))

    assert schema.scoring is not None
    assert [band.label for band in schema.scoring.bands] == ["low", "high"]
    assert parse_schema(schema.to_json()) == schema


def test_prompts_are_found_by_id() -> None:
    schema = parse_schema(document({"id": "title", "kind": "heading", "text": "Title"}, WORDS))

    assert schema.prompt("words") == schema.questions()[0]
    assert schema.prompt("nobody") is None
