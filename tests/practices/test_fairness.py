"""One clinic that asks for everything leaves threads to the others; whoever waits gets a turn, or is asked to come again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from practices.fairness import CrowdedError, Turns
from practices.identifiers import new_id
from practices.middleware import FairShareMiddleware
from practices.models import Clinic

NORTH, SOUTH = uuid4(), uuid4()
SOON = 5.0


@contextmanager
def held(turns: Turns, clinic: object, number: int) -> Iterator[None]:
    """So many requests of the clinic are at work, for as long as this lasts."""
    there, over = Barrier(number + 1), Event()

    def hold() -> None:
        with turns.take(clinic):  # type: ignore[arg-type]
            there.wait(SOON)
            over.wait(SOON)

    threads = [Thread(target=hold) for _ in range(number)]
    for thread in threads:
        thread.start()
    there.wait(SOON)
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_clinic_has_so_many_at_work_and_the_others_are_not_held_up() -> None:
    turns = Turns(at_work=2, here=7, patience=0.0)

    with held(turns, NORTH, 2):
        with pytest.raises(CrowdedError), turns.take(NORTH):
            pass
        with turns.take(SOUTH), turns.take(SOUTH):
            assert len(turns) == 2

    assert len(turns) == 0


def test_whoever_waits_gets_the_turn_that_is_given_back() -> None:
    turns = Turns(at_work=1, here=9, patience=SOON)
    most, now = [0], [0]

    def work(_: int) -> int:
        with turns.take(NORTH):
            now[0] += 1
            most[0] = max(most[0], now[0])
            now[0] -= 1
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(200))) == 200
    assert most == [1]
    assert len(turns) == 0


def test_beyond_those_who_may_wait_the_answer_comes_at_once() -> None:
    turns = Turns(at_work=1, here=1, patience=SOON * 100)

    with held(turns, NORTH, 1), pytest.raises(CrowdedError), turns.take(NORTH):
        pass


def test_a_request_that_fails_gives_its_turn_back() -> None:
    turns = Turns(at_work=1, here=1, patience=0.0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.take(NORTH):
            raise ZeroDivisionError
    assert len(turns) == 0


def test_the_site_answers_503_to_whom_it_asks_to_come_again(north: Clinic, south: Clinic) -> None:
    gate = FairShareMiddleware(lambda request: HttpResponse("here"))
    gate.turns = Turns(at_work=1, here=1, patience=0.0)

    def asked(clinic: Clinic | None) -> HttpResponse:
        request: HttpRequest = RequestFactory().get("/")
        request.id = new_id()  # type: ignore[attr-defined]
        if clinic:
            request.tenant = clinic  # type: ignore[attr-defined]
        return gate(request)  # type: ignore[arg-type]

    with held(gate.turns, north.pk, 1):
        refused = asked(north)
        assert (refused.status_code, refused["Retry-After"]) == (503, "1")
        assert asked(south).status_code == 200
        assert asked(None).status_code == 200
    assert asked(north).status_code == 200
