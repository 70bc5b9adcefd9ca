"""Each scope is guarded: put "everything" in its place, and some of these checks goes red.

A scope is a QuerySet method that takes `staff` or `user`. They are found by walking the models, so a new one that no check guards
fails here: add the check that would have seen it.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Response
from clients.services.consenting import decide_consent
from clients.services.slips import make_slip
from content.models import Article
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import forget

OURS = ("clients", "content", "practices")
WHOSE = {"staff", "user"}


def scopes() -> Iterator[tuple[type[models.QuerySet[Any]], str]]:
    """Each QuerySet of our models with each of its methods that takes a person."""
    kinds = {type(model._default_manager.all()) for model in apps.get_models() if model.__module__.startswith(OURS)}
    for kind in sorted(kinds, key=lambda kind: kind.__qualname__):
        for name, method in vars(kind).items():
            if inspect.isfunction(method) and WHOSE & set(inspect.signature(method).parameters):
                yield kind, name


@dataclass(frozen=True)
class Check:
    """What somebody who asks for `address` must get: this status, and none of these words."""

    who: User | None
    address: str
    status: int = 200
    without: str = ""
    post: bool = False

    def is_red(self, browsers: Callable[[User | None], Browser]) -> bool:
        browser = browsers(self.who)
        browser.raise_request_exception = False
        undone = transaction.atomic()
        undone._from_testcase = True
        with undone:
            response = (browser.post if self.post else browser.get)(self.address)
            transaction.set_rollback(True)
        told = response.getvalue()  # to its end, so that a file is closed
        return response.status_code != self.status or bool(self.without and self.without.encode() in told)


@pytest.fixture
def checks(
    clinician: User,
    other_clinician: User,
    supervisor: User,
    owner: User,
    client_person: Client,
    other_client: Client,
    submitted: Response,
) -> list[Check]:
    """About Cleo, who is the clinician's, asked for by people whose she is not; and about Otto, by hers."""
    third, cleo, otto = factories.staff(), client_person, other_client
    assignment, to_do = submitted.occurrence.assignment, factories.exercise(title="To do")
    open_work = factories.assignment(cleo, by=clinician, exercise=to_do).occurrences.get()
    worrying = factories.assignment(cleo, by=clinician, exercise=factories.exercise(title="Worrying"))
    alert = factories.response(worrying.occurrences.get(), answers=factories.ANSWERS | {"safe": "no"}).alert
    factories.response(factories.assignment(otto, by=other_clinician, exercise=to_do).occurrences.get())
    for_clients = factories.article(title="For clients", audience=Article.Audience.CLIENTS)
    only_for_clients = factories.topic(for_clients)
    slip, _ = make_slip(cleo, by=clinician, at=timezone.now())
    factories.broken_glass(factories.client(clinician, first_name="Cora"), by=other_clinician)
    for agrees in (False, True):
        decide_consent(cleo, agrees=agrees, by=cleo.user, at=factories.AT)

    def of(name: str, pk: object) -> str:
        return reverse(name, kwargs={"pk": pk})

    return [
        Check(otto.user, of("portal:work", open_work.pk), 404),
        Check(otto.user, of("portal:send", open_work.pk), 404),
        Check(otto.user, of("portal:response", submitted.pk), 404),
        Check(otto.user, reverse("portal:settings"), without="You did not agree"),
        Check(other_clinician, of("admin:response", submitted.pk), 404),
        Check(other_clinician, of("admin:review", submitted.pk), 404, post=True),
        Check(other_clinician, of("admin:acknowledge", alert.pk), 404, post=True),
        Check(other_clinician, of("admin:withdraw", assignment.pk), 404, post=True),
        Check(other_clinician, of("admin:client", cleo.pk), 404),
        Check(other_clinician, of("admin:client_openings", cleo.pk), 404),
        Check(other_clinician, of("admin:invite", cleo.pk), 404, post=True),
        Check(other_clinician, of("admin:revoke_slip", slip.pk), 404, post=True),
        Check(other_clinician, reverse("admin:queue"), without="Cleo"),
        Check(other_clinician, reverse("admin:assign"), without="Cleo"),
        Check(clinician, of("admin:response", factories.draft(open_work).pk), 404),
        Check(clinician, of("admin:break_glass_for", cleo.pk), 404),
        Check(supervisor, reverse("admin:supervision"), without="Otto"),
        Check(third, reverse("admin:glass_openings"), without="Cora"),
        Check(owner, reverse("admin:glass_openings"), without=factories.REASON),
        Check(None, for_clients.get_absolute_url(), 404),
        Check(None, for_clients.byline.get_absolute_url(), 404),
        Check(None, f"{reverse('articles')}?all", without=only_for_clients.name),
        Check(None, factories.picture().url, 404),
    ]


def test_every_scope_is_guarded(north: Clinic, checks: list[Check], monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[User | None, Browser] = {}

    def browsers(who: User | None) -> Browser:
        if who not in known:
            known[who] = Browser(north).sign_in(who).confirm(who) if who else Browser(north)
        return known[who]

    assert [check.address for check in checks if check.is_red(browsers)] == []

    unguarded = []
    for kind, name in scopes():
        forget()
        with monkeypatch.context() as mutated:
            mutated.setattr(kind, name, lambda self, *args, **kwargs: self)
            if not any(check.is_red(browsers) for check in checks):
                unguarded.append(f"{kind.__name__}.{name}")
    assert unguarded == []


def test_the_walk_finds_the_scopes() -> None:
    found = {f"{kind.__name__}.{name}" for kind, name in scopes()}

    assert {"ClientQuerySet.in_care_of", "ResponseQuerySet.visible_to", "OccurrenceQuerySet.given_to"} <= found
    assert len(found) >= 18
