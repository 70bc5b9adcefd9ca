"""What a reader sends below an article: held, limited, erased; and what moderators make of it."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from time_machine import Traveller

from content.commenting import token_age, token_for
from content.models import Article, Comment, CommentSettings
from content.models.comments import CHANGES
from content.pages import EDITION
from content.screening import Reason
from content.services.commenting import (
    MOST_AN_HOUR,
    MOST_AT_THE_CLINIC,
    CommentAlreadySentError,
    CommentsClosedError,
    NoSuchCommentError,
    TooManyCommentsError,
    code_index,
    erase_by_code,
    erase_comment,
    post_comment,
)
from content.services.moderating import (
    DECISIONS,
    CommentStateError,
    approve_comment,
    change_state,
    mark_spam,
    save_settings,
)
from practices.accounts.models import User
from practices.audit.models import AuditEvent
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser

WORDS = "I rest best on the train, when nobody can ask me for anything."
State = Comment.State


@pytest.fixture
def open_article(article: Article) -> Article:
    factories.take_comments()
    return article


def send(article: Article, at: datetime, body: str = WORDS, address: str = "192.0.2.1", **more: bool):
    return post_comment(
        article, pseudonym="Late Train", body=body, address=address, by=more.pop("by", None), at=at, **more
    )


def test_a_comment_is_held_and_tells_nobody_who_sent_it(open_article: Article, at: datetime) -> None:
    sent = send(open_article, at)

    comment = Comment.objects.get()
    assert comment.state == State.HELD
    assert (comment.pseudonym, comment.body, comment.reasons) == ("Late Train", WORDS, [])
    assert b"192.0.2.1" not in bytes(comment.sender)
    assert bytes(comment.code_index) == code_index(sent.code)
    stored = " ".join(map(str, Comment.objects.values_list().get()))
    assert "192.0.2.1" not in stored and sent.code not in stored and sent.code.replace("-", "") not in stored


def test_an_event_of_each_step_holds_no_content(open_article: Article, editor: User, at: datetime) -> None:
    comment = send(open_article, at).comment
    for decide in (approve_comment, mark_spam):
        decide(comment, by=editor, at=at)
    erase_comment(comment, by=editor, at=at)

    events = AuditEvent.objects.filter(subject_kind="Comment").order_by("pk")
    assert [event.action for event in events] == [
        "comment sent",
        "comment approved",
        "comment marked as spam",
        "comment erased",
    ]
    assert [event.actor for event in events] == [None, editor.pk, editor.pk, editor.pk]
    assert "train" not in str(list(events.values_list()))


@pytest.mark.parametrize("to", State.values)
@pytest.mark.parametrize("start", State.values)
def test_a_comment_changes_only_as_the_table_allows(
    article: Article, editor: User, at: datetime, start: str, to: str
) -> None:
    comment = factories.comment(article)
    decided = None if start == State.HELD else at
    Comment.objects.filter(pk=comment.pk).update(state=start, decided_at=decided)

    if to in CHANGES[start]:
        DECISIONS[to](comment, by=editor, at=at)
    else:
        with pytest.raises(CommentStateError):
            DECISIONS[to](comment, by=editor, at=at)

    comment.refresh_from_db()
    assert comment.state == (to if to in CHANGES[start] else start)
    assert (comment.decided_at is None) == (comment.state == State.HELD)


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(CHANGES) == set(State.values) == set(DECISIONS)
    assert all(state not in CHANGES[state] for state in CHANGES)
    # Nothing is decided that can't be taken back.
    assert all(State.HELD in CHANGES[state] for state in CHANGES if state != State.HELD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "approved"},
        {"body": ""},
        {"pseudonym": ""},
        {"outside": "check"},
        {"decided_at": factories.AT},
    ],
)
def test_the_database_refuses_what_is_never_true(article: Article, wrong: dict[str, object]) -> None:
    comment = factories.comment(article)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**wrong)


def test_there_is_one_row_of_settings(north: Clinic) -> None:
    factories.take_comments()

    with pytest.raises(IntegrityError), transaction.atomic():
        CommentSettings.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentSettings.objects.create(only=False)


def test_without_settings_there_are_no_comments(article: Article, at: datetime) -> None:
    with pytest.raises(CommentsClosedError):
        send(article, at)


@pytest.mark.parametrize(
    ("clinic", "says", "is_open"),
    [
        (True, "inherit", True),
        (True, "off", False),
        (True, "on", True),
        (False, "inherit", False),
        (False, "off", False),
        (False, "on", True),
    ],
)
def test_the_articles_switch_counts_before_the_clinics(
    article: Article, at: datetime, clinic: bool, says: str, is_open: bool
) -> None:
    factories.take_comments(is_on=clinic)
    article.commenting = says

    assert CommentSettings.here().is_open_on(article, at=at) is is_open


def test_an_article_closes_after_its_days(article: Article, at: datetime) -> None:
    factories.take_comments(closes_after_days=10)
    published = article.first_published_at
    assert published is not None
    closes = published + timedelta(days=10)

    send(article, closes - timedelta(seconds=1))
    with pytest.raises(CommentsClosedError):
        send(article, closes, body="One second too late, and that is that.")


@pytest.mark.parametrize("fields", [{"audience": "clients"}, {"status": "withdrawn"}])
def test_what_not_everybody_reads_takes_no_comments(article: Article, at: datetime, fields: dict[str, str]) -> None:
    factories.take_comments()
    for name, value in fields.items():
        setattr(article, name, value)

    with pytest.raises(CommentsClosedError):
        send(article, at)


def test_one_address_sends_a_few_an_hour_and_others_go_on(open_article: Article, at: datetime) -> None:
    bodies = [f"The {'very ' * number}same thought again and again." for number in range(MOST_AN_HOUR + 1)]
    for body in bodies[:-1]:
        send(open_article, at, body=body)

    with pytest.raises(TooManyCommentsError):
        send(open_article, at + timedelta(minutes=59), body=bodies[-1])
    send(open_article, at + timedelta(minutes=59), address="192.0.2.2")
    send(open_article, at + timedelta(minutes=61), body=bodies[-1])


def test_a_household_with_many_addresses_is_one_sender(open_article: Article, at: datetime) -> None:
    for number in range(MOST_AN_HOUR):
        send(open_article, at, body=f"I {'really ' * number}mean it.", address=f"2001:db8:1:1::{number}")

    with pytest.raises(TooManyCommentsError):
        send(open_article, at, address="2001:db8:1:1::99")
    send(open_article, at, address="2001:db8:1:2::1")


def test_a_clinic_takes_no_more_than_it_can_read(open_article: Article, south: Clinic, at: datetime) -> None:
    one = send(open_article, at).comment
    fields = {"article": open_article, "pseudonym": "x", "body": "y", "sent_at": at, "fingerprint": b"f"}
    Comment.objects.bulk_create(Comment(code_index=bytes([n]), **fields) for n in range(MOST_AT_THE_CLINIC - 1))

    with pytest.raises(TooManyCommentsError):
        send(open_article, at, body="One more for the road.", address="192.0.2.9")
    assert one.pk
    with inside(south):
        elsewhere = factories.article()
        factories.take_comments()
        send(elsewhere, at, address="192.0.2.9")


def test_the_same_words_from_the_same_address_are_taken_once(open_article: Article, at: datetime) -> None:
    send(open_article, at)

    with pytest.raises(CommentAlreadySentError):
        send(open_article, at, body=WORDS.upper())
    again = send(open_article, at, address="192.0.2.2").comment

    assert again.reasons == [Reason.REPEATED]
    assert again.state == State.HELD


def test_words_that_were_spam_are_spam_again(open_article: Article, editor: User, at: datetime) -> None:
    mark_spam(send(open_article, at).comment, by=editor, at=at)

    again = send(open_article, at, address="192.0.2.2").comment

    assert again.state == State.SPAM


def test_what_fell_into_the_trap_is_spam_and_what_was_fast_is_only_marked(open_article: Article, at: datetime) -> None:
    trapped = send(open_article, at, is_trapped=True).comment
    fast = send(open_article, at, body="A quick word to say it.", is_fast=True).comment

    assert (trapped.state, trapped.reasons) == (State.SPAM, [Reason.TRAP])
    assert (fast.state, fast.reasons) == (State.HELD, [Reason.FAST])


def test_staff_are_named_only_if_they_choose(open_article: Article, editor: User, at: datetime) -> None:
    comment = send(open_article, at, by=editor).comment

    assert (comment.pseudonym, comment.is_by_staff) == (editor.byline, True)
    assert comment.state == State.HELD


def test_only_what_changes_the_pages_turns_them(open_article: Article, editor: User, at: datetime) -> None:
    held = send(open_article, at).comment
    other = send(open_article, at, body="Something else that I think.").comment

    def turns(act, *args, **kwargs) -> bool:
        cache.set(EDITION, "before")
        with transaction.atomic():
            callbacks = transaction.get_connection().run_on_commit
            count = len(callbacks)
            act(*args, **kwargs)
            for _, callback, _ in list(callbacks[count:]):
                callback()
            del callbacks[count:]
        return bool(cache.get(EDITION) != "before")

    assert not turns(mark_spam, other, by=editor, at=at)
    assert turns(approve_comment, held, by=editor, at=at)
    assert turns(change_state, held, to=State.REMOVED, by=editor, at=at)
    assert turns(erase_comment, held, by=editor, at=at)
    assert turns(save_settings, is_on=False, closes_after_days=None, by=editor, at=at)


def test_its_writer_erases_it_by_code_however_that_is_typed(open_article: Article, at: datetime) -> None:
    sent = send(open_article, at)

    with pytest.raises(NoSuchCommentError):
        erase_by_code("2222-2222-2222-2222", at=at)
    erase_by_code(f" {sent.code.lower().replace('-', ' ')} ", at=at)

    assert not Comment.objects.exists()


def test_a_code_of_one_clinic_erases_nothing_at_another(open_article: Article, south: Clinic, at: datetime) -> None:
    sent = send(open_article, at)

    with inside(south), pytest.raises(NoSuchCommentError):
        erase_by_code(sent.code, at=at)
    assert Comment.objects.exists()


def test_a_clinics_comments_are_its_own(open_article: Article, editor: User, south: Clinic, at: datetime) -> None:
    comment = send(open_article, at).comment
    approve_comment(comment, by=editor, at=at)

    with inside(south):
        assert not Comment.objects.exists()
        assert not CommentSettings.here().is_on
        with pytest.raises(CommentStateError):
            approve_comment(comment, by=editor, at=at)


def test_a_token_of_one_clinic_or_article_is_none_for_another(
    open_article: Article, south: Clinic, clock: Traveller, at: datetime
) -> None:
    other = factories.article(title="Another question?")
    with inside(south):
        twin = factories.article()
        Article.objects.filter(pk=twin.pk).update(slug=open_article.slug)
        factories.take_comments()
        foreign = token_for(twin, at=at)
    own = token_for(open_article, at=at)
    clock.shift(timedelta(seconds=30))

    def post(clinic: Clinic, token: str) -> int:
        data = {"pseudonym": "Me", "body": WORDS, "token": token}
        return Browser(clinic).post(f"/articles/{open_article.slug}/comment/", data).status_code

    north = Clinic.objects.get(schema_name="north")
    with inside(south):
        assert token_age(own, open_article, at=at) is None
    assert post(north, foreign) == post(north, token_for(other, at=at)) == post(south, own) == 422
    assert (post(north, own), post(south, foreign)) == (200, 200)
