"""Scores and safety rules, against totals worked out by hand."""

from typing import Any

import pytest

from clients.scoring import ScoreResult, safety_hits, score
from content.prompts.schema import Schema, parse_schema

BANDS = [
    {"from": 0, "to": 9, "label": "A hard week"},
    {"from": 10, "to": 19, "label": "An ordinary week"},
    {"from": 20, "to": 30, "label": "A good week"},
]


def check_in(**scoring: Any) -> Schema:
    """Mood, sleep and worry from 0 to 10, worry counted from the other end, and a safety question."""
    scale = {"kind": "scale", "text": "This week?", "min": 0, "max": 10}
    safe = {"id": "safe", "kind": "yes_no", "text": "Have you had thoughts of hurting yourself?"}
    rule = {"rule": "sum", "prompts": ["mood", "sleep", "worry"], "reverse": ["worry"], "maximum": 30, "bands": BANDS}
    return parse_schema(
        {
            "format": 1,
            "minutes": 3,
            "prompts": [*(scale | {"id": name} for name in ("mood", "sleep", "worry")), safe],
            "scoring": rule | scoring,
            "safety": [{"prompt": "safe", "in": ["yes"]}, {"prompt": "worry", "at_least": 9}],
        }
    )


def items(count: int, highest: int, allowed: int) -> Schema:
    """A measure's usual shape: choices whose values are the points."""
    choices = [{"value": str(points), "label": f"{points} points"} for points in range(highest + 1)]
    ids = [f"i{number}" for number in range(1, count + 1)]
    item = {"kind": "single_choice", "text": "How often?", "choices": choices}
    scoring = {"rule": "sum", "prompts": ids, "maximum": count * highest, "missing": {"allowed": allowed}}
    return parse_schema(
        {
            "format": 1,
            "minutes": 3,
            "prompts": [item | {"id": name} for name in ids],
            "scoring": scoring,
            "safety": [{"prompt": ids[-1], "at_least": 1}],
        }
    )


def result_of(schema: Schema, answers: dict[str, Any]) -> ScoreResult:
    result = score(schema, answers)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("mood", "sleep", "worry", "total", "band"),
    [
        (0, 0, 10, 0, "A hard week"),
        (0, 0, 1, 9, "A hard week"),
        (0, 0, 0, 10, "An ordinary week"),
        (6, 4, 5, 15, "An ordinary week"),
        (5, 5, 0, 20, "A good week"),
        (10, 10, 0, 30, "A good week"),
    ],
)
def test_a_check_in_adds_up_and_is_named(mood: int, sleep: int, worry: int, total: int, band: str) -> None:
    result = result_of(check_in(), {"mood": mood, "sleep": sleep, "worry": worry, "safe": "no"})

    assert result == ScoreResult(rule="sum", total=total, maximum=30, band=band, answered=3, expected=3)


def test_a_missing_answer_gives_no_total_when_none_may_be_missing() -> None:
    result = result_of(check_in(), {"mood": 6, "sleep": 4})

    assert (result.total, result.band, result.answered) == (None, None, 2)


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({"mood": 6, "sleep": 4}, 15),
        ({"mood": 6, "sleep": 5}, 17),  # 16.5, halves up
        ({"mood": 6}, None),
        ({}, None),
    ],
)
def test_a_total_is_prorated_within_the_allowance(given: dict[str, int], total: int | None) -> None:
    assert result_of(check_in(missing={"allowed": 1}), given).total == total


def test_nine_items_of_three_points_give_up_to_twenty_seven() -> None:
    schema = items(9, 3, allowed=2)

    assert result_of(schema, {f"i{number}": "3" for number in range(1, 10)}).total == 27
    assert result_of(schema, {f"i{number}": "1" for number in range(1, 8)}).total == 9
    assert result_of(schema, {f"i{number}": "1" for number in range(1, 7)}).total is None


def test_subscales_have_their_own_total_and_their_share_of_the_allowance() -> None:
    parts = [{"label": "Body", "prompts": ["sleep"]}, {"label": "Mind", "prompts": ["mood", "worry"]}]

    result = result_of(check_in(subscales=parts, missing={"allowed": 1}), {"mood": 6, "worry": 5})

    assert [(part.label, part.total, part.maximum) for part in result.subscales] == [
        ("Body", None, 10),
        ("Mind", 11, 20),
    ]


def test_an_exercise_without_scoring_has_no_score() -> None:
    words = {"id": "words", "kind": "long_text", "text": "What happened?"}

    assert score(parse_schema({"format": 1, "minutes": 5, "prompts": [words]}), {"words": "Nothing."}) is None


@pytest.mark.parametrize(
    ("answers", "hits"),
    [
        ({}, []),
        ({"safe": "no", "worry": 8}, []),
        ({"safe": "yes"}, ["safe"]),
        ({"worry": 9}, ["worry"]),
        ({"worry": 10, "safe": "yes"}, ["safe", "worry"]),
    ],
)
def test_an_answer_that_must_be_acted_on_is_named(answers: dict[str, Any], hits: list[str]) -> None:
    assert safety_hits(check_in(), answers) == hits


def test_a_safety_item_of_a_measure_trips_from_one_point() -> None:
    schema = items(9, 3, allowed=2)

    assert safety_hits(schema, {"i9": "0"}) == []
    assert safety_hits(schema, {"i9": "1"}) == ["i9"]


def test_a_ticked_box_can_trip_a_rule_and_is_named_once() -> None:
    boxes = [{"value": value, "label": value} for value in ("tired", "unsafe", "alone")]
    prompt = {"id": "now", "kind": "checklist", "text": "Now?", "choices": boxes}
    rules = [{"prompt": "now", "in": ["unsafe"]}, {"prompt": "now", "in": ["alone"]}]
    schema = parse_schema({"format": 1, "minutes": 5, "prompts": [prompt], "safety": rules})

    assert safety_hits(schema, {"now": ["tired"]}) == []
    assert safety_hits(schema, {"now": ["unsafe", "alone"]}) == ["now"]
