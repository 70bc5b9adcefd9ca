"""The builder's acts: whatever is done in whatever order, the draft can be published or says what is wrong and where."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.admin.builder.acts import done_in_words, perform
from content.admin.builder.page import BuilderPage
from content.models import Exercise
from content.prompts.drafting import (
    Document,
    DraftError,
    add,
    draft_of_schema,
    duplicate,
    edit,
    every_prompt,
    find,
    into_group,
    move,
    new_draft,
    out_of_group,
    put_back,
    remove,
    schema_of_draft,
)
from content.prompts.naming import choices_from_lines, condition_in_words
from content.prompts.problems import problems, readable
from content.prompts.schema import PROMPT_LIMIT, Schema, SchemaError, parse_schema
from tests.strategies import schemas

WORDS = {"kind": "long_text", "text": "What happened?"}
WELL = {"kind": "yes_no", "text": "Are you well?"}
GROUP = {"kind": "group", "text": "Rows", "prompts": []}
ACTS = ("up", "down", "duplicate", "remove", "put_back", "into", "out", "no_score", "no_alert", "nonsense")


def drafted(*prompts: dict[str, Any]) -> tuple[Document, list[str]]:
    draft, ids = new_draft(title="A draft", kind="worksheet"), []
    for prompt in prompts:
        draft, prompt_id = add(draft, prompt)
        ids.append(prompt_id)
    return draft, ids


def texts(draft: Document) -> list[str]:
    return [prompt["text"] for prompt in draft["prompts"]]


@settings(max_examples=150, deadline=None)
@given(schema=schemas(), data=st.data())
def test_after_any_acts_a_draft_parses_or_says_what_is_wrong(schema: Schema, data: st.DataObject) -> None:
    draft = draft_of_schema(schema.to_json(), title="Any", kind="worksheet", summary="")
    for _ in range(data.draw(st.integers(0, 8))):
        ids = [prompt["id"] for prompt in every_prompt(draft)]
        do, prompt_id, group = (data.draw(st.sampled_from(of)) for of in (ACTS, [*ids, "gone"], [*ids, "gone"]))
        before = deepcopy(draft)
        try:
            changed = perform(draft, do, prompt_id=prompt_id, group=group)
        except DraftError as error:
            assert str(error)
        else:
            assert done_in_words(changed, do, prompt_id)
            assert draft == before
            draft = changed

    found = problems(schema_of_draft(draft))
    ids = [prompt["id"] for prompt in every_prompt(draft)]
    assert len(ids) == len(set(ids))
    assert all(problem.message and problem.prompt_id in ("", *ids) for problem in found)
    assert (not found) == parses(draft)
    assert BuilderPage(Exercise(draft=draft)).rows is not None
    assert [prompt_id for prompt_id, _ in readable(schema_of_draft(draft))] == [
        prompt["id"] for prompt in draft["prompts"]
    ]


def parses(draft: Document) -> bool:
    try:
        parse_schema(schema_of_draft(draft))
    except SchemaError:
        return False
    return True


def test_a_question_moves_and_stops_at_the_ends() -> None:
    draft, (first, second) = drafted(WORDS, WELL)

    assert texts(move(draft, second, -1)) == ["Are you well?", "What happened?"]
    assert texts(move(draft, first, -1)) == texts(draft)
    assert texts(move(draft, second, 1)) == texts(draft)


def test_what_was_removed_is_put_back_where_it_was() -> None:
    draft, (first, _, group) = drafted(WORDS, WELL, GROUP)
    draft, inner = add(draft, WORDS, group=group)

    assert put_back(remove(draft, first)) == draft
    assert put_back(remove(draft, inner)) == draft
    assert put_back(remove(draft, group)) == draft
    with pytest.raises(DraftError):
        put_back(draft)


def test_a_copy_has_ids_of_its_own_down_to_the_rows() -> None:
    draft, (group,) = drafted(GROUP)
    draft, _ = add(draft, WORDS, group=group)

    twice, copy = duplicate(draft, group)

    assert [prompt["kind"] for prompt in twice["prompts"]] == ["group", "group"]
    assert len({prompt["id"] for prompt in every_prompt(twice)}) == 4
    assert find(twice, copy) is not None


def test_a_question_goes_into_a_group_and_out_again() -> None:
    draft, (well, words, group) = drafted(WELL, WORDS, GROUP)
    draft = edit(draft, words, WORDS | {"show_if": {"prompt": well, "is": ["yes"]}})

    inside = into_group(draft, words, group)
    outside = out_of_group(inside, words)

    assert texts(inside) == ["Are you well?", "Rows"]
    assert "show_if" not in (find(inside, words) or {})
    assert texts(outside) == ["Are you well?", "Rows", "What happened?"]
    for refused in (group, "gone"):
        with pytest.raises(DraftError):
            into_group(draft, refused, group)


def test_a_group_holds_no_group_and_a_draft_only_so_much() -> None:
    draft, (group,) = drafted(GROUP)
    with pytest.raises(DraftError):
        add(draft, GROUP, group=group)

    full, _ = drafted(*[WORDS] * PROMPT_LIMIT)

    for act in (lambda: add(full, WORDS), lambda: duplicate(full, full["prompts"][0]["id"])):
        with pytest.raises(DraftError):
            act()


@pytest.mark.parametrize(
    ("spoil", "named", "expected"),
    [
        (lambda draft, well, words: move(draft, words, -1), "What happened?", "comes later"),
        (lambda draft, well, words: remove(draft, well), "What happened?", "is gone"),
        (lambda draft, well, words: add(draft, GROUP)[0], "Rows", "asks nothing yet"),
        (lambda draft, well, words: remove(remove(draft, well), words), "", "Ask at least one question."),
        (lambda draft, well, words: remove(draft, well) | {"safety": draft["safety"]}, "", "Take"),
    ],
)
def test_a_problem_names_the_question_and_what_to_do(
    spoil: Callable[[Document, str, str], Document], named: str, expected: str
) -> None:
    draft, (well, words) = drafted(WELL, WORDS)
    draft = edit(draft, words, WORDS | {"show_if": {"prompt": well, "is": ["yes"]}})
    draft["safety"] = [{"prompt": well, "in": ["no"]}]
    assert problems(schema_of_draft(draft)) == []

    found = problems(schema_of_draft(spoil(draft, well, words)))

    assert any(problem.name == named and expected.lower() in problem.message.lower() for problem in found), found


def test_a_choice_keeps_its_value_when_it_is_reworded() -> None:
    before = choices_from_lines(["At home", "Somewhere else"])

    after = choices_from_lines(["At my home", "Somewhere else"], before)
    longer = choices_from_lines(["Größer!", "?", "?!", "At home", "At home?"], before)

    assert [choice["value"] for choice in before] == ["at_home", "somewhere_else"]
    assert [choice["value"] for choice in after] == ["at_home", "somewhere_else"]
    assert [choice["value"] for choice in longer] == ["groer", "answer", "answer_2", "at_home", "at_home_2"]


def test_a_condition_is_said_in_words() -> None:
    scale = {"id": "mood", "kind": "scale", "text": "Mood", "min": 0, "max": 10}
    shown = {"show_if": {"prompt": "mood", "is": [7, 8, 9, 10]}}

    assert condition_in_words(shown, {"mood": scale}) == "Shown if “Mood” is 7 to 10"
    assert condition_in_words(shown, {}) == "Shown only after an answer that is gone"
    assert condition_in_words({}, {}) == ""
