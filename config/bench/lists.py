"""Queries per page, with one row in every list and with fifty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import cast

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from clients.models import Client, Occurrence, Response
from clients.recurrence import Timing
from clients.services.answering import save_draft, submit_response
from clients.services.assigning import assign_work
from clients.services.caseload import add_client
from clients.services.consenting import decide_consent
from clients.services.reviewing import open_response, review_response
from config.bench.people import browser_of
from config.bench.report import Listed
from config.bench.rounds import UnexpectedAnswerError
from content.models import Article, Author, Exercise
from content.pages import forget_pages
from content.services.articles import publish_article
from content.services.exercises import publish_exercise
from content.services.pictures import store_picture
from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.identifiers import new_id
from practices.models import Clinic
from practices.opening import open_clinic
from practices.tenancy import inside

MANY = 50
BODY = '<p>Some weeks feel like one long list.</p><p data-prompt="rest">What does rest look like for you?</p>'
CHECK_IN = {
    "format": 1,
    "minutes": 2,
    "introduction": "",
    "prompts": [
        {"id": "mood", "kind": "scale", "text": "Your mood", "min": 0, "max": 10, "low": "low", "high": "high"},
        {"id": "safe", "kind": "yes_no", "text": "Did you feel safe?"},
    ],
    "scoring": {"rule": "sum", "prompts": ["mood"], "maximum": 10},
    "safety": [{"prompt": "safe", "in": ["no"]}],
}


@dataclass
class Rows:
    """A clinic in which every list has the same number of rows; each row is made as it is in life."""

    clinic: Clinic
    at: datetime
    made: int = 0

    def begin(self) -> None:
        """The people whose pages are counted."""
        self.owner = self.add_staff("owner", Role.OWNER)
        self.clinician = self.add_staff("clinician", Role.CLINICIAN)
        self.client = self.add_client("client")
        self.exercise = self.add_exercise("check-in")

    def grow(self, rows: int) -> None:
        """Add to every list until it has so many rows."""
        for number in range(self.made, rows):
            self.add(f"row-{number}")
        self.made = rows

    def add(self, name: str) -> None:
        self.add_article(name)
        self.add_exercise(name)
        self.add_staff(name, Role.EDITOR)
        self.answer(self.assign(self.add_client(name)))
        self.assign(self.client)
        own = self.answer(self.assign(self.client))
        open_response(own, by=self.clinician, at=self.at)
        review_response(own, reply="Thank you.", by=self.clinician, at=self.at)

    def add_staff(self, name: str, role: Role) -> User:
        email, title = f"{name}@rows.example", name.title()
        return make_user(email=email, display_name=title, kind=Kind.STAFF, roles=[role])

    def add_client(self, name: str) -> Client:
        made = add_client(
            email=f"client-{name}@rows.example",
            first_name=name.title(),
            last_name="Row",
            clinician=self.clinician,
            by=self.owner,
            at=self.at - timedelta(days=30),
            invite=False,
        )
        decide_consent(made, agrees=True, by=made.user, at=self.at - timedelta(days=30))
        return made

    def add_article(self, name: str) -> None:
        file = BytesIO()
        Image.new("RGB", (64, 48)).save(file, "PNG")
        file.seek(0)
        article = Article.objects.create(
            title=f"Why {name}?",
            slug=name,
            byline=Author.objects.create(name=name.title()),
            cover=store_picture(file, alt="A grey square.", at=self.at),
            body=BODY,
        )
        publish_article(article, by=self.owner, at=self.at)

    def add_exercise(self, name: str) -> Exercise:
        kind = Exercise.Kind.CHECK_IN
        exercise = Exercise.objects.create(title=name.title(), slug=f"exercise-{name}", kind=kind)
        publish_exercise(exercise, schema=CHECK_IN, by=self.owner, at=self.at)
        exercise.refresh_from_db()
        return exercise

    def assign(self, client: Client) -> Occurrence:
        timing = Timing(starts_on=self.at.astimezone(self.clinic.zone).date())
        assignment = assign_work(self.exercise, client=client, timing=timing, by=self.clinician, at=self.at)
        return assignment.occurrences.select_related("assignment__client__user", "assignment__version").get()

    def answer(self, occurrence: Occurrence) -> Response:
        """Sent, with an answer that raises an alert."""
        answers = {"mood": 4, "safe": "no"}
        draft = save_draft(occurrence, answers=answers, kept=(), expected_version=0, at=self.at)
        by = occurrence.assignment.client.user
        return submit_response(draft, request_id=new_id(), by=by, at=self.at)


def lists(rows: Rows) -> Iterator[tuple[str, User | None, str]]:
    """Each page with a list on it: its name, who asks for it, where it is."""
    yield "articles (public)", None, reverse("articles")
    yield "Today", rows.client.user, reverse("portal:today")
    yield "Mine", rows.client.user, reverse("portal:mine")
    yield "review queue", rows.clinician, reverse("admin:queue")
    yield "client page", rows.clinician, reverse("admin:client", kwargs={"pk": rows.client.pk})
    yield "assign", rows.clinician, reverse("admin:assign")
    yield "overview", rows.owner, reverse("admin:overview")
    for model in filter(admin.site.is_registered, apps.get_models()):
        model_admin = cast(GrantedAdmin, admin.site.get_model_admin(model))
        user = next(user for user in (rows.clinician, rows.owner) if user.may(model_admin.act_to_view))
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        yield str(model._meta.verbose_name_plural), user, reverse(name)


def count_queries(*, at: datetime) -> list[Listed]:
    """Count every list twice, in a clinic that grows in between."""
    clinic = open_clinic(schema_name="rows", name="Rows", host="rows.localhost")
    rows = Rows(clinic, at)
    with inside(clinic):
        rows.begin()
        rows.grow(1)
        few = count_each(rows)
        rows.grow(MANY)
        many = count_each(rows)
    return [Listed(name, few[name], many[name]) for name in few]


def count_each(rows: Rows) -> dict[str, int]:
    browsers: dict[User | None, Browser] = {}
    counts = {}
    for name, user, path in lists(rows):
        browser = browsers.setdefault(user, browser_of(rows.clinic, user))
        counts[name] = queries_of(browser, name, path)
    return counts


def queries_of(browser: Browser, name: str, path: str) -> int:
    """The second time, when what a process keeps is kept; a public page as when something was just published."""
    for _ in range(2):
        forget_pages()
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(path)
        if response.status_code != 200:
            raise UnexpectedAnswerError(f"{name} answered {response.status_code}.")
    return len(captured)
