"""What is timed: pages of a clinic that is filled as for the demo."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.conf import settings
from django.urls import reverse

from clients.demo.clinics import CLINICS
from clients.management.commands.seed_demo import fill
from clients.models import Client, Occurrence
from clients.models.people import clinicians_of
from clients.recurrence import Timing
from clients.services.assigning import assign_work
from config.bench.people import host_of, session_of
from config.bench.rounds import Target
from config.bench.wire import Answer, Wire, request_bytes
from content.models import Article
from content.pages import forget_pages
from practices.accounts.models import User
from practices.models import Clinic
from practices.opening import open_clinic
from practices.tenancy import inside

TOKEN = "t" * 32  # the CSRF cookie and header only have to be alike
SENTENCE = "On Tuesday the boat was late, and for once I sat down and waited without looking at the clock. "


@dataclass(frozen=True)
class Practice:
    """Who and what the requests are about."""

    clinic: Clinic
    article: Article
    client: Client
    clinician: User
    occurrence: Occurrence

    @property
    def host(self) -> str:
        return host_of(self.clinic)


def open_demo_clinic() -> Clinic:
    """The demo's first clinic, empty."""
    demo = CLINICS[0]
    return open_clinic(schema_name=demo.schema_name, name=demo.name, host=demo.host, **demo.settings)


def fill_practice(clinic: Clinic, *, at: datetime) -> Practice:
    """Twelve weeks of people and work, and an article that one client was given just now."""
    with inside(clinic):
        fill(clinic, CLINICS[0], now=at)
        client = Client.objects.select_related("user").filter(status=Client.Status.ACTIVE).order_by("since", "pk")[0]
        clinician = clinicians_of(client)[0]
        articles = Article.objects.published().filter(audience=Article.Audience.PUBLIC, exercise__isnull=False)
        article = articles.select_related("exercise__current").order_by("slug")[0]
        timing = Timing(starts_on=at.astimezone(clinic.zone).date())
        assignment = assign_work(article.exercise, client=client, timing=timing, by=clinician, at=at)
        return Practice(clinic, article, client, clinician, assignment.occurrences.get())


def page_targets(practice: Practice, port: int) -> dict[str, Target]:
    """One target for each kind of request, by a short name."""
    client = signed_in(practice.clinic, practice.client.user)
    clinician = signed_in(practice.clinic, practice.clinician)
    article = practice.article.get_absolute_url()
    wire = Wire(port)

    def page(path: str, **headers: str) -> Callable[[], bytes]:
        request = request_bytes(path, host=practice.host, headers=headers)
        return lambda: request

    def again() -> bytes:
        """By who has just read it: rendered anew, the page is another, since its comment form is."""
        known = wire.ask(page(article)()).header("ETag")
        return request_bytes(article, host=practice.host, headers={"If-None-Match": known})

    return {
        "article": Target("article, warm", wire, page(article)),
        "unchanged": Target("article, not changed (304)", wire, again, expected=304),
        "cold": Target("article, just published", wire, after_publication(practice, page(article))),
        "search": Target("search", wire, page(f"{reverse('search')}?q=sleep")),
        "today": Target("Today", wire, page(reverse("portal:today"), Cookie=client)),
        "autosave": autosave(practice, wire, cookie=client),
        "queue": Target("review queue", wire, page(reverse("admin:queue"), Cookie=clinician)),
    }


def signed_in(clinic: Clinic, user: User) -> str:
    """The cookies of a browser in which this user is signed in."""
    session = session_of(clinic, user)
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def after_publication(practice: Practice, request: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same request, each time after something was published."""

    def published() -> bytes:
        with inside(practice.clinic):
            forget_pages()
        return request()

    return published


def autosave(practice: Practice, wire: Wire, *, cookie: str) -> Target:
    """A client who writes on and on, in one window."""
    prompts = [prompt.id for prompt in practice.occurrence.assignment.version.parsed.questions()]
    headers = {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
    path, turn, stored = reverse("portal:draft", kwargs={"pk": practice.occurrence.pk}), count(1), {"version": 0}

    def typed() -> bytes:
        text = f"{next(turn)}. {SENTENCE * 3}"
        body = json.dumps({"version": stored["version"], "fields": {f"a-{prompt}": [text] for prompt in prompts[:3]}})
        return request_bytes(path, host=practice.host, method="POST", headers=headers, body=body.encode())

    def saved(answer: Answer) -> None:
        stored["version"] = json.loads(answer.body)["version"]

    return Target("autosave", wire, typed, answered=saved)
