"""The owner's audit log: what it shows, to whom, and its copy; and that nothing is shown whose event can't be written."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from clients.admin.audit_log import A_PAGE, MOST_NAMED, cell
from clients.models import Client, Response
from clients.services.reviewing import open_client, open_response
from practices.accounts.models import User
from practices.audit.models import ANCHORS_MISSING, Action, AuditEvent, record
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database, server


def log(browsers: Browsers, owner: User, **query: object) -> str:
    return browsers(owner).get("/admin/audit/", query).content.decode()


def test_an_event_says_when_who_what_and_whose(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client, submitted: Response, at: datetime
) -> None:
    open_response(submitted, by=clinician, at=at, purpose="supervision")

    page = log(browser_of, owner)

    assert "Clara Clinician" in page and "read what a client sent, as a supervisor" in page
    assert f'<a href="/admin/clients/client/{client_person.pk}/page/">{client_person.name}</a>' in page
    assert "A small step" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"since": "2026-11-17"}, 2),
        ({"until": "2026-11-17"}, 2),
        ({"since": "2026-11-17", "until": "2026-11-17"}, 1),
        ({"what": "client opened"}, 2),
        ({"who": "clinician"}, 2),
        ({"client": "client"}, 1),
    ],
)
def test_events_are_found_by_day_person_action_and_client(
    browser_of: Browsers,
    owner: User,
    clinician: User,
    client_person: Client,
    other_client: Client,
    query: dict[str, str],
    found: int,
) -> None:
    earlier = list(AuditEvent.objects.values_list("pk", flat=True))
    begun = datetime.fromisoformat("2026-11-16T23:30+00:00")
    open_client(client_person, by=clinician, at=begun)
    open_client(other_client, by=clinician, at=begun + timedelta(hours=1))
    record(Action.SIGNED_OUT, by=owner, at=begun + timedelta(days=2))
    ids = {"clinician": str(clinician.pk), "client": client_person.name.upper()}
    browser = browser_of(owner).confirm(owner)

    rows = list(
        csv.DictReader(
            b"".join(
                browser.get("/admin/audit/export/", {name: ids.get(value, value) for name, value in query.items()})
            )
            .decode()
            .splitlines()
        )
    )

    fresh = [row for row in rows if row["event"] not in {str(pk) for pk in earlier} and "copy" not in row["what"]]
    assert len([row for row in fresh if "sign" not in row["what"] or row["what"] == "signed out"]) == found


def test_a_choice_that_is_none_is_refused_in_words(browser_of: Browsers, owner: User) -> None:
    for path in ("/admin/audit/", "/admin/audit/export/"):
        answer = browser_of(owner).confirm(owner).get(path, {"since": "yesterday", "who": "somebody", "before": "x"})

        assert answer.status_code == 422
        assert "Enter a valid date" in answer.content.decode()


def test_a_name_that_fits_nobody_finds_nothing_and_one_that_fits_many_asks_for_more(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client
) -> None:
    open_client(client_person, by=clinician, at=factories.AT)
    assert "Nothing was found" in log(browser_of, owner, client="nobody")

    for _ in range(MOST_NAMED + 1):
        factories.client(clinician, first_name="Quentin")
    answer = browser_of(owner).get("/admin/audit/", {"client": "quen"})

    assert answer.status_code == 422
    assert "Write more of the name" in answer.content.decode()
    assert "Quentin" not in answer.content.decode()


def test_taking_a_copy_is_itself_written_down(browser_of: Browsers, owner: User) -> None:
    owner.set_password("a long enough pass phrase")
    owner.save()
    browser = browser_of(owner)
    asked = browser.get("/admin/audit/export/")
    assert "/reauthenticate/" in asked["Location"]
    assert not AuditEvent.objects.filter(action=Action.AUDIT_EXPORTED).exists()

    answer = browser.confirm(owner).get("/admin/audit/export/")

    assert answer["Content-Disposition"].startswith('attachment; filename="audit-')
    assert AuditEvent.objects.filter(action=Action.AUDIT_EXPORTED, actor=owner.pk).count() == 1


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert cell(words) == f"'{words}"
    assert (cell("plain"), cell(None)) == ("plain", "")


def test_older_events_follow_and_queries_stay_the_same(
    browser_of: Browsers,
    owner: User,
    clinician: User,
    client_person: Client,
    queries_of: Callable[[Callable[[], Any]], int],
) -> None:
    browser = browser_of(owner)
    few = queries_of(lambda: browser.get("/admin/audit/"))
    for number in range(A_PAGE + 5):
        open_client(client_person, by=clinician, at=factories.AT - timedelta(days=9, minutes=number))

    assert queries_of(lambda: browser.get("/admin/audit/")) == few

    first = browser.get("/admin/audit/", {"what": "client opened"})
    second = browser.get("/admin/audit/", {"what": "client opened", "before": str(first.context["before"])})
    assert (len(first.context["lines"]), len(second.context["lines"])) == (A_PAGE, 5)
    assert second.context["before"] is None


def test_nothing_found_says_what_to_do(browser_of: Browsers, owner: User) -> None:
    assert "Try a longer time" in log(browser_of, owner, until="2001-01-01")


def test_the_last_nightly_check_stands_on_top(browser_of: Browsers, owner: User, at: datetime) -> None:
    record(Action.AUDIT_VERIFIED, by=None, at=at)
    assert "no change was found." in log(browser_of, owner)

    record(Action.AUDIT_BROKEN, by=None, at=at + timedelta(days=1), purpose="from event 7")
    assert "this log was changed (from event 7)" in log(browser_of, owner)

    record(Action.AUDIT_BROKEN, by=None, at=at + timedelta(days=2), purpose=ANCHORS_MISSING)
    assert "kept elsewhere are missing" in log(browser_of, owner)


@pytest.mark.parametrize("address", ["/admin/queue/{response}/", "/admin/clients/client/{client}/page/"])
def test_without_its_event_a_page_is_503_and_empty(
    browser_of: Browsers,
    clinician: User,
    client_person: Client,
    submitted: Response,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    browser = browser_of(clinician)

    def full(*_: object, **__: object) -> None:
        raise OperationalError("the disk is full")

    monkeypatch.setattr(AuditEvent.objects, "create", full)
    answer = browser.get(address.format(response=submitted.pk, client=client_person.pk))

    assert answer.status_code == 503
    for words in ("boat", client_person.first_name, "A small step"):
        assert words not in answer.content.decode()


@pytest.mark.parametrize("address", ["/admin/queue/{response}/", "/admin/clients/client/{client}/page/"])
def test_an_event_that_gets_no_place_in_the_chain_at_commit_leaves_the_page_503_and_empty(
    fresh_database: Database, address: str
) -> None:
    with inside(fresh_database.north):
        clinician = factories.staff()
        client = factories.client(clinician, first_name="Cleo")
        given = factories.assignment(client, by=clinician, exercise=factories.exercise(by=clinician))
        response = factories.response(given.occurrences.get())
    path = address.format(response=response.pk, client=client.pk)
    browser = Browser(fresh_database.north).sign_in(clinician)
    assert "Cleo" in browser.get(path).content.decode()
    with server(fresh_database.name) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("DELETE FROM north.audit_auditchain")

    answer = browser.get(path)

    assert answer.status_code == 503
    assert "Cleo" not in answer.content.decode()
    assert "A small step" not in answer.content.decode()
    with inside(fresh_database.north):
        assert AuditEvent.objects.openings_of(client.pk).count() == 1
