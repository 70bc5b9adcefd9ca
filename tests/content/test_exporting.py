"""All content as a file: whoever takes it elsewhere, or to another clinic, has the same articles."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext

from content.body import normalise
from content.body.markdown import markdown_of
from content.models import Article, Comment, FormerAddress, FormerPath, Picture, Series, Topic
from content.services.articles import withdraw_article
from content.services.exporting import Kind, export_content
from content.services.pictures import files_of, remove_files
from content.services.workflow import schedule_article
from content.wordpress import read_export, survey
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.connections import connection
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.content.test_wordpress_importing import taken
from tests.harness.browsers import Browsers

AT = factories.AT
LATER = AT + timedelta(days=30)
PRACTICE = '<section data-practice="w1"><h3>Try</h3><p>Ten minutes.</p></section>'


@pytest.fixture
def full(north: Clinic, editor: User) -> dict[str, Article]:
    """An article of each kind, with all that can go with one."""
    boat = factories.picture(alt="A boat", credit="Picture: Jo", size=(40, 20))
    sea = factories.picture(alt="The “sea” & sky", size=(30, 30))
    Picture.objects.filter(pk=sea.pk).update(focus="top")
    by = factories.author(name="Jo Writer", credentials="MSW, PhD")
    body = (
        f'<p>One <strong>two</strong> &amp; ]]&gt; <a href="/articles/draft/">here</a><br>three [gallery] 🌿</p>'
        f'<p data-prompt="rest">What is rest?</p><figure><img src="{boat.url}" alt=""><figcaption>Far</figcaption></figure>'
        f'<figure><img src="{sea.url}" alt="Words of its own"></figure>{PRACTICE}<section data-callout=""><p>Call</p></section>'
    )
    made = {
        "public": factories.article(
            slug="public", byline=by, title="Why <b>rest</b> & “sleep”?", body=body, excerpt="On <rest>.", cover=sea
        ),
        "clients": factories.article(slug="clients", audience="clients", commenting="off"),
        "draft": factories.article(slug="draft", published=False, title="Half a"),
        "withdrawn": factories.article(slug="withdrawn", commenting="on"),
        "scheduled": factories.article(slug="scheduled", published=False),
    }
    withdraw_article(made["withdrawn"], by=None, at=AT)
    schedule_article(made["scheduled"], publish_at=LATER, by=None, at=AT)
    Topic.objects.filter(pk=factories.topic(made["public"], made["draft"], name="Rest & sleep").pk).update(
        description="All about it.", slug="rest"
    )
    factories.series(made["clients"], made["public"], title="A series")
    FormerAddress.objects.create(slug="was-here", article=made["public"])
    FormerPath.objects.create(path="/2019/05/rest", article=made["public"])
    factories.comment(made["public"], body="5 < 6 & <b>so</b>\r\non", pseudonym="Jo & Co", approved_by=editor)
    factories.comment(made["public"], body="I wait.")
    spam = factories.comment(made["public"], body="Buy watches")
    Comment.objects.filter(pk=spam.pk).update(state="spam", decided_at=AT)
    return made


def everything() -> dict[str, Any]:
    """All that can be told apart from ids and from what was published when it was taken in."""
    pictures = {str(pk): alt for pk, alt in Picture.objects.values_list("pk", "alt")}

    def named(body: str) -> str:
        for pk, alt in pictures.items():
            body = body.replace(pk, alt)
        return body

    articles = Article.objects.select_related("current", "byline", "cover", "series").order_by("slug")
    return {
        "articles": [
            (
                *(one.slug, one.title, one.excerpt, one.byline.byline, one.audience, one.commenting, one.status, one.step),
                *(one.publish_at, one.first_published_at, one.cover and one.cover.alt, one.series and one.series.title),
                *(one.part, named(one.body), one.current and (one.current.title, one.current.byline, one.current.published_at)),
            )
            for one in articles
        ],
        "topics": list(Topic.objects.order_by("name").values_list("name", "slug", "description")),
        "topics_of": sorted(Article.topics.through.objects.values_list("article__slug", "topic__name")),
        "series": list(Series.objects.values_list("title", "slug")),
        "pictures": sorted(Picture.objects.values_list("alt", "credit", "focus", "width", "height")),
        "comments": sorted(
            (slug, name, body.replace("\r", ""), state, sent_at.replace(microsecond=0))
            for slug, name, body, state, sent_at in Comment.objects.exclude(state="spam").values_list(
                "article__slug", "pseudonym", "body", "state", "sent_at"
            )
        ),
        "former": sorted(FormerAddress.objects.values_list("slug", "article__slug")),
        "paths": sorted(FormerPath.objects.values_list("path", "article__slug")),
    }  # fmt: skip


def exported(clinic: Clinic, kind: Kind = Kind.WXR, **options: Any) -> bytes:
    out = io.BytesIO()
    export_content(out, kind, clinic=clinic, by=None, at=AT, **options)
    return out.getvalue()


def test_an_empty_clinic_has_the_same_articles_afterwards(
    north: Clinic, south: Clinic, full: dict[str, Article]
) -> None:
    before = everything()
    data = exported(north)

    with inside(south):
        report = taken(data)
        again = taken(data)
        found = everything()

    assert found == before
    assert (report.notes, again.totals["here"]) == ([], 5)
    assert [article[7] for article in before["articles"]] == ["", "", "", "scheduled", ""]


def test_taken_in_where_it_comes_from_nothing_changes(north: Clinic, full: dict[str, Article]) -> None:
    before = everything()

    taken(exported(north))

    assert everything() == before


def test_what_is_for_clients_is_private_elsewhere_and_no_address_of_anybody_is_in_it(
    north: Clinic, full: dict[str, Article], editor: User
) -> None:
    data = exported(north, with_pictures=False)

    states = {post.slug: post.status for post in read_export(io.BytesIO(data))}
    assert states == {
        "public": "publish",
        "clients": "private",
        "draft": "draft",
        "withdrawn": "draft",
        "scheduled": "future",
    }
    assert b"@" not in data and b"Buy watches" not in data
    assert survey(io.BytesIO(data)).site.link == f"http://north.localhost:{settings.PORT}"


def test_what_is_being_changed_is_exported_as_readers_see_it(north: Clinic, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(title="Half a new title", body="<p>Half</p>")

    [post] = read_export(io.BytesIO(exported(north, with_pictures=False)))

    assert post.title == "Why is rest hard?" and "long list" in post.content


def test_letters_that_xml_has_no_word_for_do_not_break_it(north: Clinic, article: Article) -> None:
    comment = factories.comment(article, body="a\x0bb ]]> \ufffe c")
    Comment.objects.filter(pk=comment.pk).update(state="approved", decided_at=AT)

    [post] = read_export(io.BytesIO(exported(north, with_pictures=False)))

    assert post.remarks[0].body == "ab ]]> c"


def test_a_picture_whose_file_is_lost_is_counted_and_the_rest_comes(north: Clinic, full: dict[str, Article]) -> None:
    remove_files(files_of(Picture.objects.get(alt="A boat")))
    out = io.BytesIO()

    written = export_content(out, Kind.WXR, clinic=north, by=None, at=AT)

    assert (written.articles, written.comments, written.pictures, written.lost) == (5, 2, 1, 1)


def test_as_markdown_each_article_is_a_file_with_what_is_known_of_it(
    north: Clinic, full: dict[str, Article], exercise: Any
) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(north, Kind.MARKDOWN))) as file:
        names, text = file.namelist(), file.read("articles/public.md").decode()
        comments = file.read("comments/public.md").decode()
        site = json.loads(file.read("site.json"))
    boat, sea = (Picture.objects.get(alt__startswith=alt) for alt in ("A boat", "The"))

    assert {f"pictures/{boat.pk}.webp", f"pictures/{sea.pk}.webp", f"exercises/{exercise.slug}.json"} <= set(names)
    front, _, body = text.removeprefix("---\n").partition("\n---\n\n")
    said = {name: json.loads(value) for name, _, value in (line.partition(": ") for line in front.splitlines())}
    assert said["title"] == "Why <b>rest</b> & “sleep”?" and said["by"] == "Jo Writer, MSW, PhD"
    assert (said["topics"], said["series"], said["part"], said["state"]) == (
        ["Rest & sleep"],
        "A series",
        2,
        "published",
    )
    assert (said["date"], said["cover"]) == ("2024-01-08T09:00:00+00:00", f"../pictures/{sea.pk}.webp")
    assert f"![A boat](../pictures/{boat.pk}.webp)\\\nFar\n\n![Words of its own](../pictures/{sea.pk}.webp)" in body
    assert "<!-- question to the reader: rest -->\n\nWhat is rest?" in body
    assert comments.startswith("## Jo \\& Co, 2026-11-16T10:00:00+00:00\n\n5 \\< 6 \\& \\<b\\>so\\</b\\>\\\non\n")
    assert site["topics"] == [{"name": "Rest & sleep", "address": "rest", "description": "All about it."}]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p># a<br>- b<br>1. c<br>= d</p>", "\\# a\\\n\\- b\\\n1\\. c\\\n\\= d"),
        ("<p>*a* _b_ `c` [d](e) &lt;f&gt; &amp;amp; \\</p>", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; \\\\"),
        ("<p>a<strong> b </strong>c<em>d</em></p>", "a **b** c*d*"),
        ('<p><a href="https://a.example/?b=(c)">d</a></p>', "[d](<https://a.example/?b=(c)>)"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n2. c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<h2>a</h2><hr><h3>b</h3>", "## a\n\n---\n\n### b"),
        (
            PRACTICE,
            "<!-- practice for the week -->\n\n### Try\n\nTen minutes.\n\n<!-- end of practice for the week -->",
        ),
    ],
)
def test_a_body_as_markdown(html: str, markdown: str) -> None:
    def nothing(_: UUID) -> tuple[str, str]:
        return "", ""

    assert markdown_of(normalise(html), pictures=nothing) == f"{markdown}\n"


def queries(act: Callable[[], object]) -> int:
    act()
    with CaptureQueriesContext(connections["default"]) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("kind", Kind)
def test_it_asks_the_database_as_often_whatever_there_is(north: Clinic, kind: Kind) -> None:
    factories.comment(factories.article())
    few = queries(lambda: exported(north, kind))
    for _ in range(8):
        factories.comment(factories.article(cover=factories.picture()))

    assert queries(lambda: exported(north, kind)) == few


def run(*arguments: object) -> str:
    out, before = io.StringIO(), connection.tenant
    try:
        call_command("export_content", "north", *map(str, arguments), stdout=out)
    finally:
        connection.set_tenant(before)
    return out.getvalue()


def test_the_command_writes_a_file_that_was_not_there_and_says_what_is_in_it(
    north: Clinic, full: dict[str, Article], tmp_path: Path
) -> None:
    told = run("--as", "wxr", "--out", tmp_path / "a.zip")
    alone = json.loads(run("--as", "wxr", "--out", tmp_path / "a.xml", "--json"))
    run("--as", "markdown", "--out", tmp_path / "b.zip")

    assert told == f"{tmp_path / 'a.zip'}: 5 articles, 2 comments, 2 pictures.\n"
    assert (alone["articles"], alone["pictures"]) == (5, 0)
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["a.xml", "a.zip", "b.zip"]
    events = AuditEvent.objects.filter(action=Action.CONTENT_EXPORTED)
    assert sorted(events.values_list("purpose", flat=True)) == ["markdown", "wxr", "wxr"]


def test_the_command_writes_over_nothing(north: Clinic, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mine")

    for arguments, words in (
        (("--as", "wxr", "--out", tmp_path / "a.zip"), "is there already"),
        (("--as", "markdown", "--out", tmp_path / "a.xml"), "name a zip"),
        (("--as", "wxr", "--out", tmp_path / "nowhere/a.zip"), "can’t be written"),
    ):
        with pytest.raises(CommandError, match=words):
            run(*arguments)
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_at_the_desk_it_is_taken_by_whoever_has_just_shown_who_they_are(
    full: dict[str, Article], owner: User, clinician: User, browser_of: Browsers
) -> None:
    browser = browser_of(owner)
    page = browser.get("/admin/export/")
    asked = browser.get("/admin/export/wxr/")
    browser.confirm(owner)
    files = {kind: browser.get(f"/admin/export/{kind}/") for kind in ("wxr", "markdown", "pdf")}

    assert "5 articles with comments and 2 pictures" in page.content.decode()
    assert "/login/" in asked["Location"] or "reauthenticate" in asked["Location"]
    assert [answer.status_code for answer in files.values()] == [200, 200, 404]
    for kind, first in (("wxr", "export.xml"), ("markdown", "articles/")):
        with zipfile.ZipFile(io.BytesIO(files[kind].getvalue())) as file:
            assert file.testzip() is None and file.namelist()[0].startswith(first)
    assert files["wxr"]["Content-Disposition"].startswith('attachment; filename="north-')
    assert {event.actor for event in AuditEvent.objects.filter(action=Action.CONTENT_EXPORTED)} == {owner.pk}
    assert browser_of(clinician).confirm(clinician).get("/admin/export/wxr/").status_code == 403
