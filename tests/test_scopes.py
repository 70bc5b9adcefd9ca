"""Each scope is guarded: put "everything" in its place, and one of these checks goes red.

A scope is a QuerySet method, or a function beside the models, that takes a person. They are found by walking the models, so a new
one that no check guards fails here: add the check that would have seen it.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Occurrence, Response
from clients.models.reading import Ground, Reading
from clients.services.answering import put_off
from clients.services.consenting import decide_consent
from clients.services.handing_over import hand_over
from clients.services.reviewing import open_response
from clients.services.slips import make_slip
from content.models import Article
from practices.accounts.models import Supervision, User
from practices.accounts.permissions import Role
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import forget

OURS = ("clients", "content", "practices")
# What a parameter is called that says whose rows are meant; nothing else may be a person.
WHOSE = {"staff", "user", "person", "client", "clients"}
PEOPLE = re.compile(r"\b(User|AnonymousUser|Client|ClientQuerySet|UserQuerySet)\b")
# Functions that take a person, and give back nothing of anybody's.
MAKERS = {"display_name_of", "record"}
Scope = tuple[Any, str]


def ours(kind: type) -> bool:
    return kind.__module__.startswith(OURS)


def methods() -> Iterator[Scope]:
    """Each QuerySet of our models, and what it inherits from ours, with each of its methods."""
    managers = (manager for model in apps.get_models() if ours(model) for manager in model._meta.managers)
    kinds = {base for manager in managers for base in type(manager.all()).__mro__ if ours(base)}
    for kind in sorted(kinds, key=lambda kind: kind.__qualname__):
        yield from ((kind, name) for name, method in vars(kind).items() if inspect.isfunction(method))


def functions() -> Iterator[Scope]:
    """Each public function of the modules in which our models are."""
    for name in sorted({model.__module__ for model in apps.get_models() if ours(model)} | {"clients.models.reading"}):
        module = sys.modules[name]
        for function in vars(module).values():
            is_here = inspect.isfunction(function) and function.__module__ == name
            if is_here and function.__name__[0] != "_" and function.__name__ not in MAKERS:
                yield module, function.__name__


def parameters(scope: Scope) -> dict[str, str]:
    """Of a method or function: what each parameter is called, and its type as it is written."""
    signature = inspect.signature(getattr(*scope))
    return {name: inspect.formatannotation(one.annotation) for name, one in signature.parameters.items()}


def scopes() -> list[Scope]:
    """Everything that takes a person, to say which rows are theirs."""
    return [scope for scope in (*methods(), *functions()) if WHOSE & set(parameters(scope))]


def everything_of(kind: Any, name: str) -> Callable[..., Any]:
    """What lets everybody see all, in the place of a scope."""
    if isinstance(kind, type):
        return lambda self, *args, **kwargs: self.order_by("-pk")  # some are paged
    return EVERYTHING[name]


# For functions there is no self to give back. Their code alone is exchanged, so the names are those of their own modules.
EVERYTHING: dict[str, Callable[..., Any]] = {
    "acting_for": lambda client: User.objects.with_role(Role.CLINICIAN).order_by("display_name"),
    "clinicians_of": lambda client: User.objects.with_role(Role.CLINICIAN).order_by("display_name"),
    "supervisees_of": lambda staff: User.objects.with_role(Role.CLINICIAN).order_by("display_name"),
    "supervisions_of": lambda client: Supervision.objects.select_related("supervisor", "supervisee").order_by("pk"),
    "reading_of": lambda client, *, staff: Reading(ground=Ground.CARE),
}


@dataclass(frozen=True)
class Check:
    """What somebody who asks for `address` must get: this status, and none of these words."""

    who: User | None
    address: str
    status: int = 200
    without: str = ""
    post: bool = False

    def asked(self, browsers: Callable[[User | None], Browser]) -> tuple[int, bool]:
        """The status, and whether something was told that must not be; what the request did is undone."""
        browser = browsers(self.who)
        browser.raise_request_exception = False
        undone = transaction.atomic()
        undone._from_testcase = True
        with undone:
            response = (browser.post if self.post else browser.get)(self.address)
            transaction.set_rollback(True)
        told = response.getvalue()  # to its end, so that a file is closed
        return response.status_code, bool(self.without and self.without.encode() in told)

    def is_green(self, browsers: Callable[[User | None], Browser]) -> bool:
        return self.asked(browsers) == (self.status, False)

    def is_red(self, browsers: Callable[[User | None], Browser]) -> bool:
        """It lets through what it must not; a page that only fails proves nothing."""
        status, tells = self.asked(browsers)
        return status < 500 and (status != self.status or tells)


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
    open_response(submitted, by=clinician, at=timezone.now())
    put_off(open_work, reason=Occurrence.NotNow.LATER, at=timezone.now())
    supervision = supervisor.supervisees.get()
    nell = factories.client(third, first_name="Nell")
    factories.staff(name="Zuleika Zorn")  # a clinician who has nothing to do with it
    until = timezone.now() + timedelta(days=9)
    hand_over(nell.care.all(), to=other_clinician, until=until, by=owner, at=timezone.now())
    for agrees in (False, True):
        decide_consent(cleo, agrees=agrees, by=cleo.user, at=factories.AT)

    def of(name: str, pk: object) -> str:
        return reverse(name, kwargs={"pk": pk})

    return [
        Check(otto.user, of("portal:work", open_work.pk), 404),
        Check(otto.user, of("portal:send", open_work.pk), 404),
        Check(otto.user, of("portal:response", submitted.pk), 404),
        Check(otto.user, reverse("portal:settings"), without="You did not agree"),
        Check(otto.user, reverse("portal:seen"), without=clinician.display_name),
        Check(otto.user, reverse("portal:seen"), without=supervisor.display_name),
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
        Check(clinician, of("admin:review", submitted.pk), 422, post=True),
        Check(supervisor, reverse("admin:supervision"), without="Otto"),
        Check(third, reverse("admin:glass_openings"), without="Cora"),
        Check(third, of("admin:client", nell.pk), without="Zuleika"),
        Check(owner, reverse("admin:glass_openings"), without=factories.REASON),
        Check(owner, of("admin:client", cleo.pk), without=assignment.version.title),
        Check(owner, reverse("admin:end_supervision", args=[third.pk, supervision.pk]), 404, post=True),
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

    assert [check.address for check in checks if not check.is_green(browsers)] == []

    unguarded = []
    for kind, name in scopes():
        forget()
        with monkeypatch.context() as mutated:
            everything = everything_of(kind, name)
            if isinstance(kind, type):
                mutated.setattr(kind, name, everything)
            else:
                mutated.setattr(getattr(kind, name), "__code__", everything.__code__)
            if not any(check.is_red(browsers) for check in checks):
                unguarded.append(f"{kind.__name__}.{name}")
    assert unguarded == []


def test_the_walk_finds_the_scopes() -> None:
    found = {f"{kind.__name__.rpartition('.')[2]}.{name}" for kind, name in scopes()}

    assert {"ClientQuerySet.in_care_of", "ResponseQuerySet.visible_to", "OccurrenceQuerySet.ever_given_to"} <= found
    assert {"AuditEventQuerySet.openings_of", "ClientQuerySet.read_by", "reading.reading_of"} <= found
    assert len(found) >= 30


def test_whoever_is_asked_about_is_called_what_the_walk_looks_for() -> None:
    """So that a scope can't hide behind another name."""
    people = {
        f"{kind.__name__}.{name}({parameter})"
        for kind, name in (*methods(), *functions())
        for parameter, written in parameters((kind, name)).items()
        if PEOPLE.search(written) and parameter not in WHOSE | {"self"}
    }

    assert people == set()
