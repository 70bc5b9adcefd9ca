"""The library: every exercise works, covers every shape, and is copied into a clinic."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from content.library import entries
from content.models import Exercise
from content.prompts.kinds import KINDS, Group
from content.services.drafts import draft_of
from practices.accounts.models import User
from tests.content.test_article_admin import words
from tests.harness.browsers import Browser


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def test_there_are_twenty_exercises_and_the_check_in_and_they_use_every_kind() -> None:
    schemas = [entry.schema for entry in entries().values()]
    prompts = [prompt for schema in schemas for prompt in schema.prompts]
    inner = [prompt for group in prompts if isinstance(group, Group) for prompt in group.prompts]

    assert len(entries()) == 21
    assert {prompt.kind for prompt in [*prompts, *inner]} == set(KINDS)
    assert any(prompt.show_if for prompt in prompts)
    assert {entry.draft["kind"] for entry in entries().values()} == {"reflection", "worksheet", "check-in", "practice"}
    assert all(
        entry.draft["summary"] and schema.introduction
        for entry, schema in zip(entries().values(), schemas, strict=True)
    )


def test_an_exercise_is_looked_at_and_copied(desk: Browser) -> None:
    assert "Thought record" in words(desk.get(reverse("admin:content_exercise_library")))
    assert "What happened just before" in words(
        desk.get(reverse("admin:content_exercise_library_entry", args=["thought-record"]))
    )

    for _ in range(2):
        desk.post(reverse("admin:content_exercise_library_copy", args=["thought-record"]))

    first, second = Exercise.objects.order_by("slug")
    assert (first.slug, second.slug) == ("thought-record", "thought-record-2")
    assert draft_of(first) == entries()["thought-record"].draft


@pytest.mark.parametrize("name", sorted(entries()))
def test_every_page_of_the_library_opens(desk: Browser, name: str) -> None:
    assert desk.get(reverse("admin:content_exercise_library_entry", args=[name])).status_code == 200


def test_what_is_not_in_the_library_is_not_found(desk: Browser) -> None:
    assert desk.get(reverse("admin:content_exercise_library_entry", args=["nothing"])).status_code == 404
    assert desk.post(reverse("admin:content_exercise_library_copy", args=["nothing"])).status_code == 404
