"""The portal's words: days, due dates, greetings, answers as text."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from clients.portal import wording
from clients.portal.charts import Reading, chart_of
from content.models import Exercise
from content.prompts.schema import parse_schema
from tests import factories

NOW = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 19, 21, 0, tzinfo=UTC), "By this evening"),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "By tomorrow afternoon"),
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), "By Sunday evening"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "By Wednesday morning"),
        (datetime(2026, 11, 26, 21, 0, tzinfo=UTC), "By Thursday 26 November"),
        (datetime(2027, 1, 3, 21, 0, tzinfo=UTC), "By Sunday 3 January 2027"),
        (datetime(2026, 11, 19, 12, 0, tzinfo=UTC), "Was due today; you can still send it"),
        (datetime(2026, 11, 18, 21, 0, tzinfo=UTC), "Was due yesterday; you can still send it"),
        (datetime(2026, 11, 13, 21, 0, tzinfo=UTC), "Was due on Friday; you can still send it"),
        (datetime(2026, 11, 2, 21, 0, tzinfo=UTC), "Was due on Monday 2 November; you can still send it"),
    ],
)
def test_due_dates_are_said_in_words(due: datetime, words: str) -> None:
    assert wording.due_in_words(due, NOW) == words


def test_the_day_is_the_one_on_the_clients_own_clock() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    due = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)

    assert wording.due_in_words(due.astimezone(auckland), due.replace(hour=7).astimezone(auckland)) == "By this evening"


@pytest.mark.parametrize(
    ("hour", "words"), [(4, "Good evening"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
def test_the_greeting_follows_the_hour(hour: int, words: str) -> None:
    assert wording.greeting(NOW.replace(hour=hour)) == words


def test_a_moment_of_today_is_only_a_clock() -> None:
    assert wording.saved_in_words(NOW.replace(hour=14, minute=2), NOW) == "Saved 14:02"
    assert wording.saved_in_words(datetime(2026, 11, 17, 21, 14, tzinfo=UTC), NOW) == "Saved Tuesday 21:14"


def test_counts_are_words_while_they_are_small() -> None:
    assert wording.count_in_words(1, "minute") == "one minute"
    assert wording.count_in_words(8, "minute") == "eight minutes"
    assert wording.count_in_words(20, "minute") == "20 minutes"


def test_names_are_listed_as_people_do() -> None:
    assert wording.names_in_words([], nobody="Willow") == "Willow"
    assert wording.names_in_words(["Ruth"], nobody="Willow") == "Ruth"
    assert wording.names_in_words(["Ruth", "Tom", "Ada"], nobody="Willow") == "Ruth, Tom and Ada"


def test_every_kind_of_exercise_has_a_verb() -> None:
    assert set(wording.VERBS) == set(Exercise.Kind)


def test_the_answers_that_trip_a_rule_are_known_as_a_form_posts_them() -> None:
    schema = factories.SCHEMA | {"safety": [{"prompt": "safe", "in": ["no"]}, {"prompt": "mood", "at_least": 9}]}

    assert wording.tripping_values(parse_schema(schema)) == {"safe": ["no"], "mood": ["9", "10"]}


def test_any_answer_can_be_said_as_text() -> None:
    group = {
        "id": "rows",
        "kind": "group",
        "text": "Moments",
        "prompts": [{"id": "what", "kind": "short_text", "text": "What"}],
    }
    log = {"id": "log", "kind": "day_log", "text": "Did you?", "days": 7}
    tick = {"id": "tick", "kind": "checklist", "text": "Which", "choices": [{"value": "a", "label": "Sea"}]}
    schema = parse_schema(factories.SCHEMA | {"prompts": [*factories.SCHEMA["prompts"], group, log, tick]})
    said: dict[str, object] = {
        "words": "The boat was late.",
        "mood": 6,
        "safe": "no",
        "rows": [{"what": "tea"}, {"what": "rain"}],
        "log": {"2026-11-19": {"did": "some", "line": "short"}},
        "tick": ["a"],
    }

    texts = {prompt.id: wording.answer_in_words(prompt, said.get(prompt.id)) for prompt in schema.prompts}

    assert texts == {
        "words": "The boat was late.",
        "mood": "6 of 10 (low … high)",
        "safe": "No",
        "rows": "What: tea\nWhat: rain",
        "log": "Thursday 19, a little, short",
        "tick": "Sea",
    }
    assert wording.answer_in_words(schema.prompts[0], None) == "No answer"


def readings(*totals: int | None) -> list[Reading]:
    return [Reading(on=date(2026, 10, 1 + day), total=total, maximum=10) for day, total in enumerate(totals)]


def test_a_chart_needs_two_totals() -> None:
    assert chart_of("key", "Mood", readings(3, None)) is None
    assert chart_of("key", "Mood", readings(3, 6)) is not None


def test_a_missing_total_is_a_gap_and_not_nought() -> None:
    chart = chart_of("key", "Mood", readings(0, None, 10))

    assert chart is not None
    assert [(point.x, point.y) for point in chart.points] == [(9.0, 86.0), (96.0, 6.0)]
    assert [segment.over_gap for segment in chart.segments] == [True]
    assert chart.gaps == 1
