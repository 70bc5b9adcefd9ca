"""The smallest valid record of each kind, made by the services that make it in life. Call inside a clinic."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clients.models import Assignment, BreakGlass, Client, Occurrence, Response
from clients.recurrence import Timing
from clients.services.answering import save_draft, submit_response
from clients.services.assigning import assign_work
from clients.services.caseload import add_client, give_care
from clients.services.consenting import decide_consent
from clients.services.glass import break_glass
from content.models import Article, Author, Comment, CommentSettings, ContentImport, Exercise, Picture, Series, Topic
from content.services.articles import publish_article
from content.services.commenting import post_comment
from content.services.exercises import publish_exercise
from content.services.look import change_look
from content.services.moderating import approve_comment, save_settings
from content.services.pictures import keep_picture
from content.services.shelves import keep_author, keep_series, keep_topic
from practices.accounts.models import Invitation, Supervision, User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.accounts.services.invitations import invite_staff
from practices.identifiers import new_id

# A Monday. The clock of services is an argument; where a view reads it, use the `clock` fixture.
AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
# Long before any clock on which the tests may run: the database's own decides which care relations are current.
LONG_AGO = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
BODY = '<p>Some weeks feel like one long list.</p>\n<p data-prompt="rest">What does rest look like for you?</p>'
SCHEMA: dict[str, Any] = {
    "format": 1,
    "minutes": 5,
    "introduction": "",
    "prompts": [
        {"id": "words", "kind": "long_text", "text": "What happened?", "required": True},
        {"id": "mood", "kind": "scale", "text": "Your mood", "min": 0, "max": 10, "low": "low", "high": "high"},
        {"id": "safe", "kind": "yes_no", "text": "Did you feel safe?"},
    ],
    "scoring": {"rule": "sum", "prompts": ["mood"], "maximum": 10},
    "safety": [{"prompt": "safe", "in": ["no"]}],
}
ANSWERS: dict[str, Any] = {"words": "The boat was late again.", "mood": 6, "safe": "yes"}
REASON = "She called and is not well."
numbers = count(1)


def staff(*roles: Role, name: str = "", email: str = "", **fields: Any) -> User:
    """A member of staff, a clinician unless said otherwise."""
    number = next(numbers)
    return make_user(
        email=email or f"staff{number}@example.org",
        display_name=name or f"Staff {number}",
        kind=Kind.STAFF,
        roles=roles or (Role.CLINICIAN,),
        **fields,
    )


def invitation(*roles: Role, email: str = "", by: User | None = None, at: datetime = AT) -> Invitation:
    """An open invitation, to be a clinician unless said otherwise."""
    address = email or f"invited{next(numbers)}@example.org"
    return invite_staff(email=address, roles=roles or (Role.CLINICIAN,), by=by, at=at)


def password_path(user: User) -> str:
    """Where this user chooses a new password, as in the mail for whoever forgot theirs."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user.pk.hex, "key": key})


def client(
    *clinicians: User, first_name: str = "Cleo", last_name: str = "Client", email: str = "", agreed: bool = True
) -> Client:
    """An active client in the care of these clinicians, who has agreed to how their work is kept."""
    made = add_client(
        email=email or f"client{next(numbers)}@example.org",
        first_name=first_name,
        last_name=last_name,
        clinician=None,
        by=None,
        at=LONG_AGO,
        invite=False,
    )
    for clinician in clinicians:
        give_care(made, clinician=clinician, by=None, at=LONG_AGO)
    if agreed:
        decide_consent(made, agrees=True, by=made.user, at=LONG_AGO)
    Client.objects.filter(pk=made.pk).update(status=Client.Status.ACTIVE)
    made.refresh_from_db()
    return made


def supervision(supervisor: User, supervisee: User, *, ends_at: datetime | None = None) -> Supervision:
    """Since long ago, until further notice."""
    return Supervision.objects.create(supervisor=supervisor, supervisee=supervisee, starts_at=LONG_AGO, ends_at=ends_at)


def broken_glass(client: Client, *, by: User, at: datetime | None = None) -> BreakGlass:
    """From now, for an hour: the database's own clock decides whether it is open."""
    return break_glass(client, reason=REASON, by=by, at=at or timezone.now())


def exercise(*, schema: dict[str, Any] | None = None, by: User | None = None, title: str = "A small step") -> Exercise:
    """A published exercise."""
    made = Exercise.objects.create(title=title, slug=f"exercise-{next(numbers)}", kind=Exercise.Kind.WORKSHEET)
    publish_exercise(made, schema=schema or SCHEMA, by=by, at=LONG_AGO)
    made.refresh_from_db()
    return made


def article(
    *, published: bool = True, by: User | None = None, title: str = "Why is rest hard?", body: str = BODY, **fields: Any
) -> Article:
    """A public article with one question; published, it brings an exercise of its own."""
    fields = {"slug": f"article-{next(numbers)}", "byline": fields.get("byline") or author()} | fields
    made = Article.objects.create(title=title, body=body, posted_by=by, **fields)
    if published:
        publish_article(made, by=by, at=LONG_AGO)
        made.refresh_from_db()
    return made


def author(*, name: str = "", **fields: Any) -> Author:
    """A guest author with a page."""
    made = Author(name=name or f"Author {next(numbers)}", **fields)
    keep_author(made)
    return made


def topic(*articles: Article, name: str = "") -> Topic:
    """What these articles are about."""
    made = Topic(name=name or f"Topic {next(numbers)}")
    keep_topic(made)
    made.articles.set(articles)
    return made


def series(*articles: Article, title: str = "") -> Series:
    """These articles, in this order."""
    made = Series(title=title or f"Series {next(numbers)}")
    keep_series(made)
    for part, article in enumerate(articles, start=1):
        Article.objects.filter(pk=article.pk).update(series=made, part=part)
    return made


def assignment(
    client: Client,
    *,
    by: User,
    exercise: Exercise,
    at: datetime = AT,
    starts_on: date | None = None,
    note: str = "",
    smaller: Exercise | None = None,
    **timing: Any,
) -> Assignment:
    """Work for the client, open from today."""
    when = Timing(starts_on=starts_on or at.date(), **timing)
    return assign_work(exercise, client=client, timing=when, note=note, smaller=smaller, by=by, at=at)


def draft(
    occurrence: Occurrence, *, answers: dict[str, Any] | None = None, kept: tuple[str, ...] = (), at: datetime = AT
) -> Response:
    """What the client has written so far."""
    given = ANSWERS if answers is None else answers
    return save_draft(occurrence, answers=given, kept=kept, expected_version=0, at=at + timedelta(minutes=5))


def response(occurrence: Occurrence, **written: Any) -> Response:
    """What the client has sent."""
    made = draft(occurrence, **written)
    client = occurrence.assignment.client
    return submit_response(made, request_id=new_id(), by=client.user, at=made.saved_at + timedelta(minutes=5))


def take_comments(**rules: Any) -> None:
    """Comments are on, and never close, unless said otherwise."""
    save_settings(**{"is_on": True, "closes_after_days": None} | rules, by=None, at=LONG_AGO)


def look(*, logo: Image.Image | None = None, **chosen: Any) -> None:
    """The clinic's look: a logo of one colour, unless said otherwise."""
    usual = {"accent": "#2f5d46", "text_size": "normal", "logo_alt": "A bird.", "logo_says_name": False}
    image = logo or Image.new("RGB", (300, 100), "teal")
    change_look(logo=image, keeps_logo=False, by=None, at=LONG_AGO, **usual | chosen)


def comment(
    article: Article,
    *,
    body: str = "",
    pseudonym: str = "Late Train",
    approved_by: User | None = None,
    at: datetime = AT,
    **sent: Any,
) -> Comment:
    """Held, and from a sender of its own, unless said otherwise. Comments are switched on if nobody has said anything."""
    if not CommentSettings.objects.exists():
        take_comments()
    number = next(numbers)
    made = post_comment(
        article,
        pseudonym=pseudonym,
        body=body or f"I rest best on the train, and that is all I have to say. {'la ' * (number % 40)}{number}",
        **{"address": f"10.1.{number // 250 % 250}.{number % 250}", "by": None} | sent,
        at=at,
    ).comment
    return approve_comment(made, by=approved_by, at=at) if approved_by else made


def picture(*, alt: str = "A boat", credit: str = "", size: tuple[int, int] = (1, 1)) -> Picture:
    """A black picture, or one black pixel."""
    return keep_picture(Image.new("RGB", size), alt=alt, credit=credit, at=LONG_AGO)


def content_import(*, by: User | None = None, **fields: Any) -> ContentImport:
    """An export that was brought long ago and not taken in, unless said otherwise."""
    ended = {"state": ContentImport.State.STOPPED, "is_open": None, "ended_at": LONG_AGO, "has_files": False}
    return ContentImport.objects.create(name="export.xml", begun_by=by, begun_at=LONG_AGO, **(ended | fields))
