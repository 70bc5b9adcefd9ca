"""The moderation queue, the owner's switch, and the mail that says something waits."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from content.models import Article, Comment, CommentSettings
from content.models.comments import REFUSED_KEPT, SENDER_KEPT
from content.services.moderating import approve_comment, mark_spam, remove_comment
from content.services.tending import TEND_TASK, next_tending, tend_comments
from content.tasks import tend
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

QUEUE = "/admin/comments/"
State = Comment.State


@pytest.fixture
def desk(editor: User, browser_of: Browsers) -> Browser:
    return browser_of(editor)


def decide(desk: Browser, **data: object):
    return desk.post(f"{QUEUE}decide/", data, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)] + re.findall(
        r'<li class="(?:success|warning)">(.*?)</li>', response.content.decode()
    )


def test_the_newest_held_comment_is_on_top_with_what_the_checks_found(
    article: Article, desk: Browser, at: datetime
) -> None:
    factories.comment(article, pseudonym="Older", at=at)
    factories.comment(
        article, pseudonym="Newer", body="See www.one.example and www.two.example, it is good.", at=timezone.now()
    )

    page = desk.get(QUEUE).content.decode()

    assert page.index("Newer") < page.index("Older")
    assert page.count("Links</span>") == 1
    assert article.title in page


@pytest.mark.parametrize("is_trapped", [False, True], ids=["held", "taken for spam"])
def test_whoever_may_need_help_is_read_first(article: Article, desk: Browser, at: datetime, is_trapped: bool) -> None:
    worrying = "Some nights I don’t want to live any more."
    for name, body, sent in (("Older", "", 0), ("Needs help", worrying, 1), ("Newer", "", 2)):
        factories.comment(article, pseudonym=name, body=body, at=at + timedelta(hours=sent), is_trapped=is_trapped)

    page = desk.get(f"{QUEUE}?show={'spam' if is_trapped else 'held'}").content.decode()

    assert page.index("Needs help") < page.index("Newer") < page.index("Older")


def test_the_sidebar_says_how_many_wait(article: Article, desk: Browser, editor: User) -> None:
    factories.comment(article)
    factories.comment(article, approved_by=editor)

    assert '1<span class="visually-hidden"> waiting</span>' in desk.get("/admin/content/article/").content.decode()


@pytest.mark.parametrize("state", State.values)
def test_an_empty_queue_says_so(north: Clinic, desk: Browser, state: str) -> None:
    page = desk.get(f"{QUEUE}?show={state}")

    assert page.status_code == 200 and 'class="empty"' in page.content.decode()


def test_a_filter_that_is_none_shows_what_is_held(article: Article, desk: Browser) -> None:
    factories.comment(article, pseudonym="Held One")

    assert "Held One" in desk.get(f"{QUEUE}?show=nonsense").content.decode()
    assert desk.get(f"{QUEUE}?page=2").status_code == 404


@pytest.mark.parametrize("to", [State.APPROVED, State.SPAM, State.REMOVED])
def test_one_button_decides_and_one_takes_it_back(article: Article, desk: Browser, editor: User, to: str) -> None:
    comment = factories.comment(article)

    page = decide(desk, one=f"{to}:{comment.pk}")
    comment.refresh_from_db()
    assert (comment.state, comment.decided_by) == (to, editor)
    assert "Take back" in page.content.decode()

    desk.post(f"{QUEUE}undo/")
    comment.refresh_from_db()
    assert (comment.state, comment.decided_by, comment.decided_at) == (State.HELD, None, None)


def test_many_are_decided_at_once_and_taken_back_to_what_each_was(
    article: Article, desk: Browser, editor: User, at: datetime
) -> None:
    held, approved, other = (factories.comment(article) for _ in range(3))
    approve_comment(approved, by=editor, at=at)

    page = decide(desk, to="spam", comments=[held.pk, approved.pk], show="held")
    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {held.pk: "spam", approved.pk: "spam", other.pk: "held"}
    assert "2 comments marked as spam." in page.content.decode()

    desk.post(f"{QUEUE}undo/")
    assert dict(Comment.objects.values_list("pk", "state")) == {
        held.pk: "held",
        approved.pk: "approved",
        other.pk: "held",
    }


def test_undo_is_offered_once_and_does_nothing_twice(article: Article, desk: Browser) -> None:
    comment = factories.comment(article)
    decide(desk, one=f"approved:{comment.pk}")
    desk.post(f"{QUEUE}undo/")
    decide(desk, one=f"spam:{comment.pk}")

    assert "Take back" not in desk.get(QUEUE).content.decode()
    assert [desk.post(f"{QUEUE}undo/").status_code for _ in range(2)] == [302, 302]
    comment.refresh_from_db()
    assert comment.state == State.HELD


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"to": "approved"},
        {"to": "lost", "comments": ["00000000-0000-0000-0000-000000000000"]},
        {"to": "spam", "comments": ["nonsense"]},
        {"one": "approved"},
        {"one": "lost:00000000-0000-0000-0000-000000000000"},
        {"one": "approved:nonsense"},
    ],
)
def test_a_decision_that_is_none_changes_nothing(article: Article, desk: Browser, data: dict[str, object]) -> None:
    factories.comment(article)

    page = decide(desk, **data)

    assert page.status_code == 200
    assert "Tick the comments first" in page.content.decode()
    assert Comment.objects.get().state == State.HELD


def test_what_somebody_else_decided_meanwhile_is_left_and_said(
    article: Article, desk: Browser, owner: User, at: datetime
) -> None:
    comment = factories.comment(article)
    mark_spam(comment, by=owner, at=at)

    page = decide(desk, one=f"removed:{comment.pk}")

    comment.refresh_from_db()
    assert comment.state == State.SPAM
    assert "Somebody else decided" in page.content.decode()


def test_erasing_on_request_asks_first(article: Article, desk: Browser) -> None:
    comment = factories.comment(article, pseudonym="Late Train")

    asked = desk.get(f"{QUEUE}{comment.pk}/erase/")
    assert "nobody can bring it back" in asked.content.decode() and Comment.objects.exists()
    assert desk.post(f"{QUEUE}{comment.pk}/erase/").status_code == 302
    assert not Comment.objects.exists()
    assert desk.get(f"{QUEUE}{comment.pk}/erase/").status_code == 404


def test_a_comment_of_another_clinic_is_not_there(desk: Browser, south: Clinic) -> None:
    with inside(south):
        foreign = factories.comment(factories.article())

    page = decide(desk, one=f"approved:{foreign.pk}")

    assert "Somebody else decided" in page.content.decode()
    assert desk.get(f"{QUEUE}{foreign.pk}/erase/").status_code == 404
    with inside(south):
        assert Comment.objects.get().state == State.HELD


def test_the_queue_costs_the_same_with_one_and_with_fifty(
    article: Article, desk: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.comment(article)
    with_one = queries_of(lambda: desk.get(QUEUE))
    for _ in range(49):
        factories.comment(article)

    assert queries_of(lambda: desk.get(QUEUE)) == with_one


# ── The owner's switch ──


@pytest.fixture
def settings_of(owner: User, browser_of: Browsers) -> Callable[..., object]:
    browser = browser_of(owner)

    def save(**data: object) -> object:
        form = {
            "is_on": "on",
            "closes_after_days": "30",
            "blocked_words": "",
            "akismet_notice": "It is sent to Akismet.",
        }
        return browser.post("/admin/settings/comments/", form | data)

    return save


def test_the_owner_switches_comments_on(settings_of: Callable[..., object]) -> None:
    response = settings_of(blocked_words="casino\n  cheap watches \n\n")

    rules = CommentSettings.here()
    assert response.status_code == 302
    assert (rules.is_on, rules.closes_after_days, rules.blocked) == (True, 30, ["casino", "cheap watches"])


def test_the_key_is_sealed_and_never_shown_again(
    settings_of: Callable[..., object], owner: User, browser_of: Browsers
) -> None:
    settings_of(key="5ecret4key")
    settings_of(key="")

    assert CommentSettings.here().akismet_key == "5ecret4key"
    stored = CommentSettings.objects.values_list("akismet_key", flat=True).get()
    assert b"5ecret4key" not in bytes(stored)
    page = browser_of(owner).get("/admin/settings/comments/").content.decode()
    assert "A key is set" in page and "5ecret4key" not in page
    settings_of(forget_key="on")
    assert not CommentSettings.here().has_akismet


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes_after_days": "0"}, "from 1 to 3650"),
        ({"closes_after_days": "-1"}, "greater than or equal to 0"),
        ({"closes_after_days": "soon"}, "whole number"),
        ({"key": "two words"}, "only letters and digits"),
        ({"akismet_notice": ""}, "required"),
        ({"blocked_words": "x" * 4001}, "4000"),
    ],
)
def test_settings_that_are_wrong_are_said(settings_of: Callable[..., object], wrong: dict[str, str], said: str) -> None:
    response = settings_of(**wrong)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not CommentSettings.objects.exists()


def test_blocked_words_mark_a_comment(article: Article) -> None:
    factories.take_comments(blocked_words="casino\ncheap watches")

    assert factories.comment(article, body="The best CASINO in town, and I know it.").reasons == ["blocked"]
    assert factories.comment(article, body="Cheap   watches for you and me.").reasons == ["blocked"]
    assert factories.comment(article, body="A casinos-and-all story of the town.").reasons == []


# ── What time brings ──


def mails() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind=MailKind.COMMENTS_WAIT).order_by("pk"))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2026-11-16T07:59:00", "2026-11-16T08:00:00"),
        ("2026-11-16T08:00:00", "2026-11-17T08:00:00"),
        # The night in which London's clocks go forward: eight o'clock is an hour earlier.
        ("2026-03-28T20:00:00", "2026-03-29T07:00:00"),
    ],
)
def test_moderators_are_told_at_eight_in_the_morning(article: Article, north: Clinic, sent: str, told: str) -> None:
    at, moment = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (sent, told))
    factories.comment(article, at=at)

    assert ClinicWakeup.objects.get(kind=TEND_TASK).due_at == next_tending() == moment
    tend_comments(north, at=moment - timedelta(seconds=1))
    assert mails() == []
    tend_comments(north, at=moment)
    tend_comments(north, at=moment)

    assert [mail.details["to"] for mail in mails()] == ["editor@example.org"]
    assert mails()[0].details["path"] == QUEUE


def test_one_mail_a_day_however_many_come(article: Article, north: Clinic, at: datetime) -> None:
    for hours in range(24):
        factories.comment(article, at=at + timedelta(hours=hours))
        tend_comments(north, at=at + timedelta(hours=hours, minutes=30))

    assert len(mails()) == 1


def test_what_was_decided_already_is_no_reason_to_write(
    article: Article, north: Clinic, editor: User, at: datetime
) -> None:
    factories.comment(article, approved_by=editor, at=at)

    tend_comments(north, at=at + timedelta(days=2))

    assert mails() == []


def test_without_an_editor_the_owners_are_told(article: Article, editor: User, owner: User, north: Clinic) -> None:
    factories.comment(article)
    User.objects.filter(pk=editor.pk).update(roles=[Role.CLINICIAN])

    tend_comments(north, at=factories.AT + timedelta(days=1))

    assert [mail.details["to"] for mail in mails()] == [owner.email]


def test_the_sender_is_forgotten_after_two_days(article: Article, north: Clinic, at: datetime) -> None:
    comment = factories.comment(article, at=at)

    tend_comments(north, at=at + SENDER_KEPT - timedelta(seconds=1))
    comment.refresh_from_db()
    assert comment.sender is not None
    tend_comments(north, at=at + SENDER_KEPT)
    comment.refresh_from_db()
    assert comment.sender is None


def test_what_was_refused_is_deleted_after_thirty_days(
    article: Article, north: Clinic, editor: User, at: datetime
) -> None:
    spam, removed, approved, held = (factories.comment(article, at=at) for _ in range(4))
    mark_spam(spam, by=editor, at=at)
    remove_comment(removed, by=editor, at=at)
    approve_comment(approved, by=editor, at=at)

    tend_comments(north, at=at + REFUSED_KEPT - timedelta(seconds=1))
    assert Comment.objects.count() == 4
    tend_comments(north, at=at + REFUSED_KEPT)
    assert set(Comment.objects.values_list("pk", flat=True)) == {approved.pk, held.pk}


def test_a_clinic_with_nothing_to_do_is_not_woken_again(
    article: Article, north: Clinic, editor: User, clock, at: datetime
) -> None:
    factories.comment(article, approved_by=editor, at=at)
    clock.shift(SENDER_KEPT)

    tend(clinic=str(north.pk))

    assert not ClinicWakeup.objects.filter(kind=TEND_TASK).exists()


def test_the_mail_is_neutral(article: Article, north: Clinic, mailbox, at: datetime) -> None:
    from practices.outbox.services import send_due

    factories.comment(article, body="Something that must stay here.", at=at)
    tend_comments(north, at=at + timedelta(days=1))
    send_due(north, at=at + timedelta(days=1))

    [mail] = mailbox.mails
    assert mail["Subject"] == "Comments to read at North"
    assert article.title not in mail.get_content() and "must stay" not in mail.get_content()
    assert QUEUE in mail.get_content()
