"""Asking Akismet: only with a key, never in a request, and whatever happens outside, the comment stays held."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qs

import httpx
import pytest
from celery.exceptions import SoftTimeLimitExceeded

from content.models import Article, Comment
from content.screening import Reason
from content.services.moderating import approve_comment, hold_comment, mark_spam
from content.services.outside import MOST_TRIES, OUTSIDE_TASK, next_outside, send_due_outside
from content.spam_service import service_for
from practices.accounts.models import User
from practices.models import Clinic, ClinicWakeup
from tests import factories

WORDS = "I rest best on the train, when nobody can ask me for anything."
State = Comment.State


@dataclass
class Akismet:
    """Stands in for the service: what it is asked, and what it says."""

    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.asked.append((request.url.path, form))
        return self.answer(request)

    @property
    def paths(self) -> list[str]:
        return [path.rsplit("/", 1)[1] for path, _ in self.asked]


def says(text: str, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    thanks = "Thanks for making the web a better place."
    return lambda request: httpx.Response(200, text=thanks if "submit" in request.url.path else text, headers=headers)


@pytest.fixture
def with_key(article: Article) -> Article:
    factories.take_comments(new_key="abc123")
    return article


@pytest.fixture
def ask(north: Clinic, at: datetime) -> Callable[..., Akismet]:
    """`ask(answer)` does what is due, and gives what the service was asked."""

    def ask(answer: Callable[[httpx.Request], httpx.Response], at: datetime = at) -> Akismet:
        akismet = Akismet(answer)
        send_due_outside(north, service_for(north, httpx.MockTransport(akismet)), at=at)
        return akismet

    return ask


def test_without_a_key_nothing_leaves_the_house(article: Article, ask: Callable[..., Akismet], at: datetime) -> None:
    factories.take_comments()
    comment = factories.comment(article)

    assert (comment.outside, comment.outside_at, next_outside()) == ("", None, None)
    assert not ClinicWakeup.objects.filter(kind=OUTSIDE_TASK).exists()
    assert ask(says("true")).asked == []


def test_what_leaves_is_what_readers_were_told(
    with_key: Article, north: Clinic, ask: Callable[..., Akismet], at: datetime
) -> None:
    comment = factories.comment(with_key, body=WORDS, address="192.0.2.77")
    assert ClinicWakeup.objects.get(kind=OUTSIDE_TASK).due_at == at

    [(path, form)] = ask(says("false")).asked

    assert path == "/1.1/comment-check"
    assert set(form) == {
        *("api_key", "blog", "user_ip", "blog_lang", "blog_charset"),
        *("comment_type", "comment_author", "comment_content", "comment_date_gmt", "permalink"),
    }
    assert (form["comment_content"], form["comment_author"]) == (WORDS, "Late Train")
    assert form["permalink"].endswith(with_key.get_absolute_url())
    assert ip_address(form["user_ip"]) in ip_network("fd00::/8")
    assert "192.0.2" not in str(form)
    comment.refresh_from_db()
    assert (comment.state, comment.outside, comment.reasons) == (State.HELD, "", [])


def test_one_sender_has_one_unreal_address_and_another_another(
    with_key: Article, ask: Callable[..., Akismet], at: datetime
) -> None:
    for body, address in (
        ("One thing to say.", "192.0.2.1"),
        ("Two things to say.", "192.0.2.1"),
        (WORDS, "192.0.2.2"),
    ):
        factories.comment(with_key, body=body, address=address)

    addresses = {form["comment_content"]: form["user_ip"] for _, form in ask(says("false")).asked}

    assert addresses["One thing to say."] == addresses["Two things to say."] != addresses[WORDS]


@pytest.mark.parametrize("headers", [{}, {"X-akismet-pro-tip": "discard"}])
def test_what_it_calls_spam_is_spam_and_can_be_taken_back(
    with_key: Article, ask: Callable[..., Akismet], editor: User, at: datetime, headers: dict[str, str]
) -> None:
    comment = factories.comment(with_key)
    ask(says("true", **headers))

    comment.refresh_from_db()
    assert (comment.state, comment.reasons, comment.decided_by) == (State.SPAM, [Reason.AKISMET], None)
    hold_comment(comment, by=editor, at=at)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


def slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too slow")


@pytest.mark.parametrize(
    "answer",
    [unreachable, slow, says("invalid"), says("what?"), says(""), lambda request: httpx.Response(500)],
    ids=["unreachable", "slow", "invalid key", "nonsense", "nothing", "error"],
)
def test_whatever_happens_outside_the_comment_stays_held(
    with_key: Article, ask: Callable[..., Akismet], at: datetime, answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    comment = factories.comment(with_key)
    later = at
    for tries in range(1, MOST_TRIES + 1):
        assert len(ask(answer, later).asked) == 1
        assert ask(answer, later).asked == []  # not again before its time
        comment.refresh_from_db()
        assert comment.state == State.HELD
        later = comment.outside_at or later
        assert (comment.outside == "") == (tries == MOST_TRIES)

    assert next_outside() is None


def test_a_worker_that_must_stop_stops(with_key: Article, north: Clinic, at: datetime) -> None:
    class Stopping:
        def comment_check(self, user_ip: str, **details: object) -> int:
            raise SoftTimeLimitExceeded

    factories.comment(with_key)

    with pytest.raises(SoftTimeLimitExceeded):
        send_due_outside(north, Stopping(), at=at)


def test_a_moderator_who_was_quicker_is_right(with_key: Article, north: Clinic, editor: User, at: datetime) -> None:
    comment = factories.comment(with_key)

    class Quick:
        """While it is asked, the editor approves."""

        def comment_check(self, user_ip: str, **details: object) -> int:
            approve_comment(comment, by=editor, at=at)
            return 1

    send_due_outside(north, Quick(), at=at)

    comment.refresh_from_db()
    assert (comment.state, comment.outside) == (State.APPROVED, "")


def test_what_moderators_decide_against_it_is_told(
    with_key: Article, ask: Callable[..., Akismet], editor: User, at: datetime
) -> None:
    missed, wronged, agreed = (factories.comment(with_key) for _ in range(3))
    ask(
        lambda request: says(
            "true" if wronged.body in parse_qs(request.content.decode())["comment_content"][0] else "false"
        )(request)
    )
    mark_spam(missed, by=editor, at=at)
    approve_comment(wronged, by=editor, at=at)
    approve_comment(agreed, by=editor, at=at)

    told = ask(says("false"))

    assert sorted(told.paths) == ["submit-ham", "submit-spam"]
    said = {path.rsplit("/", 1)[1]: form["comment_content"] for path, form in told.asked}
    assert said == {"submit-spam": missed.body, "submit-ham": wronged.body}
    assert ask(says("false")).asked == []


def test_what_it_was_never_sent_it_is_never_told_of(
    article: Article, ask: Callable[..., Akismet], editor: User, at: datetime
) -> None:
    factories.take_comments()
    before_the_key = factories.comment(article)
    factories.take_comments(new_key="abc123")
    decided_at_once = factories.comment(article)
    for comment in (before_the_key, decided_at_once):
        mark_spam(comment, by=editor, at=at)

    assert ask(says("false")).asked == []


def test_a_decision_that_is_taken_back_in_time_is_not_told(
    with_key: Article, ask: Callable[..., Akismet], editor: User, at: datetime
) -> None:
    comment = factories.comment(with_key)
    ask(says("false"))
    mark_spam(comment, by=editor, at=at)
    hold_comment(comment, by=editor, at=at)

    assert ask(says("false")).asked == []


def test_a_key_that_is_taken_away_ends_it(with_key: Article, ask: Callable[..., Akismet], at: datetime) -> None:
    comment = factories.comment(with_key)
    factories.take_comments(new_key="")

    assert ask(says("true"), at + timedelta(hours=1)).asked == []
    comment.refresh_from_db()
    assert (comment.state, comment.outside, next_outside()) == (State.HELD, "", None)


def test_what_fell_into_the_trap_is_not_sent(with_key: Article, ask: Callable[..., Akismet]) -> None:
    factories.comment(with_key, is_trapped=True)

    assert ask(says("false")).asked == []
