"""Taking in an export of WordPress: what becomes of it, twice, cut off in the middle, and by somebody who means ill."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from PIL import Image

from config.bench import exports
from content.models import Article, ArticleRevision, Author, Comment, ImportedRow, Picture, Topic
from content.services.articles import ArticleNotReadyError
from content.services.commenting import erase_comment
from content.services.importing import keeping, opened_source, prepare, take_in
from content.services.workflow import PUBLISH_TASK
from content.wordpress import ExportError, Report, uploads
from practices.audit.models import Action, AuditEvent
from practices.connections import connection
from practices.models import Clinic, ClinicWakeup
from practices.tenancy import inside
from tests import factories
from tests.harness.databases import Database, GoneError, gone_after
from tests.harness.work import eventually

AT = factories.AT
BOAT = '<img class="a" src="https://old.example/wp-content/uploads/2019/03/boat-300x200.jpg" alt="{}" />'


def taken(data: bytes, *, media: Any = None, at: datetime = AT) -> Report:
    """The whole file, as the command does it."""
    report = Report()
    with opened_source(io.BytesIO(data), media=media, zone=UTC) as source:
        for entry in source.entries():
            take_in(prepare(source, entry, at=at), source, report, by=None, at=at)
    return report


def one(**fields: Any) -> Article:
    taken(exports.export(exports.post(1, **fields)))
    return Article.objects.select_related("current", "byline").get()


def words(report: Report) -> list[str]:
    return [note.words for note in report.notes]


def picture_file(name: str = "wp-content/uploads/2019/03/boat.jpg", *, data: bytes | None = None) -> io.BytesIO:
    """A zip with one file in it."""
    drawn, packed = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(drawn, "JPEG")
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(name, drawn.getvalue() if data is None else data)
    packed.seek(0)
    return packed


def everything() -> dict[str, Any]:
    """What an import leaves behind, without ids."""
    articles = Article.objects.order_by("slug").values_list(
        *(
            "slug",
            "title",
            "body",
            "excerpt",
            "status",
            "audience",
            "first_published_at",
            "byline__name",
            "current__number",
        )
    )
    comments = Comment.objects.order_by("sent_at", "body", "pseudonym")
    return {
        "articles": list(articles),
        "topics": sorted(Topic.objects.values_list("name", flat=True)),
        "topics_of": sorted(Article.topics.through.objects.values_list("article__slug", "topic__name")),
        "authors": sorted(Author.objects.values_list("name", "credentials")),
        "comments": list(comments.values_list("article__slug", "pseudonym", "body", "state", "sent_at")),
        "revisions": ArticleRevision.objects.count(),
        "pictures": Picture.objects.count(),
        "remembered": sorted(ImportedRow.objects.values_list("pk", flat=True)),
    }  # fmt: skip


def test_a_post_becomes_an_article_under_its_own_day_and_address(north: Clinic) -> None:
    article = one(title="Why is rest hard?", excerpt="On rest.", topics=[("category", "Rest"), ("post_tag", "night")])

    assert (article.slug, article.status, article.byline.byline) == ("rest-1", "published", "Jo Writer, MSW")
    assert article.first_published_at == article.revision.published_at == datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
    assert (article.revision.body, article.excerpt) == ("<p>Some weeks feel long.</p>", "On rest.")
    assert [topic.name for topic in article.topics.all()] == ["Rest"]
    assert AuditEvent.objects.get(action=Action.ARTICLE_PUBLISHED).at == AT


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"status": "draft"}, "draft", None),
        ({"status": "pending"}, "draft", None),
        ({"status": "private"}, "draft", "It was private."),
        ({"password": "1234"}, "draft", "It was behind a password."),
        ({"kind": "page"}, "draft", "It was a page."),
        ({"status": "future"}, "published", None),
        ({"status": "archived"}, "draft", "Its state “archived” is none that we know."),
        ({"content": "[gallery ids='1']"}, "draft", "It is a draft now, since there is no text in it"),
    ],
)
def test_what_is_not_for_everybody_there_is_a_draft_here(
    north: Clinic, fields: dict[str, Any], status: str, said: str | None
) -> None:
    report = taken(exports.export(exports.post(1, **fields)))

    assert Article.objects.get().status == status
    assert (said is None and report.notes == []) or any(line.startswith(str(said)) for line in words(report))


def test_what_was_to_appear_later_appears_by_itself_then(north: Clinic) -> None:
    article = one(status="future", at=datetime(2027, 1, 1, 9))

    moment = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert (article.status, article.step, article.publish_at) == ("draft", "scheduled", moment)
    assert ClinicWakeup.objects.get(clinic=north, kind=PUBLISH_TASK).due_at == moment


@pytest.mark.parametrize("status", ["trash", "auto-draft", "inherit"])
def test_what_lay_in_the_bin_or_was_never_written_is_left_out_with_its_line(north: Clinic, status: str) -> None:
    report = taken(exports.export(exports.post(1), exports.post(2, status=status)))

    assert Article.objects.count() == 1
    assert report.totals["left_out"] == 1
    assert [note.line for note in report.notes] == [13]


def test_a_text_that_no_article_can_hold_is_left_out_and_the_others_come(north: Clinic) -> None:
    report = taken(exports.export(exports.post(1, content="<ul>" * 2000), exports.post(2)))

    assert Article.objects.get().slug == "rest-2"
    assert words(report) == ["Left out: this text has too many parts. Split it into two articles."]


def test_comments_come_with_their_state_and_without_any_address(north: Clinic) -> None:
    said = [
        exports.comment(1, "Thank you.", name="jo@old.example"),
        exports.comment(2, "I wait to be read, and I want to die.", approved="0", name=""),
        *(exports.comment(n, "Buy now", approved=verdict) for n, verdict in ((3, "spam"), (4, "trash"))),
        exports.comment(5, "Linked from elsewhere", kind="pingback"),
        exports.comment(6, "  "),
    ]
    report = taken(exports.export(exports.post(1, comments=said)))

    shown, held = Comment.objects.order_by("state")
    assert (shown.pseudonym, shown.body, shown.state) == ("jo", "Thank you.", "approved")
    assert shown.sent_at == datetime(2019, 4, 1, 12, tzinfo=UTC)
    assert (held.pseudonym, held.state, held.reasons) == ("Anonymous", "held", ["crisis"])
    assert (shown.sender, held.decided_at) == (None, None)
    assert report.totals["comments_left_out"] == 4


def test_done_twice_nothing_is_different(north: Clinic, south: Clinic) -> None:
    data = exports.large(posts=40, comments=120)

    first = taken(data)
    before = everything()
    second = taken(data, at=AT + timedelta(days=1))

    assert everything() == before
    assert len(before["articles"]) == 36 and len(before["comments"]) > 60
    assert second.totals["here"] == 36 and second.totals["comments_here"] == len(before["comments"])
    assert first.totals["published"] == 24 and "published" not in second.totals
    with inside(south):
        assert everything()["remembered"] == []


def test_what_was_changed_here_or_there_stays_as_it_is_here(north: Clinic) -> None:
    article = one()
    Article.objects.filter(pk=article.pk).update(title="Ours")

    report = taken(exports.export(exports.post(1, title="Theirs", comments=[exports.comment(1, "New since")])))

    assert Article.objects.get().title == "Ours"
    assert words(report) == [
        "It was taken in before, and has changed in the export since. What is here stays as it is."
    ]
    assert Comment.objects.get().body == "New since"


def test_a_comment_that_was_erased_here_does_not_come_back(north: Clinic) -> None:
    data = exports.export(exports.post(1, comments=[exports.comment(1, "I want this gone.")]))
    taken(data)
    erase_comment(Comment.objects.get(), by=None, at=AT)

    taken(data)

    assert not Comment.objects.exists()


def test_an_address_that_is_taken_gets_a_number(north: Clinic) -> None:
    factories.article(slug="rest-1", byline=factories.author())

    taken(exports.export(exports.post(1), exports.post(2, slug="%C3%BCber-uns"), exports.post(3, slug="")))

    assert sorted(Article.objects.values_list("slug", flat=True)) == [
        "rest-1",
        "rest-1-2",
        "uber-uns",
        "why-is-rest-hard",
    ]


def test_people_and_topics_that_are_here_are_not_made_again(north: Clinic) -> None:
    author = factories.author(name="Jo Writer", credentials="MSW")
    topic = factories.topic(name="rest")

    article = one(topics=[("category", "Rest"), ("category", "REST")])

    assert article.byline == author
    assert list(article.topics.all()) == [topic]


def test_a_login_that_is_a_mail_address_is_not_shown(north: Clinic) -> None:
    assert one(creator="sam.sage@old.example").byline.name == "sam.sage"


def test_links_to_the_old_site_lead_to_the_same_address_here(north: Clinic) -> None:
    article = one(
        content="<a href=\"https://www.old.example/2019/03/rest-2/?a=1&amp;b=2\">a</a> <a href='http://old.example'>b</a>"
        ' <a href="https://old.example/wp-content/uploads/a.pdf">c</a> <a href="https://other.example/x">d</a>'
    )

    addresses = [part.partition('"')[0] for part in article.body.split('href="')[1:]]
    assert addresses == [
        "/2019/03/rest-2/?a=1&amp;b=2",
        "/",
        "https://old.example/wp-content/uploads/a.pdf",
        "https://other.example/x",
    ]


def test_pictures_that_are_given_are_kept_once_with_their_words(north: Clinic) -> None:
    library = exports.attachment(7, "2019/03/boat.jpg", alt="A boat at dawn", caption="Picture: Jo")
    data = exports.export(
        library,
        exports.post(1, content=f"Look\n\n{BOAT.format('')}", meta={"_thumbnail_id": "7"}),
        exports.post(2, content=BOAT.format("The same boat")),
    )

    report = taken(data, media=picture_file())
    taken(data, media=picture_file())

    picture = Picture.objects.get()
    assert (picture.alt, picture.credit, picture.width) == ("A boat at dawn", "Picture: Jo", 40)
    first, second = Article.objects.order_by("slug")
    assert first.cover == picture and first.revision.cover == picture
    assert first.body == f'<p>Look</p>\n<figure><img src="{picture.url}" alt=""></figure>'
    assert second.body == f'<figure><img src="{picture.url}" alt="The same boat"></figure>'
    assert report.totals["pictures"] == 1 and report.notes == []


def test_a_folder_does_as_well_as_a_zip_and_the_export_may_lie_in_the_zip(north: Clinic, tmp_path: Path) -> None:
    (tmp_path / "2019/03").mkdir(parents=True)
    packed = picture_file("uploads/2019/03/boat.jpg")
    with zipfile.ZipFile(packed, "a") as file:
        (tmp_path / "2019/03/boat-scaled.jpg").write_bytes(file.read("uploads/2019/03/boat.jpg"))
        file.writestr("export.xml", exports.export(exports.post(1, content=BOAT.format("Boat"))))

    taken(packed.getvalue())
    taken(exports.export(exports.post(2, content=BOAT.format("Boat"))), media=tmp_path)

    assert [article.status for article in Article.objects.all()] == ["published", "published"]
    assert Picture.objects.count() == 2


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\xff\xd8\xff broken", b""])
def test_a_file_that_is_no_picture_is_named_and_the_text_comes_without_it(north: Clinic, data: bytes) -> None:
    report = taken(exports.export(exports.post(1, content=f"Look\n\n{BOAT.format('')}")), media=picture_file(data=data))

    assert Article.objects.get().body == "<p>Look</p>"
    assert any("This file is no picture that we can read" in line for line in words(report))


def test_a_zip_with_more_names_than_fit_in_memory_is_not_opened(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted block by block, a name that two blocks share too."""
    packed = picture_file()
    with zipfile.ZipFile(packed, "a") as file:
        for number in range(40):
            file.writestr(f"2019/03/{number}.txt", "a")
    monkeypatch.setattr(uploads, "BLOCK", 7)

    assert uploads.names_in(packed) == 41
    monkeypatch.setattr(uploads, "MOST_FILES", 40)
    with pytest.raises(ExportError, match="more than 40 files"):
        taken(exports.export(exports.post(1)), media=packed)


def test_a_picture_of_which_nobody_said_what_it_shows_gets_a_stand_in_and_is_told(north: Clinic) -> None:
    report = taken(exports.export(exports.post(1, content=BOAT.format(""))), media=picture_file())

    assert Picture.objects.get().alt == "A picture from “Why is rest hard?”"
    assert words(report) == ["Nobody has said what the picture “2019/03/boat.jpg” shows. Please do, under Pictures."]
    assert Article.objects.get().status == "published"


def test_one_post_that_goes_wrong_does_not_stop_the_others(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(article: Article, **_: Any) -> None:
        raise ValueError(article.title) if article.slug == "rest-1" else ArticleNotReadyError("Say what it shows.")

    monkeypatch.setattr(keeping, "publish_article", stumbles)
    report = taken(exports.export(exports.post(1, comments=[exports.comment(1, "Thanks")]), exports.post(2)))

    assert [article.slug for article in Article.objects.all()] == ["rest-2"]
    assert ImportedRow.objects.count() == 1
    assert words(report) == [
        "Left out: something went wrong with it here. Whoever runs the server finds more in the log",
        "It is a draft now. Say what it shows.",
    ]


def run(*arguments: str | Path) -> str:
    """The command; the test stays in the clinic that it was in."""
    out, before = io.StringIO(), connection.tenant
    try:
        call_command("import_wordpress", "north", *map(str, arguments), stdout=out, stderr=io.StringIO())
    finally:
        connection.set_tenant(before)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.xml"
    path.write_bytes(exports.large(posts=20, comments=60))
    return path


def test_a_dry_run_says_what_would_come_and_changes_nothing(north: Clinic, file: Path) -> None:
    looked = json.loads(run(file, "--dry-run", "--json"))
    after_looking = everything()
    done = json.loads(run(file, "--json"))

    assert after_looking["articles"] == after_looking["comments"] == after_looking["topics"] == []
    assert looked["counts"] == done["counts"]
    assert looked["notes"] == done["notes"]
    assert looked["counts"]["published"] == 12 and looked["counts"]["authors"] == 3
    assert AuditEvent.objects.filter(action=Action.CONTENT_IMPORTED).count() == 1


def test_the_command_tells_in_words(north: Clinic, file: Path) -> None:
    told = run(file)

    assert told.startswith("Taken in:\n  12 articles that readers will see\n")
    assert "“Post 9: what is rest? & more 🌱”: Left out: it lay in the bin." in told


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_of_a_broken_file_the_place_is_told_and_nothing_is_taken_in(
    north: Clinic, tmp_path: Path, dry: list[str]
) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(exports.export(*(exports.post(n) for n in range(1, 30)))[:-200])

    with pytest.raises(CommandError, match=r"line \d\d"):
        run(path, *dry)
    with pytest.raises(CommandError, match="no zip"):
        run(path, "--media", path, *dry)
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nowhere.xml", *dry)

    assert everything()["remembered"] == [] and not AuditEvent.objects.filter(action=Action.CONTENT_IMPORTED).exists()


def test_cut_off_in_the_middle_and_done_again_it_is_as_if_done_once(fresh_database: Database, file: Path) -> None:
    for statements in (100, 151, 202):
        with pytest.raises(GoneError), connections["default"].execute_wrapper(gone_after(statements)):
            run(file)
    with inside(fresh_database.north):
        some = everything()
    run(file)
    with inside(fresh_database.north):
        cut = everything()
    with inside(fresh_database.south):
        taken(file.read_bytes(), at=datetime.now(UTC))
        whole = everything()

    assert 0 < len(some["articles"]) < 18
    assert cut == whole


def test_killed_as_a_process_and_run_again_it_is_as_if_done_once(fresh_database: Database, file: Path) -> None:
    command = [sys.executable, "manage.py", "import_wordpress", "north", str(file)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=fresh_database.environment, stderr=subprocess.DEVNULL
    ) as one:
        with inside(fresh_database.north):
            eventually(lambda: Article.objects.count() >= 3)
        one.kill()
    with inside(fresh_database.north):
        some = Article.objects.count()
    run(file)
    with inside(fresh_database.north):
        cut = everything()
    with inside(fresh_database.south):
        taken(file.read_bytes(), at=datetime.now(UTC))
        whole = everything()

    assert 3 <= some < 18
    assert cut == whole
