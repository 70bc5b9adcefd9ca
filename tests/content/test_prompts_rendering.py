"""Prompts on a page: what a browser would post back is what was answered, and everything is named and escaped."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.template import Context, Template
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import html

from content.prompts import kinds
from content.prompts.answers import AnswerError, Answers, clean_answers
from content.prompts.context import PromptContext
from content.prompts.posted import answers_from_post
from content.prompts.schema import Schema, parse_schema
from tests.strategies import CONTEXT, drafts, schemas

KINDS = sorted(kinds.KINDS)
# Pages are slow to make: few of them, and no search for the smallest one that fails.
FEW = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
FORM = """{% load prompts %}<form>{% for prompt in schema.prompts %}
{% prompt_field prompt answers kept errors mark="Question" context=context %}{% endfor %}</form>"""
ANSWERS = """{% load prompts %}<div>{% for prompt, value in pairs %}
{% answer_view prompt value kept context %}{% endfor %}</div>"""
MONDAY = date(2026, 11, 2)
THURSDAY = PromptContext(starts_on=MONDAY, today=date(2026, 11, 5))


def one(kind: str, **options: Any) -> Schema:
    prompt = {"id": "it", "kind": kind, "text": "How was it?"} | options
    return parse_schema({"format": 1, "minutes": 5, "prompts": [prompt]})


def form(
    schema: Schema, answers: Answers | None = None, errors: tuple[AnswerError, ...] = (), kept: tuple[str, ...] = ()
) -> html.HtmlElement:
    values = {"schema": schema, "answers": answers or {}, "errors": errors, "kept": kept, "context": THURSDAY}
    return html.fromstring(Template(FORM).render(Context(values)))


def words(schema: Schema, value: Any, *, kept: bool = False, context: PromptContext | None = None) -> str:
    values = {"pairs": [(schema.prompts[0], value)], "kept": kept, "context": context}
    return " ".join(str(html.fromstring(Template(ANSWERS).render(Context(values))).xpath("string()")).split())


def posted_by(page: html.HtmlElement) -> dict[str, list[str]]:
    """The fields a browser would send: no templates for scripts, no newline right after a textarea's tag."""
    for unused in page.xpath("//template"):
        unused.drop_tree()
    texts = set(page.xpath("//textarea/@name"))
    post: dict[str, list[str]] = {}
    for name, value in page.form_values():
        post.setdefault(name, []).append(value.removeprefix("\n") if name in texts else value)
    return post


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_a_page_sends_back_the_answers_it_shows(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema).filter(_printable))
    values = {"schema": schema, "answers": answers, "errors": (), "kept": (), "context": CONTEXT}

    page = html.fromstring(Template(FORM).render(Context(values)))

    assert clean_answers(schema, answers_from_post(schema, posted_by(page)), final=False, context=CONTEXT) == answers


def _printable(value: Any) -> bool:
    """Characters the test's parser reads as a browser does; control characters are beyond it."""
    if isinstance(value, dict | list):
        return all(_printable(part) for part in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, str) or all(char.isprintable() or char == "\n" for char in value)


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_every_field_has_a_name_in_words_and_every_id_is_there_once(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema))

    page = form(schema, answers)
    posted_by(page)

    ids = Counter(page.xpath("//@id"))
    labelled = set(page.xpath("//label/@for"))
    assert max(ids.values()) == 1
    assert {name for names in page.xpath("//@aria-describedby | //@aria-labelledby") for name in names.split()} <= set(
        ids
    )
    for field in page.xpath("//input | //textarea"):
        assert field.get("id") in labelled or field.xpath("ancestor::label")
    assert all(fieldset[0].tag == "legend" for fieldset in page.iter("fieldset"))


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_every_answer_can_be_read_back(kind: str, data: st.DataObject) -> None:
    schema = data.draw(schemas(kind))
    answers = data.draw(drafts(schema))
    pairs = [(prompt, answers.get(prompt.id)) for prompt in schema.questions()]

    for context in (None, CONTEXT):
        page = Template(ANSWERS).render(Context({"pairs": pairs, "kept": False, "context": context}))

        assert page.count("No answer") >= sum(value is None for _, value in pairs)


def test_what_people_write_is_escaped() -> None:
    attack = "</textarea><script>alert(1)</script>\"'"

    page = form(one("long_text", text=attack, help=attack), {"it": attack})

    assert page.xpath("//script") == []
    assert page.xpath("//textarea")[0].text.strip() == attack
    assert words(one("long_text"), attack) == attack


def test_a_refused_answer_is_shown_again_with_what_to_do() -> None:
    message = "Pick a whole number from 0 to 100."
    page = form(one("scale", min=0, max=100), {"it": "lots"}, (AnswerError("it", message, "a-it"),))

    field = page.get_element_by_id("a-it")
    assert (field.get("value"), field.get("aria-invalid")) == ("lots", "true")
    assert page.get_element_by_id("a-it-error").text_content().strip() == message
    assert "a-it-error" in field.get("aria-describedby").split()


@pytest.mark.parametrize(
    ("kind", "options", "field"),
    [
        ("before_after", {"min": 0, "max": 10}, "a-it-after"),
        ("group", {"prompts": [{"id": "what", "kind": "short_text", "text": "What?"}]}, "a-it-0-what"),
        ("day_log", {"days": 7}, "a-it-2026-11-03"),
        ("group", {"prompts": [{"id": "what", "kind": "short_text", "text": "What?"}]}, "a-it"),
    ],
)
def test_an_error_stands_where_it_belongs_and_can_be_linked_to(kind: str, options: dict[str, Any], field: str) -> None:
    page = form(one(kind, **options), {}, (AnswerError("it", "Look here.", field),))

    assert page.get_element_by_id(f"{field}-error").text_content().strip() == "Look here."
    assert page.get_element_by_id(field) is not None


def test_a_kept_answer_is_ticked_and_marked() -> None:
    page = form(one("short_text"), {"it": "mine"}, kept=("it",))

    assert page.xpath("//input[@name='keep-it']/@checked")
    assert words(one("short_text"), None, kept=True) == "Only for me"
    assert words(one("short_text"), "mine", kept=True) == "Only for me mine"


def test_days_to_come_cannot_be_written_about() -> None:
    page = form(one("day_log", days=7), {"it": {"2026-11-03": {"did": "some", "line": "a bit"}}})

    assert page.xpath("//*[@data-day]/@data-day") == ["2026-11-05", "2026-11-02", "2026-11-03", "2026-11-04"]
    assert len(page.xpath("//*[contains(@class, 'day-later')]")) == 3
    assert len(page.xpath("//*[@aria-current='date']")) == 1


def test_a_group_offers_an_empty_row_while_there_is_room() -> None:
    schema = one("group", max_rows=2, prompts=[{"id": "what", "kind": "short_text", "text": "What?"}])

    one_row, two_rows = (
        form(schema, {"it": [{"what": "Swam"}]}),
        form(schema, {"it": [{"what": "Swam"}, {"what": "Ran"}]}),
    )

    assert one_row.xpath("//input[starts-with(@name, 'a-it')]/@name") == [
        "a-it-0-what",
        "a-it-1-what",
        "a-it-__row__-what",
    ]
    assert two_rows.xpath("//input[starts-with(@name, 'a-it')]/@name") == one_row.xpath(
        "//input[starts-with(@name, 'a-it')]/@name"
    )
    assert one_row.xpath("//button/@name") == ["add-it"]


def test_a_question_that_depends_on_another_says_so_to_scripts() -> None:
    more = {"id": "more", "kind": "long_text", "text": "Tell more", "show_if": {"prompt": "asked", "is": ["yes"]}}
    asked = {"id": "asked", "kind": "yes_no", "text": "Asked?"}

    page = form(parse_schema({"format": 1, "minutes": 5, "prompts": [asked, more]}))

    section = page.get_element_by_id("q-more")
    assert (section.get("data-show-if"), section.get("data-show-values")) == ("asked", '["yes"]')


CHOICES = [{"value": "a", "label": "At home"}, {"value": "b", "label": "Outside"}]


@pytest.mark.parametrize(
    ("kind", "options", "value", "expected"),
    [
        ("short_text", {}, None, "No answer"),
        ("scale", {"min": 0, "max": 10, "low": "calm", "high": "tense"}, 7, "7 of 10 (calm … tense)"),
        ("scale", {"min": -5, "max": 5}, -2, "-2, from -5 to 5"),
        ("before_after", {"min": 0, "max": 10}, {"before": 8, "after": 3}, "Before: 8, after: 3"),
        (
            "before_after",
            {"min": 0, "max": 10, "low": "calm", "high": "tense"},
            {"after": 3},
            "After: 3 (calm … tense)",
        ),
        ("number", {"unit": "hours"}, 7.5, "7.5 hours"),
        ("date", {}, "2026-11-03", "Tuesday 3 November 2026"),
        ("time", {}, "21:30", "21:30"),
        ("yes_no", {}, "no", "No"),
        ("single_choice", {"choices": CHOICES}, "b", "Outside"),
        ("multiple_choice", {"choices": CHOICES}, ["a", "b"], "At home Outside"),
        ("day_log", {"days": 7}, {"2026-11-03": {"did": "some", "line": "Sat"}}, "Tuesday 3 November: a little Sat"),
        (
            "group",
            {"prompts": [{"id": "who", "kind": "checklist", "text": "Where?", "choices": CHOICES}]},
            [{"who": ["a", "b"]}],
            "Where? At home, Outside",
        ),
    ],
)
def test_answers_are_read_back_in_words(kind: str, options: dict[str, Any], value: Any, expected: str) -> None:
    assert words(one(kind, **options), value).endswith(expected)
