"""Articles in the admin: written, published, withdrawn; bad input is answered in words."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from PIL import Image

from content.models import Article, Author, Exercise, Picture
from content.services.articles import keep_draft, publish_article, withdraw_article
from practices.accounts.models import User
from practices.accounts.permissions import GRANTS, Act, Role
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.content.test_public import stored_picture
from tests.harness.browsers import Browser
from tests.harness.databases import Database

ADD = "admin:content_article_add"
QUESTION = '<p>Some weeks feel long.</p><p data-prompt="">What does rest look like for you?</p>'


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def picture_file(kind: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(file, kind)
    file.seek(0)
    file.name = f"../../evil.{kind.lower()}"
    return file


def filled(article: Article | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends: a new article, or this one as it is."""
    data: dict[str, Any] = {"title": "Why is rest hard?", "body": QUESTION, "audience": "public", "guest_name": "Maya"}
    if article:
        article.refresh_from_db()
        data = {
            "title": article.title,
            "body": article.body,
            "byline": article.byline_id,
            "cover": article.cover_id or "",
            "excerpt": article.excerpt,
            "audience": article.audience,
            "slug": article.slug,
            "seen": article.changed_at.isoformat(),
        }
    return data | {"_save": "Save"} | changes


def change(article: Article) -> str:
    return reverse("admin:content_article_change", args=[article.pk])


def words(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_new_article_is_a_draft_by_its_guest_and_posted_by_whoever_wrote_it_down(
    desk: Browser, editor: User, visitor: Browser
) -> None:
    response = desk.post(
        reverse(ADD), filled(guest_name="Firstname Lastname", guest_credentials="MSW", excerpt="In short.")
    )

    article = Article.objects.get()
    assert response.headers["Location"] == change(article)
    assert (article.status, article.slug) == ("draft", "why-is-rest-hard")
    assert article.byline.byline == "Firstname Lastname, MSW"
    assert article.posted_by == editor
    assert article.question_count == 1
    assert "Readers don’t see it yet" in words(desk.get(change(article)))
    assert visitor.get(article.get_absolute_url()).status_code == 404


def test_saved_and_published_in_one_go(desk: Browser, visitor: Browser) -> None:
    desk.post(reverse(ADD), filled(_publish="Save and publish"))

    article = Article.objects.get()
    assert article.status == "published"
    assert "What does rest look like for you?" in words(visitor.get(article.get_absolute_url()))
    exercise = Exercise.objects.get(article=article)
    assert exercise.current is not None
    assert exercise.current.prompt_count == 1
    page = words(desk.get(change(article)))
    assert "Readers see revision 1" in page
    assert "Everything is published" in page
    assert "is published. Readers see it now." in page


def test_a_saved_change_waits_until_it_is_published(desk: Browser, visitor: Browser, article: Article) -> None:
    desk.post(change(article), filled(article, title="Seen anew"))

    assert "You have changes that are not published" in words(desk.get(change(article)))
    assert "Seen anew" not in words(visitor.get(article.get_absolute_url()))

    desk.post(change(article), filled(article, _publish="1"))

    assert "Everything is published" in words(desk.get(change(article)))
    assert "Seen anew" in words(Browser(visitor.clinic).get(article.get_absolute_url() + "?now"))


def test_ids_of_questions_stay_when_an_article_is_edited(desk: Browser, article: Article) -> None:
    desk.post(change(article), filled(article, title="Seen anew", _publish="1"))

    versions = article.exercise.versions.order_by("number")
    assert [[prompt.id for prompt in version.parsed.prompts] for version in versions] == [["rest"], ["rest"]]


def test_ones_own_author_is_chosen_already(desk: Browser, editor: User) -> None:
    author = Author.objects.create(name="Edith Editor", user=editor)

    assert f'<option value="{author.pk}" selected>' in words(desk.get(reverse(ADD)))


def test_a_known_guest_is_not_made_twice(desk: Browser) -> None:
    for title in ("One", "Two"):
        desk.post(reverse(ADD), filled(title=title, guest_credentials="MSW"))

    assert Author.objects.count() == 1


def test_under_ones_own_name_one_is_oneself(desk: Browser, editor: User) -> None:
    desk.post(reverse(ADD), filled(guest_name="Edith Editor"))

    assert Author.objects.get().user == editor


def test_a_guest_replaces_the_author_that_was_chosen(desk: Browser, article: Article) -> None:
    desk.post(change(article), filled(article, guest_name="Maya Ellison"))

    article.refresh_from_db()
    assert article.byline.name == "Maya Ellison"


def test_a_cover_comes_with_the_article(desk: Browser) -> None:
    desk.post(
        reverse(ADD), filled(cover_file=picture_file(), cover_alt="An empty bench.", cover_credit="Picture: North")
    )

    cover = Article.objects.get().cover
    assert cover is not None
    assert (cover.alt, cover.credit, cover.widths) == ("An empty bench.", "Picture: North", [320, 480, 600])


def test_a_cover_can_be_one_that_is_there(desk: Browser, article: Article) -> None:
    picture = stored_picture()

    desk.post(change(article), filled(article, cover=picture.pk))

    article.refresh_from_db()
    assert article.cover == picture


def test_two_articles_of_one_title_have_two_addresses(desk: Browser) -> None:
    for _ in range(2):
        desk.post(reverse(ADD), filled())

    assert set(Article.objects.values_list("slug", flat=True)) == {"why-is-rest-hard", "why-is-rest-hard-2"}


def test_several_who_save_one_title_at_once_get_an_address_each(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        editor, author = factories.staff(Role.EDITOR), Author.objects.create(name="Maya")

    def save(_: int) -> str:
        with inside(fresh_database.north):
            article = Article(title="At once", byline=author)
            keep_draft(article, by=editor, at=factories.AT)
        connections.close_all()
        return article.slug

    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(save, range(4)))

    assert addresses == {"at-once", "at-once-2", "at-once-3", "at-once-4"}


def test_a_published_article_keeps_its_address_when_the_field_is_emptied(desk: Browser, article: Article) -> None:
    before = article.slug

    page = words(desk.post(change(article), filled(article, slug="", title="")))
    desk.post(change(article), filled(article, slug=""))
    article.refresh_from_db()

    assert f"/articles/{before}/" in page
    assert article.slug == before


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(desk: Browser, article: Article) -> None:
    first, second = filled(article, title="The first"), filled(article, title="The second")
    desk.post(change(article), first)

    page = words(desk.post(change(article), second))

    article.refresh_from_db()
    assert article.title == "The first"
    assert "Somebody else saved this article" in page
    assert 'value="The second"' in page

    desk.post(change(article), second | {"seen": article.changed_at.isoformat()})

    article.refresh_from_db()
    assert article.title == "The second"


def test_an_article_withdrawn_meanwhile_is_not_put_back_by_a_save(
    desk: Browser, article: Article, editor: User
) -> None:
    data = filled(article, title="Typed before")
    withdraw_article(article, by=editor, at=factories.AT)

    assert "Somebody else saved this article" in words(desk.post(change(article), data))
    article.refresh_from_db()
    assert article.status == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 161}, "at most 160 characters"),
        ({"slug": "x" * 81}, "at most 80 characters"),
        ({"slug": "../admin"}, "valid “slug”"),
        ({"slug": "taken"}, "Another article has this address."),
        ({"body": "<p>x</p>" * 40_000}, "This text is too long."),
        ({"body": "<blockquote>" * 3000 + "x"}, "too many parts"),
        ({"guest_name": ""}, "Choose who wrote it"),
        ({"guest_name": "", "byline": "nobody"}, "not a valid UUID"),
        ({"guest_name": "", "guest_credentials": "MSW"}, "Write the name that these credentials belong to."),
        ({"byline": "00000000-0000-0000-0000-000000000000"}, "not one of the available choices"),
        ({"audience": "nobody"}, "not one of the available choices"),
        ({"cover": "x"}, "not a valid UUID"),
        ({"cover_file": picture_file()}, "Say in one sentence what the new picture shows."),
        ({"cover_file": io.BytesIO(b"<svg/>"), "cover_alt": "x"}, "no picture that we can read"),
        ({"body": "", "_publish": "1"}, "Write something first: the article is empty."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    desk: Browser, changes: dict[str, Any], expected: str
) -> None:
    taken = factories.article(published=False)
    Article.objects.filter(pk=taken.pk).update(slug="taken")
    for file in changes.values():
        if isinstance(file, io.BytesIO):
            file.seek(0)

    page = words(desk.post(reverse(ADD), filled(excerpt="In short.", **changes)))

    assert expected in page
    assert "In short." in page
    assert Article.objects.count() == 1
    assert not Picture.objects.exists()


@pytest.mark.parametrize(("changes", "status"), [({"title": "a\0b"}, 400), ({"body": "x" * (2 * 2**20 + 1)}, 413)])
def test_what_cannot_be_a_form_is_refused(desk: Browser, changes: dict[str, Any], status: int) -> None:
    assert desk.post(reverse(ADD), filled(**changes)).status_code == status


def test_markup_in_words_stays_words(desk: Browser) -> None:
    evil = '"><script>alert(1)</script>'

    desk.post(reverse(ADD), filled(title=evil, guest_name=evil[:60], body=f"<p>Hello{evil}</p>", _publish="1"))

    article = Article.objects.get()
    for page in (words(desk.get(change(article))), words(desk.get(reverse("admin:content_article_changelist")))):
        assert "<script>alert" not in page


def test_withdrawing_is_asked_first_and_can_be_undone(desk: Browser, visitor: Browser, article: Article) -> None:
    address = reverse("admin:content_article_withdraw", args=[article.pk])

    assert "goes off the site at once" in words(desk.get(address))
    assert visitor.get(article.get_absolute_url() + "?before").status_code == 200
    desk.post(address)
    assert visitor.get(article.get_absolute_url() + "?after").status_code == 410
    assert desk.post(address).status_code == 404

    desk.post(change(article), filled(article, _publish="1"))
    assert visitor.get(article.get_absolute_url() + "?again").status_code == 200


def test_what_somebody_may_not_publish_they_may_still_write(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRANTS, Role.EDITOR, frozenset({Act.WRITE_ARTICLES}))
    desk.post(reverse(ADD), filled())
    article = Article.objects.get()

    page = words(desk.get(change(article)))
    refused = desk.post(change(article), filled(article, _publish="1"))

    assert "Save draft" in page
    assert "Save and publish" not in page
    assert refused.status_code == 403
    article.refresh_from_db()
    assert article.status == "draft"


def test_the_list_says_what_state_each_article_is_in(desk: Browser, article: Article, editor: User) -> None:
    factories.article(published=False, title="Half a thought", body="<p>Only words.</p>")
    withdrawn = factories.article(title="Gone")
    withdraw_article(withdrawn, by=editor, at=factories.AT)

    page = words(desk.get(reverse("admin:content_article_changelist")))
    found = words(desk.get(reverse("admin:content_article_changelist"), {"q": "Half", "status__exact": "draft"}))

    for expected in ("published", "withdrawn", "draft", "1\u00a0question", "none", article.byline.name):
        assert expected in page
    assert "Half a thought" in found
    assert "Why is rest hard?" not in found


def test_queries_of_the_list_do_not_grow(desk: Browser, queries_of: Callable[[Callable[[], Any]], int]) -> None:
    address = reverse("admin:content_article_changelist")
    factories.article()
    one = queries_of(lambda: desk.get(address))
    for _ in range(20):
        factories.article()

    assert queries_of(lambda: desk.get(address)) == one


def test_only_clinicians_are_led_to_assign(
    desk: Browser, browser_of: Callable[..., Browser], clinician: User, article: Article
) -> None:
    address = f"{reverse('admin:assign')}?article={article.pk}"

    assert address in words(browser_of(clinician).get(change(article)))
    assert address not in words(desk.get(change(article)))


def test_nobody_deletes_an_article(desk: Browser, article: Article) -> None:
    assert desk.post(reverse("admin:content_article_delete", args=[article.pk]), {"post": "yes"}).status_code == 403
    desk.post(
        reverse("admin:content_article_changelist"), {"action": "delete_selected", "_selected_action": article.pk}
    )
    assert Article.objects.filter(pk=article.pk).exists()


def test_an_article_of_another_clinic_is_not_found(desk: Browser, south: Clinic, article: Article) -> None:
    with inside(south):
        elsewhere = factories.article(title="From the south")

    for address in (
        change(elsewhere),
        reverse("admin:content_article_withdraw", args=[elsewhere.pk]),
        reverse("admin:content_article_change", args=["not-an-id"]),
    ):
        assert desk.get(address).status_code == 404


def test_published_again_it_keeps_the_date_of_its_first_day(article: Article, editor: User) -> None:
    publish_article(article, by=editor, at=factories.AT)

    article.refresh_from_db()
    assert article.first_published_at == factories.LONG_AGO
    assert article.revision.number == 2
