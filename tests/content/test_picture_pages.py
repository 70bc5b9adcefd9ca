"""The pages about one picture: where it stands, another in its place, and deleting it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection as database
from django.urls import reverse
from PIL import Image

from content.models import Author, Picture
from content.models.pictures import uses_of
from content.services.articles import publish_article
from content.services.pictures import PictureInUseError, delete_picture, file_of, former_path_of, replace_picture
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.pictures import Format
from practices.tenancy import current_clinic
from tests import factories
from tests.content.test_figures import figure
from tests.harness.browsers import Browser, Browsers


@pytest.fixture
def desk(browser_of: Browsers, editor: User) -> Browser:
    return browser_of(editor)


def png(size: tuple[int, int] = (900, 600)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, "orange").save(file, "PNG")
    file.seek(0)
    file.name = "new.png"
    return file


def replaced(picture: Picture, editor: User, **words: str) -> Picture:
    given = {"alt": "A hill.", "credit": "", "focus": "top"} | words
    replace_picture(picture, image=Image.new("RGB", (900, 600)), **given, by=editor, at=factories.AT)
    picture.refresh_from_db()
    return picture


def files(media: Path) -> list[str]:
    folder = media / str(current_clinic().pk) / "pictures"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_picture_says_where_it_stands(desk: Browser) -> None:
    picture = factories.picture()
    cover = factories.article(title="Cover", cover=picture)
    factories.article(title="Text", published=False, body=f"<p>x</p>{figure(picture)}")
    factories.article(title="Words", body=f"<p>x</p>{figure(picture, alt='Our own.')}")
    earlier = factories.article(title="Earlier", cover=picture)
    earlier.cover = None
    earlier.save()
    seen = factories.article(title="Seen", body=f"<p>x</p>{figure(picture)}")
    seen.body = "<p>Without.</p>"
    seen.save()
    publish_article(earlier, by=None, at=factories.AT)
    author = factories.author(name="Zoe", photo=picture)
    factories.article(title="Another", cover=factories.picture())

    uses = uses_of(picture)

    assert [(use.name, use.ways) for use in uses] == [
        ("Cover", ["cover"]),
        ("Earlier", ["in an earlier revision"]),
        ("Seen", ["in what readers see"]),
        ("Text", ["in the text"]),
        ("Words", ["in the text, with words of its own for it"]),
        ("Zoe", ["their photo"]),
    ]
    page = desk.get(reverse("admin:content_picture_change", args=[picture.pk])).content.decode()
    assert reverse("admin:content_article_change", args=[cover.pk]) in page
    assert reverse("admin:content_author_change", args=[author.pk]) in page


def test_where_a_picture_stands_takes_as_many_queries_for_one_article_as_for_many(
    desk: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    picture = factories.picture()
    address = reverse("admin:content_picture_change", args=[picture.pk])
    factories.article(cover=picture)
    one = queries_of(lambda: desk.get(address))
    for _ in range(10):
        factories.article(cover=picture)

    assert queries_of(lambda: desk.get(address)) == one


def test_a_new_picture_stands_wherever_the_old_one_stood(
    desk: Browser, visitor: Browser, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    picture = factories.picture(alt="A boat.", size=(1000, 500))
    article = factories.article(cover=picture, body=f"<p>x</p>{figure(picture)}")
    old = picture.fallback_url
    words = {"file": png(), "alt": "A hill.", "credit": "Picture: North", "focus": "top"}

    with django_capture_on_commit_callbacks(execute=True):
        sent = desk.post(reverse("admin:content_picture_replace", args=[picture.pk]), words)

    picture.refresh_from_db()
    assert sent["Location"] == reverse("admin:content_picture_change", args=[picture.pk])
    assert (picture.edition, picture.width, picture.alt, picture.focus) == (2, 900, "A hill.", "top")
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert old not in page
    assert page.count(picture.fallback_url) == 2
    assert page.count('alt="A hill."') == 2
    assert visitor.get(old)["Location"] == picture.fallback_url
    assert AuditEvent.objects.filter(action=Action.PICTURE_REPLACED, subject_id=picture.pk).count() == 1


def test_the_files_of_the_picture_before_go_with_the_commit(
    editor: User, media: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    picture = factories.picture(size=(600, 400))
    file_of(picture, width=320, format=Format.AVIF)
    for width in (480, 600):
        with default_storage.open(file_of(picture, width=width, format=Format.WEBP)) as file:
            default_storage.save(former_path_of(picture, width), file)

    with django_capture_on_commit_callbacks(execute=True):
        picture = replaced(picture, editor)
        assert f"{picture.pk}/1/320.avif" in files(media)

    assert files(media) == [f"{picture.pk}/2/master.webp"]


def test_the_words_are_asked_for_again(desk: Browser) -> None:
    picture = factories.picture(alt="A boat.")
    address = reverse("admin:content_picture_replace", args=[picture.pk])

    asked = desk.get(address).content.decode()
    unsaid = desk.post(address, {"file": png(), "alt": "", "credit": ""})

    assert 'value="A boat."' in asked
    assert "Are they true of this one?" in asked
    assert unsaid.status_code == 422
    picture.refresh_from_db()
    assert (picture.alt, picture.edition) == ("A boat.", 1)


@pytest.mark.parametrize("name", ["svg", "text", "half"])
def test_what_is_no_picture_replaces_nothing(desk: Browser, name: str) -> None:
    data = {"svg": b"<svg onload=alert(1)>", "text": b"hello", "half": png().getvalue()[:80]}[name]
    file = io.BytesIO(data)
    file.name = "new.jpg"
    picture = factories.picture()

    sent = desk.post(reverse("admin:content_picture_replace", args=[picture.pk]), {"file": file, "alt": "A hill."})

    assert sent.status_code == 422
    assert "no picture that we can read" in sent.content.decode()
    picture.refresh_from_db()
    assert picture.edition == 1


def test_a_picture_that_stands_nowhere_is_deleted_with_its_files(
    desk: Browser, media: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    picture = factories.picture()
    address = reverse("admin:content_picture_remove", args=[picture.pk])

    assert "used nowhere" in desk.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(address)

    assert not Picture.objects.exists()
    assert files(media) == []
    assert AuditEvent.objects.filter(action=Action.PICTURE_DELETED, subject_id=picture.pk).count() == 1


@pytest.mark.parametrize("where", ["cover", "text", "earlier", "photo"])
def test_a_picture_that_stands_somewhere_stays(desk: Browser, media: Path, where: str) -> None:
    picture = factories.picture()
    if where == "cover":
        factories.article(published=False, cover=picture)
    elif where == "photo":
        factories.author(photo=picture)
    else:
        article = factories.article(published=where == "earlier", body=f"<p>x</p>{figure(picture)}")
    if where == "earlier":
        article.body = "<p>Without.</p>"
        article.save()
        publish_article(article, by=None, at=factories.AT)

    sent = desk.post(reverse("admin:content_picture_remove", args=[picture.pk]))

    assert sent.status_code == 409
    assert "can’t be deleted while it is used" in sent.content.decode()
    assert Picture.objects.exists()
    assert files(media) == [f"{picture.pk}/1/master.webp"]


def test_who_publishes_a_text_holds_its_pictures_until_they_are_done(north: Clinic, editor: User) -> None:
    """Whoever deletes waits for the row, and then finds the picture in use."""
    picture = factories.picture()
    article = factories.article(published=False, body=f"<p>x</p>{figure(picture)}")

    with database.execute_wrapper(locks := Locks()):
        publish_article(article, by=None, at=factories.AT)
    assert any('"content_picture"' in sql and "FOR NO KEY UPDATE" in sql for sql in locks.statements)

    with pytest.raises(PictureInUseError):
        delete_picture(picture, by=editor, at=factories.AT)


class Locks:
    """Every statement that locks rows."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if " FOR " in sql:
            self.statements.append(sql)
        return execute(sql, params, many, context)


CHOOSE = "admin:content_picture_choose"


def test_the_box_of_the_editor_shows_pictures_the_newest_first(desk: Browser) -> None:
    first, second = factories.picture(alt="A boat."), factories.picture(alt="A hill.", credit="Picture: Zoe")

    everything = desk.get(reverse(CHOOSE)).content.decode()
    boats = desk.get(reverse(CHOOSE), {"q": " BOAT "}).content.decode()
    by_zoe = desk.get(reverse(CHOOSE), {"q": "zoe"}).content.decode()

    assert everything.index(second.url) < everything.index(first.url)
    assert (first.url in boats, second.url in boats) == (True, False)
    assert (first.url in by_zoe, second.url in by_zoe) == (False, True)
    assert "No picture has these words." in desk.get(reverse(CHOOSE), {"q": "<b>%_"}).content.decode()


def test_the_box_shows_a_few_and_says_that_there_are_more(
    desk: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.picture()
    one = queries_of(lambda: desk.get(reverse(CHOOSE)))
    for _ in range(24):
        factories.picture()

    page = desk.get(reverse(CHOOSE)).content.decode()

    assert page.count("data-picture") == 24
    assert "There are more." in page
    assert queries_of(lambda: desk.get(reverse(CHOOSE))) == one


def test_a_picture_is_taken_in_from_the_box(desk: Browser) -> None:
    sent = desk.post(reverse(CHOOSE), {"file": png(), "alt": "A hill.", "credit": "", "focus": "bottom-left"})

    picture = Picture.objects.get()
    assert (sent.status_code, sent.json()) == (201, {"address": picture.url})
    assert (picture.alt, picture.focus, picture.focus_class) == ("A hill.", "bottom-left", "focus-bottom-left")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "This field is required."),
        ({"file": "new"}, "This field is required."),
        ({"alt": "A hill."}, "This field is required."),
        ({"file": "new", "alt": "A hill.", "focus": "north"}, "Select a valid choice."),
        ({"file": "svg", "alt": "A hill."}, "no picture that we can read"),
    ],
)
def test_what_is_wrong_in_the_box_is_said_there(desk: Browser, data: dict[str, str], expected: str) -> None:
    svg = io.BytesIO(b"<svg onload=alert(1)>")
    svg.name = "new.png"
    files = {"new": png(), "svg": svg}

    sent = desk.post(reverse(CHOOSE), {name: files.get(value, value) for name, value in data.items()})

    assert sent.status_code == 422
    assert expected in sent.content.decode()
    assert not Picture.objects.exists()


def test_authors_show_the_new_photo(visitor: Browser, editor: User) -> None:
    picture = factories.picture(size=(400, 400))
    article = factories.article()
    Author.objects.filter(pk=article.byline_id).update(photo=picture)
    old = picture.thumbnail_url

    new = replaced(picture, editor).thumbnail_url

    page = visitor.get(article.get_absolute_url()).content.decode()
    assert new in page
    assert old not in page
