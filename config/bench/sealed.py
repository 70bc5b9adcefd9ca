"""What sealing costs: pages that open what was written, against the same pages with it at hand as if it lay there in clear."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from django.test import Client as Browser
from django.urls import reverse

from clients.models import Response
from config.bench.lists import MANY
from config.bench.pages import Practice
from config.bench.people import browser_of
from config.bench.rounds import Ratio, UnexpectedAnswerError, ratio_of
from practices.tenancy import inside
from practices.vault.keyring import open_here

ROUNDS, EACH, TARGET = 40, 3, 1.3
Known = dict[bytes, bytes]


def sealed_lines(practice: Practice) -> Iterator[str]:
    """Each page with its ratio, and how many values it opens."""
    for name, read in readings(practice):
        known: Known = {}
        with inside(practice.clinic), in_clear(known) as opened:
            read()
        found = compare(practice, read, known)
        verdict = "PASS" if found.median <= TARGET else "over"
        between = f"{found.low:.2f} to {found.high:.2f}"
        yield f"  {f'{name}, {len(opened)} opened':<44}{found.median:>6.2f}×  {between:<16}≤ {TARGET} plain  {verdict}"


def readings(practice: Practice) -> Iterator[tuple[str, Callable[[], object]]]:
    """A list read row by row, and pages as they are asked for."""
    with inside(practice.clinic):
        response = Response.objects.submitted().in_care_of(practice.clinician).order_by("-submitted_at")[0]
        of_client = response.occurrence.assignment.client_id
    clinician, client = (
        browser_of(practice.clinic, practice.clinician),
        browser_of(practice.clinic, practice.client.user),
    )
    yield f"a list of {MANY} responses, without a page", read_many
    yield "a response, at the desk", asking(clinician, reverse("admin:response", kwargs={"pk": response.pk}))
    yield "a client's page, at the desk", asking(clinician, reverse("admin:client", kwargs={"pk": of_client}))
    yield "Mine, in the portal", asking(client, reverse("portal:mine"))


def read_many() -> list[Any]:
    return [response.answers for response in Response.objects.submitted().order_by("pk")[:MANY]]


def asking(browser: Browser, path: str) -> Callable[[], object]:
    def ask() -> None:
        answer = browser.get(path)
        if answer.status_code != 200:
            raise UnexpectedAnswerError(f"{path} answered {answer.status_code}.")

    return ask


def compare(practice: Practice, read: Callable[[], object], known: Known) -> Ratio:
    """In turns; the page in clear finds everything in `known`."""
    sealed, clear = [], []
    for _ in range(ROUNDS):
        with inside(practice.clinic):
            sealed.append(seconds(read))
            with in_clear(known):
                clear.append(seconds(read))
    return ratio_of(sealed, clear)


def seconds(read: Callable[[], object]) -> float:
    times = []
    for _ in range(EACH):
        begun = time.perf_counter()
        read()
        times.append(time.perf_counter() - begun)
    return median(times)


@contextmanager
def in_clear(known: Known) -> Iterator[list[bytes]]:
    """Meanwhile opening is to look it up; what is not known yet is opened once. Gives what was asked for."""
    asked: list[bytes] = []

    def look_up(value: bytes, **place: Any) -> bytes:
        asked.append(value)
        if value not in known:
            known[value] = open_here(value, **place)
        return known[value]

    with patch("practices.vault.fields.open_here", look_up):
        yield asked
