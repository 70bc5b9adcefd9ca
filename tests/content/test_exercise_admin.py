"""Exercises, pictures and authors in the admin."""

import io
from collections.abc import Callable

import pytest
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from content.models import Author, Exercise, ExerciseVersion, Picture
from content.services.exercises import publish_exercise, retire_exercise
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.content.test_article_admin import picture_file, words
from tests.content.test_public import stored_picture
from tests.harness.browsers import Browser

EXERCISES = "admin:content_exercise_changelist"
PICTURES = "admin:content_picture_changelist"


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def page_of(exercise: Exercise) -> str:
    return reverse("admin:content_exercise_change", args=[exercise.pk])


def test_the_list_of_exercises(desk: Browser, exercise: Exercise) -> None:
    retired = factories.exercise(title="An old one")
    retire_exercise(retired, at=factories.AT)

    page = words(desk.get(reverse(EXERCISES)))

    for expected in ("A small step", "worksheet", "can be given", "An old one", "retired"):
        assert expected in page
    assert reverse("admin:content_exercise_add") in page


def test_an_exercise_is_tried_as_a_client_meets_it(desk: Browser, exercise: Exercise) -> None:
    page = words(desk.get(page_of(exercise)))

    for expected in ("What happened?", "Your mood", "Did you feel safe?", "Nothing that you fill in here is kept."):
        assert expected in page
    assert "Only for me" not in page
    assert "Version 1" in page


def test_an_article_as_exercise_is_tried_too(desk: Browser) -> None:
    body = factories.BODY + '<section data-practice="week"><p>Look for one moment.</p></section>'
    article = factories.article(body=body)

    page = words(desk.get(page_of(article.exercise)))

    assert "What does rest look like for you?" in page
    assert "Did you find a moment?" in page
    assert reverse("admin:content_article_change", args=[article.pk]) in page


def test_each_version_can_be_looked_at(desk: Browser, exercise: Exercise) -> None:
    prompts = [{"id": "words", "kind": "long_text", "text": "What happened next?"}]
    publish_exercise(exercise, schema={"format": 1, "minutes": 1, "prompts": prompts}, by=None, at=factories.AT)

    newest, first = (words(desk.get(page_of(exercise), query)) for query in ({}, {"version": "1"}))

    assert "What happened next?" in newest
    assert "What happened next?" not in first
    for wrong in ("3", "x", "-1", ""):
        assert desk.get(page_of(exercise), {"version": wrong}).status_code == 404


def test_an_exercise_without_a_version_is_in_the_builder(desk: Browser, north: Clinic) -> None:
    unpublished = Exercise.objects.create(title="Not ready", slug="not-ready", kind=Exercise.Kind.WORKSHEET)

    assert desk.get(page_of(unpublished))["Location"] == reverse("admin:content_exercise_build", args=[unpublished.pk])
    assert "not published" in words(desk.get(reverse(EXERCISES)))


def test_only_clinicians_are_led_to_assign_an_exercise(
    desk: Browser, browser_of: Callable[..., Browser], clinician: User, exercise: Exercise
) -> None:
    address = f"{reverse('admin:assign')}?exercise={exercise.pk}"

    assert address in words(browser_of(clinician).get(page_of(exercise)))
    assert address not in words(desk.get(page_of(exercise)))
    retire_exercise(exercise, at=factories.AT)
    assert address not in words(browser_of(clinician).get(page_of(exercise)))


def test_nobody_changes_an_exercise_here(desk: Browser, exercise: Exercise) -> None:
    before = ExerciseVersion.objects.count()

    assert desk.post(page_of(exercise), {"title": "Changed"}).status_code == 403
    assert desk.post(reverse("admin:content_exercise_delete", args=[exercise.pk]), {"post": "yes"}).status_code == 403

    exercise.refresh_from_db()
    assert (exercise.title, ExerciseVersion.objects.count()) == ("A small step", before)


def test_a_picture_is_taken_in_and_found_again(desk: Browser) -> None:
    desk.post(
        reverse("admin:content_picture_add"),
        {"file": picture_file("JPEG"), "alt": "An empty bench.", "credit": "Picture: North"},
    )

    picture = Picture.objects.get()
    page = words(desk.get(reverse(PICTURES)))
    assert picture.thumbnail_url in page
    assert "Saved “An empty bench.”." in page
    assert "style=" not in page
    assert picture.fallback_url in words(desk.get(reverse("admin:content_picture_change", args=[picture.pk])))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"alt": "x"}, "This field is required."),
        ({"alt": "x", "file": io.BytesIO(b"GIF89a")}, "no picture that we can read"),
        ({"alt": "x", "file": io.BytesIO(b"")}, "The submitted file is empty."),
        ({"file": picture_file()}, "This field is required."),
        ({"alt": "x" * 251, "file": picture_file()}, "at most 250 characters"),
    ],
)
def test_what_is_no_picture_is_answered_in_words(desk: Browser, data: dict[str, object], expected: str) -> None:
    for file in data.values():
        if isinstance(file, io.BytesIO):
            file.seek(0)
            file.name = "picture.gif"

    assert expected in words(desk.post(reverse("admin:content_picture_add"), data))
    assert not Picture.objects.exists()


def test_new_words_of_a_picture_are_read_at_once(
    desk: Browser, visitor: Browser, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = stored_picture()
    article = factories.article(cover=picture)
    assert "A bench by the water." in words(visitor.get(article.get_absolute_url()))

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("admin:content_picture_change", args=[picture.pk]), {"alt": "A new bench.", "credit": ""})

    picture.refresh_from_db()
    assert (picture.alt, picture.width) == ("A new bench.", 1000)
    assert "A new bench." in words(visitor.get(article.get_absolute_url()))


def test_an_author_is_added_and_changed(desk: Browser, editor: User) -> None:
    desk.post(reverse("admin:content_author_add"), {"name": "Maya Ellison", "credentials": "MSW"})
    author = Author.objects.get()

    desk.post(
        reverse("admin:content_author_change", args=[author.pk]),
        {"name": "Maya Ellison", "credentials": "PhD", "photo": stored_picture().pk, "user": editor.pk},
    )

    author.refresh_from_db()
    assert (author.byline, author.user) == ("Maya Ellison, PhD", editor)
    assert author.photo is not None
    page = words(desk.get(reverse("admin:content_author_changelist")))
    assert "Saved “Maya Ellison, PhD”." in page
    assert "Edith Editor" in page


def test_one_account_is_one_author(desk: Browser, editor: User) -> None:
    Author.objects.create(name="Edith", user=editor)

    page = words(desk.post(reverse("admin:content_author_add"), {"name": "Edith again", "user": editor.pk}))

    assert "This account belongs to another author already." in page


def test_an_author_of_published_articles_keeps_the_byline_that_was_published(desk: Browser, visitor: Browser) -> None:
    article = factories.article()
    before = article.revision.byline

    desk.post(reverse("admin:content_author_change", args=[article.byline_id]), {"name": "Another name"})

    assert before in words(visitor.get(article.get_absolute_url()))


@pytest.mark.parametrize("model", ["article", "picture", "author", "exercise"])
def test_the_front_desk_and_visitors_have_no_business_here(
    model: str, browser_of: Callable[..., Browser], front_desk: User, visitor: Browser
) -> None:
    address = reverse(f"admin:content_{model}_changelist")

    assert browser_of(front_desk).get(address).status_code == 403
    assert visitor.get(address).status_code == 302
