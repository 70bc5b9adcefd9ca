"""The exercise builder in the admin: pages that work without scripts, for two at once, and end in a version."""

from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from clients.models import Assignment, Client
from content.models import Exercise
from content.prompts.drafting import every_prompt
from content.prompts.kinds import KINDS
from content.prompts.schema import parse_schema
from content.services.drafts import begin_exercise, draft_of, publish_draft
from practices.accounts.models import User
from tests import factories
from tests.content.test_drafting import GROUP, WELL, WORDS, drafted
from tests.harness.browsers import Browser

ABOUT = {
    "title": "A new page",
    "kind": "worksheet",
    "minutes": "5",
    "summary": "",
    "introduction": "Take\r\nyour time.",
}
# What the form of each kind sends, and what of it is stored.
FORMS: dict[str, dict[str, Any]] = {
    "short_text": {},
    "long_text": {"help": "A few words\r\nare enough."},
    "single_choice": {"choices": "Calm\r\n\r\n Tense "},
    "multiple_choice": {"choices": "Calm\nTense"},
    "checklist": {"choices": "Washed up"},
    "yes_no": {},
    "scale": {"min": "0", "max": "100", "low": "calm", "high": "tense"},
    "before_after": {"min": "0", "max": "10"},
    "number": {"min": "0", "max": "24", "step": "0.5", "unit": "hours"},
    "date": {},
    "time": {},
    "day_log": {"days": "14", "line_label": "How was it?"},
    "group": {"min_rows": "0", "max_rows": "3", "add_label": "One more"},
    "heading": {},
}


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


@pytest.fixture
def written(editor: User) -> Exercise:
    """A draft of two questions and a group."""
    draft, _ = drafted(WELL, WORDS, GROUP)
    return begin_exercise(draft, by=editor, at=factories.AT)


def page(name: str, exercise: Exercise, *more: Any) -> str:
    return reverse(f"admin:content_exercise_{name}", args=[exercise.pk, *more])


def words(response: Any) -> str:
    """What the page says, also where it refuses."""
    return unescape(response.content.decode())


def edition(exercise: Exercise) -> int:
    return Exercise.objects.values_list("draft_edition", flat=True).get(pk=exercise.pk)


def do(desk: Browser, exercise: Exercise, act: str, prompt: str = "", **more: Any) -> Any:
    data = {"do": act, "prompt": prompt, "edition": edition(exercise)} | more
    return desk.post(page("act", exercise), data)


def stored(exercise: Exercise) -> dict[str, Any]:
    exercise.refresh_from_db()
    return draft_of(exercise)


def ids(exercise: Exercise) -> list[str]:
    return [prompt["id"] for prompt in every_prompt(stored(exercise))]


def test_an_exercise_is_written_and_published_without_a_script(desk: Browser) -> None:
    begun = desk.post(reverse("admin:content_exercise_add"), ABOUT)
    exercise = Exercise.objects.get()
    assert begun["Location"] == page("build", exercise)
    for kind, options in FORMS.items():
        data = {"text": f"A {kind}", "do": "save", "edition": edition(exercise)} | options
        assert desk.post(f"{page('prompt_add', exercise)}?kind={kind}", data).status_code == 302
    group = next(prompt["id"] for prompt in stored(exercise)["prompts"] if prompt["kind"] == "group")
    inner = {"text": "Inside", "required": "on", "do": "save", "edition": edition(exercise)}
    desk.post(f"{page('prompt_add', exercise)}?kind=short_text&group={group}", inner)

    desk.post(page("publish", exercise), {"note": "The first.", "edition": edition(exercise)})

    exercise.refresh_from_db()
    assert exercise.current is not None
    schema = exercise.current.parsed
    assert [prompt.kind for prompt in schema.prompts] == list(FORMS) and set(FORMS) == set(KINDS)
    assert (exercise.draft, exercise.current.number, exercise.current.note) == (None, 1, "The first.")
    assert (schema.introduction, schema.prompts[1].help) == ("Take\nyour time.", "A few words\nare enough.")
    assert "The first." in words(desk.get(page("change", exercise)))


@pytest.mark.parametrize("kind", list(FORMS))
def test_saving_a_question_as_it_is_changes_nothing(desk: Browser, editor: User, kind: str) -> None:
    exercise = begin_exercise(drafted()[0], by=editor, at=factories.AT)
    data = {"text": "One", "do": "save"} | FORMS[kind]
    desk.post(f"{page('prompt_add', exercise)}?kind={kind}", data | {"edition": edition(exercise)})
    before = stored(exercise)

    shown = desk.get(page("prompt", exercise, before["prompts"][0]["id"])).context["form"]
    initial = {field.name: field.value() for field in shown if field.value() is not None and field.value() is not False}
    desk.post(
        page("prompt", exercise, before["prompts"][0]["id"]), initial | {"do": "save", "edition": edition(exercise)}
    )

    assert stored(exercise) == before


def test_a_condition_is_chosen_among_earlier_answers(desk: Browser, written: Exercise) -> None:
    well, told, _ = ids(written)
    data = {"text": "And then?", "do": "save", "edition": edition(written), "show_if": well, f"is_{well}": ["no"]}

    desk.post(page("prompt", written, told), data)

    assert stored(written)["prompts"][1]["show_if"] == {"prompt": well, "is": ["no"]}
    assert "Shown if “Are you well?” is no" in words(desk.get(page("build", written)))
    refused = desk.post(page("prompt", written, told), data | {"edition": edition(written), f"is_{well}": []})
    assert (refused.status_code, "Tick the answers" in words(refused)) == (422, True)


@pytest.mark.parametrize(
    ("kind", "wrong", "expected"),
    [
        ("scale", {"min": "5", "max": "5"}, "The highest number must be above the lowest."),
        ("scale", {"min": "0", "max": "1000"}, "Keep a scale to 101 steps."),
        ("single_choice", {"choices": " "}, "This field is required."),
        ("single_choice", {"choices": "Calm\nCalm"}, "“Calm” is there twice."),
        ("number", {"min": "9", "max": "3", "step": ""}, "The highest number must be above the lowest."),
        ("number", {"min": "1e400"}, "Enter a number."),
        ("group", {"min_rows": "4", "max_rows": "2"}, "The fewest rows cannot be more than the most rows."),
        ("day_log", {"days": "99"}, "less than or equal to 28"),
        ("long_text", {"text": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_question_that_can_t_work_is_refused_in_words(
    desk: Browser, written: Exercise, kind: str, wrong: dict[str, str], expected: str
) -> None:
    before = stored(written)
    data = {"text": "One", "do": "save", "edition": edition(written)} | FORMS[kind] | wrong

    answer = desk.post(f"{page('prompt_add', written)}?kind={kind}", data)

    assert (answer.status_code, expected in words(answer)) == (422, True)
    assert stored(written) == before


def test_the_list_is_put_in_order(desk: Browser, written: Exercise) -> None:
    well, told, group = ids(written)

    answer = do(desk, written, "down", well)
    assert answer["Location"].endswith(f"#row-{well}")
    assert ids(written) == [told, well, group]
    do(desk, written, "into", told, group=group)
    assert ids(written) == [well, group, told]
    do(desk, written, "out", told)
    do(desk, written, "duplicate", well)
    do(desk, written, "remove", well)
    assert "was removed" in words(desk.get(page("build", written)))
    do(desk, written, "put_back")
    assert ids(written)[0] == well
    assert len(ids(written)) == 4


def test_with_a_script_only_the_list_is_drawn_again(desk: Browser, written: Exercise) -> None:
    well, *_ = ids(written)
    data = {"do": "down", "prompt": well, "edition": edition(written)}

    answer = desk.post(page("act", written), data, headers={"HX-Request": "true"})

    assert "<html" not in words(answer)
    assert "Now number 2 of 3." in words(answer)


def test_a_preview_saves_nothing_even_if_it_brings_the_button_along(desk: Browser, written: Exercise) -> None:
    before = stored(written)
    data = {"text": "And then?", "do": "save", "edition": edition(written)}

    answer = desk.post(f"{page('prompt_add', written)}?kind=long_text", data, headers={"HX-Request": "true"})

    assert ("And then?" in words(answer), "<html" in words(answer)) == (True, False)
    assert stored(written) == before


def test_of_two_who_do_something_at_once_the_second_is_told(
    desk: Browser, browser_of: Callable[..., Browser], clinician: User, written: Exercise
) -> None:
    well, told, group = ids(written)
    stale = edition(written)
    do(desk, written, "down", well)

    answer = do(browser_of(clinician), written, "remove", told, edition=stale)

    assert (answer.status_code, "Edith Editor changed this exercise" in words(answer)) == (409, True)
    assert ids(written) == [told, well, group]


def test_of_two_who_write_one_question_both_texts_are_kept(
    desk: Browser, browser_of: Callable[..., Browser], clinician: User, written: Exercise
) -> None:
    _, told, _ = ids(written)
    stale = edition(written)
    desk.post(page("prompt", written, told), {"text": "Hers", "do": "save", "edition": stale})

    other = browser_of(clinician)
    answer = other.post(page("prompt", written, told), {"text": "His", "do": "save", "edition": stale})

    assert answer.status_code == 409
    assert "Hers" in words(answer) and "His" in words(answer)
    other.post(page("prompt", written, told), {"text": "His", "do": "save", "edition": edition(written)})
    assert stored(written)["prompts"][1]["text"] == "His"


def test_a_question_that_somebody_removed_meanwhile_is_not_lost(desk: Browser, written: Exercise) -> None:
    _, told, _ = ids(written)
    stale = edition(written)
    do(desk, written, "remove", told)

    data = {"text": "Mine", "kind": "long_text", "do": "save"}
    answer = desk.post(page("prompt", written, told), data | {"edition": stale})

    assert (answer.status_code, "Mine" in words(answer)) == (409, True)
    desk.post(page("prompt", written, told), data | {"edition": edition(written)})
    assert stored(written)["prompts"][-1]["text"] == "Mine"


def test_what_it_is_about_is_not_overwritten_either(desk: Browser, written: Exercise) -> None:
    stale = edition(written)
    desk.post(page("about", written), ABOUT | {"title": "Hers", "edition": stale})

    answer = desk.post(page("about", written), ABOUT | {"title": "His", "edition": stale})

    assert answer.status_code == 409
    assert "Hers" in words(answer) and "His" in words(answer)
    assert stored(written)["title"] == "Hers"


def test_a_draft_with_a_problem_is_not_published(desk: Browser, written: Exercise) -> None:
    answer = desk.post(page("publish", written), {"note": "", "edition": edition(written)})

    assert (answer.status_code, "This group asks nothing yet" in words(answer)) == (422, True)
    assert "This group asks nothing yet" in words(desk.get(page("publish", written)))
    assert not written.versions.exists()


def test_what_clients_have_stays_while_a_new_version_is_written(
    desk: Browser, exercise: Exercise, assignment: Assignment
) -> None:
    words_id = stored(exercise)["prompts"][0]["id"]
    desk.post(
        page("prompt", exercise, words_id), {"text": "Anything else?", "do": "save", "edition": edition(exercise)}
    )
    assert "draft of a new version" in words(desk.get(reverse("admin:content_exercise_changelist")))

    desk.post(page("publish", exercise), {"note": "Shorter.", "edition": edition(exercise)})

    assignment.refresh_from_db()
    assert assignment.version.number == 1
    assert parse_schema(assignment.version.schema).prompts[0].text == "What happened?"
    shown = words(desk.get(page("change", exercise)))
    assert "1 client has it open" in shown and "Nobody has it open" in shown and "Shorter." in shown


def test_holders_are_counted_once_and_only_while_work_is_open(exercise: Exercise, clinician: User) -> None:
    cleo, otto = factories.client(clinician), factories.client(clinician, first_name="Otto")
    for _ in range(2):
        factories.assignment(cleo, by=clinician, exercise=exercise)
    done = factories.assignment(otto, by=clinician, exercise=exercise)
    assert exercise.current is not None

    assert Assignment.objects.holders_by_version(exercise) == {exercise.current.pk: 2}
    factories.response(done.occurrences.get())
    assert Assignment.objects.holders_by_version(exercise) == {exercise.current.pk: 1}


def test_a_draft_is_thrown_away(desk: Browser, exercise: Exercise) -> None:
    do(desk, exercise, "remove", "mood")

    desk.post(page("discard", exercise), {"edition": edition(exercise)})

    assert stored(exercise)["prompts"][1]["id"] == "mood"
    assert exercise.draft is None


def test_a_draft_is_tried_and_nothing_is_kept(desk: Browser, editor: User) -> None:
    exercise = begin_exercise(drafted(WELL, WORDS | {"required": True})[0], by=editor, at=factories.AT)
    _, told = ids(exercise)

    refused = desk.post(page("try", exercise), {"do": "look"})
    done = desk.post(page("try", exercise), {f"a-{told}": "It rained.", "do": "look"})

    assert (refused.status_code, "Answer this before you send it" in words(refused)) == (422, True)
    assert (done.status_code, "It rained." in words(done)) == (200, True)
    assert desk.get(page("try", exercise) + "?version=1").status_code == 404


def test_an_exercise_is_copied_retired_and_brought_back(desk: Browser, exercise: Exercise) -> None:
    desk.post(page("copy", exercise))
    copy = Exercise.objects.exclude(pk=exercise.pk).get()
    assert (copy.title, copy.current) == ("A small step (copy)", None)
    assert stored(copy)["prompts"] == stored(exercise)["prompts"]

    desk.post(page("retire", exercise))
    assert not Exercise.objects.assignable().exists()
    desk.post(page("retire", exercise))
    assert Exercise.objects.assignable().get() == exercise


def test_an_article_s_questions_are_not_edited_here_but_copied(desk: Browser) -> None:
    linked = factories.article().exercise

    for name in ("build", "about", "prompt_add", "publish"):
        assert desk.get(page(name, linked)).status_code == 404
    assert "stand in an article" in words(desk.get(page("change", linked)))
    desk.post(page("copy", linked))
    copy = Exercise.objects.exclude(pk=linked.pk).get()
    assert (copy.kind, copy.article) == ("reflection", None)


@pytest.mark.parametrize("address", ["?kind=poem", "?kind=date&group=gone", "?group=gone"])
def test_what_is_no_kind_or_no_group_is_not_found(desk: Browser, written: Exercise, address: str) -> None:
    assert desk.get(page("prompt_add", written) + address).status_code == 404


@pytest.mark.parametrize("wrong", [{"do": "dance"}, {"do": "up", "prompt": "gone"}, {"do": "into", "group": "x"}])
def test_an_act_that_can_t_be_done_is_refused_in_words(desk: Browser, written: Exercise, wrong: dict[str, str]) -> None:
    answer = desk.post(page("act", written), {"edition": edition(written)} | wrong)

    assert answer.status_code == 422
    for broken in ("", "x", "-1", "9" * 30):
        assert desk.post(page("act", written), {"edition": broken, "do": "up"}).status_code == 409


def test_the_builder_asks_the_database_as_often_for_fifty_questions(
    desk: Browser, editor: User, queries_of: Callable[..., int]
) -> None:
    short = begin_exercise(drafted(WELL)[0], by=editor, at=factories.AT)
    long = begin_exercise(drafted(*[WELL, GROUP] * 25)[0], by=editor, at=factories.AT)

    assert queries_of(lambda: desk.get(page("build", short))) == queries_of(lambda: desk.get(page("build", long)))


def test_versions_are_listed_in_as_many_queries_however_many(
    desk: Browser, editor: User, exercise: Exercise, client_person: Client, queries_of: Callable[..., int]
) -> None:
    one = queries_of(lambda: desk.get(page("change", exercise)))
    for number in range(20):
        exercise.draft = draft_of(exercise)
        exercise.save(update_fields=["draft"])
        publish_draft(exercise, edition=number, note="", by=editor, at=factories.AT)
        exercise.refresh_from_db()

    assert queries_of(lambda: desk.get(page("change", exercise))) == one
    assert isinstance(exercise.pk, UUID)
