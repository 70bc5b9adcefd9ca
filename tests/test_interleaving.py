"""Two clinics take turns, 500 times on one thread and more on four at once: nothing of one turns up at the other."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.urls import reverse

from clients.models import Client
from content.models import Article, Picture
from practices.accounts.models import Session, User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.pictures import Format
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database

REQUESTS, THREADS, OF_EACH = 500, 4, 60
# What both clinics call alike must still be told apart, so everything here has the same name but for one word.
WORDS = {"north": "nightingale", "south": "sandpiper"}


@dataclass(frozen=True)
class Side:
    """What there is at one clinic; its word is in all of it."""

    clinic: Clinic
    word: str
    clinician: User
    client: Client
    response: str
    article: Article
    picture: Picture


@pytest.fixture
def sides(fresh_database: Database) -> tuple[Side, Side]:
    north, south = (made_at(clinic) for clinic in (fresh_database.north, fresh_database.south))
    return north, south


def made_at(clinic: Clinic) -> Side:
    word = WORDS[clinic.schema_name]
    with inside(clinic):
        clinician = factories.staff(name=f"Clara {word}", email="clara@example.org")
        client = factories.client(clinician, first_name="Cleo", last_name=word, email="cleo@example.org")
        work = factories.assignment(client, by=clinician, exercise=factories.exercise(title=f"Work of {word}"))
        sent = factories.response(work.occurrences.get(), answers=factories.ANSWERS | {"words": f"Words of {word}"})
        article = factories.article(title=f"Why is {word} hard?")
        Article.objects.filter(pk=article.pk).update(slug="the-same")
        article.refresh_from_db()
        cache.set("shared", word)
        picture = factories.picture(alt=word)
        client = Client.objects.select_related("user").get(pk=client.pk)
        response = reverse("admin:response", kwargs={"pk": sent.pk})
        return Side(clinic, word, clinician, client, response, article, picture)


class Visit:
    """Everybody at one clinic, each in a browser of their own; each step says what was mixed up, or nothing."""

    def __init__(self, side: Side, other: Side) -> None:
        self.side, self.other = side, other
        with inside(side.clinic):
            self.desk = Browser(side.clinic).sign_in(side.clinician)
            self.portal = Browser(side.clinic).sign_in(side.client.user)
        self.visitor = Browser(side.clinic)
        self.steps = [self.content, self.opened, self.theirs, self.site, self.file, self.kept, self.stranger]

    def _page(self, browser: Browser, address: str) -> str:
        response = browser.get(address)
        html = response.getvalue().decode()
        return self._mixed(html) if response.status_code == 200 else f"{response.status_code} for {address}"

    def _mixed(self, html: str) -> str:
        if self.other.word in html:
            return f"{self.other.word} at {self.side.clinic.schema_name}"
        return "" if self.side.word in html else f"no {self.side.word} at {self.side.clinic.schema_name}"

    def content(self) -> str:
        return self._page(self.portal, "/portal/mine/")

    def opened(self) -> str:
        return self._page(self.desk, self.side.response)

    def theirs(self) -> str:
        """A row of the other clinic does not exist here."""
        status = self.desk.get(self.other.response).status_code
        return "" if status == 404 else f"{status} for the other clinic's response"

    def site(self) -> str:
        """From the cache of visitors' pages, at the same address in both clinics."""
        return self._page(self.visitor, "/articles/the-same/")

    def file(self) -> str:
        here, there = (self.desk.get(one.picture.file_url(1, Format.WEBP)) for one in (self.side, self.other))
        for response in (here, there):
            response.getvalue()
        return "" if (here.status_code, there.status_code) == (200, 404) else "a file of the other clinic"

    def kept(self) -> str:
        with inside(self.side.clinic):
            return "" if cache.get("shared") == self.side.word else "a cached value of the other clinic"

    def stranger(self) -> str:
        """The other clinic's session is worth nothing here."""
        visiting = Browser(self.side.clinic)
        with inside(self.other.clinic):
            key = Session.objects.filter(user=self.other.clinician.pk).values_list("session_key", flat=True)[0]
        visiting.cookies[settings.SESSION_COOKIE_NAME] = key
        return "" if visiting.get(self.side.response).status_code == 302 else "a session of the other clinic"


def visits(sides: tuple[Side, Side], seed: int, number: int) -> Iterator[str]:
    """What was mixed up in so many steps, the clinics in random turns."""
    turns = random.Random(seed)
    pair = (Visit(sides[0], sides[1]), Visit(sides[1], sides[0]))
    for _ in range(number):
        yield turns.choice(turns.choice(pair).steps)()


def in_a_thread(sides: tuple[Side, Side], seed: int) -> list[str]:
    try:
        return [mixed for mixed in visits(sides, seed, OF_EACH) if mixed]
    finally:
        connections.close_all()


def audit_is_mixed(side: Side) -> list[object]:
    """Openings by somebody, or of something, that is not of this clinic."""
    with inside(side.clinic):
        opened = AuditEvent.objects.filter(action=Action.RESPONSE_OPENED)
        assert opened.exists()
        return list(opened.exclude(actor=side.clinician.pk, client_id=side.client.pk).values_list("pk", flat=True))


@pytest.mark.parametrize("threads", [1, THREADS])
def test_interleaved_requests_never_mix(sides: tuple[Side, Side], threads: int) -> None:
    if threads == 1:
        mixed = [words for words in visits(sides, seed=1, number=REQUESTS) if words]
    else:
        with ThreadPoolExecutor(threads) as pool:
            mixed = [
                words for found in pool.map(lambda seed: in_a_thread(sides, seed), range(threads)) for words in found
            ]

    assert mixed == []
    assert [audit_is_mixed(side) for side in sides] == [[], []]


def test_a_limit_that_is_used_up_at_one_clinic_is_whole_at_the_other(sides: tuple[Side, Side]) -> None:
    north, south = (Browser(side.clinic) for side in sides)
    code = {"code": "2222-2222-2222-2222"}

    turns = [(north if number % 3 else south).post("/portal/slip/", code) for number in range(18)]
    answers = [browser.post("/portal/slip/", code).content.decode() for browser in (north, south)]

    assert all(turn.status_code == 422 for turn in turns)
    assert ["That was often" in answer for answer in answers] == [True, False]
