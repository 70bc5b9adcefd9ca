"""From draft to reader: who may take which step, what is mailed, and that an article appears at its minute, once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from content.models import Article
from content.services.articles import ArticleNotReadyError, publish_article, withdraw_article
from content.services.settings import choose_who_publishes
from content.services.workflow import (
    PUBLISH_TASK,
    PastError,
    next_to_appear,
    publish_scheduled,
    schedule_article,
    send_back_article,
    submit_article,
    take_back_article,
)
from content.tasks import publish
from content.workflow import RULES, Move, Step, StepError, after
from practices.accounts.models import User
from practices.accounts.permissions import Act, Role
from practices.audit.models import AuditEvent
from practices.days import NoSuchMomentError, moment_of
from practices.models import Clinic, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import current_clinic, enter_clinic, hosts, inside
from tests import factories
from tests.content.test_article_admin import change, filled, words
from tests.harness.browsers import Browser
from tests.harness.databases import Database

DAY = timedelta(days=1)
SCHEDULE, SEND_BACK = "admin:content_article_schedule", "admin:content_article_send_back"


@pytest.fixture
def draft(north: Clinic) -> Article:
    return factories.article(published=False)


@pytest.fixture
def looked_at_first(north: Clinic, owner: User, at: datetime) -> Iterator[None]:
    """Clinicians send articles for review."""
    choose_who_publishes(editors_look_first=True, by=owner, at=at)
    enter_clinic(Clinic.objects.get(pk=north.pk))
    hosts.clear()
    yield
    hosts.clear()


def step_of(article: Article) -> str:
    article.refresh_from_db()
    return article.step


def told() -> list[tuple[str, str]]:
    mails = OutboxMail.objects.filter(kind=MailKind.DESK_NOTE).order_by("pk")
    return [(mail.details["to"], mail.details["path"]) for mail in mails]


def test_from_each_step_only_what_the_table_says_is_done() -> None:
    possible = {(move, step) for move, rule in RULES.items() for step in rule.before}

    for move, step in product(Move, Step):
        if (move, step) in possible:
            assert after(move, step) in Step
        else:
            with pytest.raises(StepError, match=f"It is {step or 'a draft'} now"):
                after(move, step)


def test_sent_for_review_it_is_sent_back_with_a_note_and_published_in_the_end(
    draft: Article, clinician: User, editor: User, at: datetime
) -> None:
    submit_article(draft, by=clinician, at=at)
    assert step_of(draft) == Step.IN_REVIEW
    send_back_article(draft, note="Say more about Tuesday.", by=editor, at=at)
    assert (step_of(draft), draft.note) == (Step.WRITING, "Say more about Tuesday.")
    submit_article(draft, by=clinician, at=at)
    assert (step_of(draft), draft.note) == (Step.IN_REVIEW, "")
    publish_article(draft, by=editor, at=at)

    assert (step_of(draft), draft.status) == (Step.WRITING, "published")
    assert draft.revision.published_by == editor
    assert told() == [(person.email, change(draft)) for person in (editor, clinician, editor)]
    actions = list(AuditEvent.objects.filter(subject_id=draft.pk).order_by("at", "pk").values_list("action", flat=True))
    assert [action.removeprefix("article ") for action in actions] == [
        *("sent for review", "sent back", "sent for review", "published"),
    ]


def test_where_there_is_no_editor_the_owner_is_asked_and_nobody_is_told_of_their_own_act(
    draft: Article, clinician: User, owner: User, at: datetime
) -> None:
    submit_article(draft, by=clinician, at=at)
    assert [to for to, _ in told()] == [owner.email]
    take_back_article(draft, by=clinician, at=at)

    submit_article(draft, by=owner, at=at)

    assert len(told()) == 1


def test_of_two_who_act_at_once_the_first_counts(draft: Article, clinician: User, editor: User, at: datetime) -> None:
    submit_article(draft, by=clinician, at=at)
    take_back_article(draft, by=clinician, at=at)

    with pytest.raises(StepError, match="It is a draft now"):
        send_back_article(draft, note="Too late.", by=editor, at=at)

    assert draft.note == ""


def test_what_is_not_ready_is_neither_submitted_nor_scheduled(editor: User, at: datetime) -> None:
    empty = factories.article(published=False, body="")

    with pytest.raises(ArticleNotReadyError, match="empty"):
        submit_article(empty, by=editor, at=at)
    with pytest.raises(ArticleNotReadyError, match="empty"):
        schedule_article(empty, publish_at=at + DAY, by=editor, at=at)
    with pytest.raises(PastError, match="has passed"):
        schedule_article(factories.article(published=False), publish_at=at, by=editor, at=at)


# ── At its minute ──


def test_a_scheduled_article_appears_at_its_minute_and_once(
    draft: Article, editor: User, visitor: Browser, at: datetime
) -> None:
    schedule_article(draft, publish_at=at + DAY, by=editor, at=at)
    assert ClinicWakeup.objects.get(kind=PUBLISH_TASK).due_at == next_to_appear() == at + DAY
    assert visitor.get(draft.get_absolute_url()).status_code == 404

    assert publish_scheduled(at=at + DAY - timedelta(seconds=1)) == 0
    assert publish_scheduled(at=at + DAY) == 1
    assert publish_scheduled(at=at + DAY) == 0

    assert (step_of(draft), draft.status, draft.publish_at) == (Step.WRITING, "published", None)
    assert (draft.first_published_at, draft.revision.published_by) == (at + DAY, editor)
    assert visitor.get(draft.get_absolute_url() + "?now").status_code == 200
    assert next_to_appear() is None


def test_readers_go_on_seeing_what_was_published_until_the_next_revision_appears(
    editor: User, visitor: Browser, at: datetime
) -> None:
    article = factories.article(title="As it was")
    Article.objects.filter(pk=article.pk).update(title="As it will be")
    schedule_article(article, publish_at=at + DAY, by=editor, at=at)

    assert "As it was" in words(visitor.get(article.get_absolute_url()))
    publish_scheduled(at=at + DAY)
    assert "As it will be" in words(visitor.get(article.get_absolute_url() + "?later"))


def test_two_workers_publish_it_once(fresh_database: Database, at: datetime) -> None:
    with inside(fresh_database.north):
        editor, article = factories.staff(Role.EDITOR), factories.article(published=False)
        schedule_article(article, publish_at=at + DAY, by=editor, at=at)

    def work(_: int) -> int:
        with inside(fresh_database.north):
            done = publish_scheduled(at=at + DAY)
        connections.close_all()
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    with inside(fresh_database.north):
        assert article.revisions.count() == 1


def test_what_is_no_longer_ready_goes_back_and_the_others_appear(editor: User, at: datetime) -> None:
    broken, whole = factories.article(published=False), factories.article(published=False)
    for article in (broken, whole):
        schedule_article(article, publish_at=at + DAY, by=editor, at=at)
    Article.objects.filter(pk=broken.pk).update(body="")

    assert publish_scheduled(at=at + DAY) == 1

    assert (step_of(broken), broken.status) == (Step.WRITING, "draft")
    assert broken.note == "It could not appear when it was to. Write something first: the article is empty."
    assert told() == [(editor.email, change(broken))]


def test_a_worker_is_woken_and_sleeps_until_the_next(north: Clinic, draft: Article, editor: User) -> None:
    now = datetime.now(UTC)
    later = factories.article(published=False)
    schedule_article(later, publish_at=now + DAY, by=editor, at=now)
    schedule_article(draft, publish_at=now - DAY, by=editor, at=now - 2 * DAY)

    publish(clinic=str(north.pk))
    enter_clinic(north)

    assert step_of(draft) == Step.WRITING
    assert ClinicWakeup.objects.get(kind=PUBLISH_TASK).due_at == now + DAY


def test_a_withdrawn_article_does_not_come_back_by_itself(editor: User, at: datetime) -> None:
    article = factories.article()
    schedule_article(article, publish_at=at + DAY, by=editor, at=at)

    withdraw_article(article, by=editor, at=at)

    assert publish_scheduled(at=at + DAY) == 0
    assert (step_of(article), article.status) == (Step.WRITING, "withdrawn")


def test_a_scheduled_article_has_a_moment(draft: Article) -> None:
    with pytest.raises(IntegrityError, match="article_scheduled_has_moment"), transaction.atomic():
        Article.objects.filter(pk=draft.pk).update(step=Step.SCHEDULED)


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("2026-11-16", "09:00", "2026-11-16T09:00+00:00"),
        ("2026-07-01", "09:00", "2026-07-01T08:00+00:00"),
        # The hour that there is twice: the first of them.
        ("2026-10-25", "01:30", "2026-10-25T00:30+00:00"),
        ("2026-03-29", "01:30", "jump over"),
        ("0001-01-01", "00:00", "within the next years"),
    ],
)
def test_a_time_on_the_wall_is_a_moment(north: Clinic, day: str, time: str, moment: str) -> None:
    wall = datetime.fromisoformat(f"{day}T{time}")
    zone = north.zone if day != "0001-01-01" else Clinic(timezone="Asia/Kolkata").zone

    if moment[:4].isdigit():
        assert moment_of(wall.date(), wall.time(), zone) == datetime.fromisoformat(moment)
    else:
        with pytest.raises(NoSuchMomentError, match=moment):
            moment_of(wall.date(), wall.time(), zone)


# ── In the admin ──


def test_a_clinician_publishes_or_asks_as_the_practice_is_set(
    draft: Article, clinician: User, browser_of: Callable[..., Browser], looked_at_first: None
) -> None:
    desk = browser_of(clinician)

    page = words(desk.get(change(draft)))
    assert "Save and send for review" in page
    assert "Save and publish" not in page
    assert desk.post(change(draft), filled(draft, _publish="1")).status_code == 403
    assert desk.get(reverse(SCHEDULE, args=[draft.pk])).status_code == 403
    desk.post(change(draft), filled(draft, title="Anew", _submit="1"))

    assert (step_of(draft), draft.title) == (Step.IN_REVIEW, "Anew")
    page = words(desk.get(change(draft)))
    assert "Sent for review by" in page
    assert "Save and take back" in page
    assert "Send back" not in page
    desk.post(change(draft), filled(draft, _take_back="1"))
    assert step_of(draft) == Step.WRITING


def test_what_was_scheduled_and_is_changed_by_a_clinician_is_looked_at_again(
    draft: Article, clinician: User, editor: User, browser_of: Callable[..., Browser], looked_at_first: None
) -> None:
    now = datetime.now(UTC)
    schedule_article(draft, publish_at=now + DAY, by=editor, at=now)
    desk = browser_of(clinician)

    assert "an editor or an owner looks at it again" in words(desk.get(change(draft)))
    assert desk.post(change(draft), filled(draft, _take_back="1")).status_code == 403
    assert step_of(draft) == Step.SCHEDULED
    desk.post(change(draft), filled(draft, title="Slipped in"))

    assert (step_of(draft), draft.publish_at) == (Step.IN_REVIEW, None)
    assert publish_scheduled(at=now + DAY) == 0
    with pytest.raises(PermissionDenied):
        schedule_article(draft, publish_at=now + DAY, by=clinician, at=now)


def test_an_editor_schedules_moves_and_sends_back(
    draft: Article, editor: User, clinician: User, browser_of: Callable[..., Browser]
) -> None:
    desk = browser_of(editor)
    saved = desk.post(change(draft), filled(draft, _schedule="1"))
    assert saved.headers["Location"] == reverse(SCHEDULE, args=[draft.pk])

    desk.post(reverse(SCHEDULE, args=[draft.pk]), {"day": "2027-07-01", "time": "09:30"})

    assert step_of(draft) == Step.SCHEDULED
    assert draft.publish_at == datetime(2027, 7, 1, 8, 30, tzinfo=UTC)
    page = words(desk.get(change(draft)))
    assert "appears by itself on 1 July 2027, 09:30" in page
    assert "Save and take off the schedule" in page
    assert 'value="09:30"' in words(desk.get(reverse(SCHEDULE, args=[draft.pk])))
    desk.post(change(draft), filled(draft, _take_back="1"))
    assert step_of(draft) == Step.WRITING
    submit_article(draft, by=clinician, at=datetime.now(UTC))
    desk.post(change(draft), filled(draft, _send_back="1"))
    desk.post(reverse(SEND_BACK, args=[draft.pk]), {"note": "Say more <b>here</b>."})
    page = words(desk.get(change(draft)))
    assert f"{editor.display_name} wrote:" in page
    assert "Say more &lt;b&gt;here&lt;/b&gt;." in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"day": "2020-01-01", "time": "09:00"}, "This moment has passed"),
        ({"day": "2027-03-28", "time": "01:30"}, "jump over this time"),
        ({"day": "9999-12-31", "time": "23:59"}, "scheduled"),
        ({"day": "someday", "time": "x"}, "Enter a valid date"),
        ({}, "This field is required"),
    ],
)
def test_a_moment_that_will_not_do_is_said(
    draft: Article, editor: User, browser_of: Callable[..., Browser], sent: dict[str, str], said: str
) -> None:
    response = browser_of(editor).post(reverse(SCHEDULE, args=[draft.pk]), sent)

    if said == "scheduled":
        assert step_of(draft) == Step.SCHEDULED
    else:
        assert response.status_code == 422
        assert said in response.content.decode()
        assert step_of(draft) == Step.WRITING


def test_the_list_and_the_sidebar_say_what_waits(
    draft: Article, clinician: User, editor: User, at: datetime, browser_of: Callable[..., Browser]
) -> None:
    submit_article(draft, by=clinician, at=at)
    published = factories.article(title="Seen already")
    schedule_article(published, publish_at=at + 9999 * DAY, by=editor, at=at)

    page = words(browser_of(editor).get(reverse("admin:content_article_changelist")))
    only = words(browser_of(editor).get(reverse("admin:content_article_changelist"), {"step__exact": "in review"}))

    for expected in ("in review", "scheduled", "published"):
        assert expected in page
    assert "Seen already" not in only


def test_the_owner_chooses_who_publishes_and_the_table_of_rights_follows(
    owner: User, clinician: User, browser_of: Callable[..., Browser], looked_at_first: None, north: Clinic
) -> None:
    desk = browser_of(owner)
    address = reverse("admin:article_settings")

    assert not User.objects.get(pk=clinician.pk).may(Act.PUBLISH_ARTICLES)
    assert User.objects.get(pk=clinician.pk).may(Act.PUBLISH_EXERCISES)
    assert 'value="yes" required' in words(desk.get(address)) or 'value="yes"' in words(desk.get(address))
    assert desk.post(address, {"editors_look_first": "perhaps"}).status_code == 422
    desk.post(address, {"editors_look_first": "no"})

    assert not Clinic.objects.get(pk=north.pk).editors_look_first
    hosts.clear()
    assert browser_of(clinician).get(reverse("admin:content_article_add")).content.count(b"Save and publish") == 1


def test_another_clinic_is_not_asked(south: Clinic, looked_at_first: None) -> None:
    with inside(Clinic.objects.get(pk=south.pk)):
        assert not current_clinic().editors_look_first
        assert factories.staff(Role.CLINICIAN).may(Act.PUBLISH_ARTICLES)


def test_queries_of_the_editor_do_not_grow_with_states(
    editor: User, browser_of: Callable[..., Browser], queries_of: Callable[[Callable[[], Any]], int], at: datetime
) -> None:
    desk = browser_of(editor)
    address = reverse("admin:content_article_changelist")
    submit_article(factories.article(published=False), by=editor, at=at)
    one = queries_of(lambda: desk.get(address))
    for _ in range(10):
        submit_article(factories.article(published=False), by=editor, at=at)

    assert queries_of(lambda: desk.get(address)) == one
