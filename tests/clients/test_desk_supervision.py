"""A supervisor reads the caseload of their supervisees, and changes nothing."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Response
from clients.services.reviewing import review_response
from practices.accounts.models import Supervision, User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent
from tests import factories
from tests.harness.browsers import Browsers


def page(name: str, pk: object) -> str:
    return reverse(f"admin:{name}", kwargs={"pk": pk})


def test_a_supervisor_finds_what_the_supervisees_clients_sent(
    browser_of: Browsers, supervisor: User, submitted: Response, other_client: Client
) -> None:
    response = browser_of(supervisor).get("/admin/", follow=True)

    assert response.redirect_chain[-1][0] == reverse("admin:supervision")
    assert [item.name for item in response.context["queue"].items] == [submitted.occurrence.assignment.client.name]
    assert "1 client of those you supervise" in response.content.decode()


def test_reading_says_on_what_grounds_and_offers_nothing_to_change(
    browser_of: Browsers, supervisor: User, submitted: Response
) -> None:
    opened = browser_of(supervisor).get(page("response", submitted.pk)).content.decode()
    client = submitted.occurrence.assignment.client
    their_page = browser_of(supervisor).get(page("client", client.pk)).content.decode()

    for html in (opened, their_page):
        assert "You read this as Clara’s supervisor." in html
        assert "The boat was late again." in opened
        for act in ("admin:assign", "admin:review", "admin:invite", "admin:withdraw"):
            args = [] if act == "admin:assign" else [submitted.pk]
            assert f'action="{reverse(act, args=args)}' not in html
            assert f'href="{reverse("admin:assign")}?' not in html
        assert "<textarea" not in html


def keys(html: str) -> list[str]:
    return re.findall(r"<kbd>(.)</kbd>", html)


def test_only_keys_that_do_something_are_named(
    browser_of: Browsers, supervisor: User, clinician: User, other_clinician: User, submitted: Response, at: datetime
) -> None:
    opened = page("response", submitted.pk)

    def found(who: User, address: str) -> list[str]:
        return keys(browser_of(who).get(address).content.decode())

    assert found(supervisor, reverse("admin:supervision")) == found(supervisor, opened) == ["j", "k"]
    assert found(clinician, reverse("admin:queue")) == ["j", "k"]
    assert found(clinician, opened) == ["j", "k", "r", "a"]
    assert found(other_clinician, reverse("admin:queue")) == []
    factories.broken_glass(submitted.occurrence.assignment.client, by=other_clinician)
    assert found(other_clinician, opened) == []
    review_response(submitted, reply="", by=clinician, at=at)
    assert found(clinician, opened) == ["a"]


def test_each_opening_is_written_down_with_role_and_purpose(
    browser_of: Browsers, supervisor: User, submitted: Response
) -> None:
    client = submitted.occurrence.assignment.client
    browser_of(supervisor).get(page("response", submitted.pk))
    browser_of(supervisor).get(page("client", client.pk))

    events = AuditEvent.objects.filter(client_id=client.pk, actor=supervisor.pk).order_by("at")
    assert list(events.values_list("action", "actor_role", "purpose")) == [
        (Action.RESPONSE_OPENED, "supervisor", "supervision"),
        (Action.CLIENT_OPENED, "supervisor", "supervision"),
    ]


@pytest.mark.parametrize("ended", ["supervision", "care", "role", "account"])
def test_reading_ends_with_the_supervision_and_with_the_care(
    browser_of: Browsers, supervisor: User, clinician: User, submitted: Response, ended: str
) -> None:
    just_now = timezone.now() - timedelta(seconds=5)
    client = submitted.occurrence.assignment.client
    match ended:
        case "supervision":
            Supervision.objects.update(ends_at=just_now)
        case "care":
            client.care.update(ends_at=just_now)
        case "role":
            User.objects.filter(pk=clinician.pk).update(roles=[Role.EDITOR])
        case "account":
            User.objects.filter(pk=clinician.pk).update(is_active=False)

    assert browser_of(supervisor).get(page("response", submitted.pk)).status_code == 404
    assert browser_of(supervisor).get(page("client", client.pk)).status_code == 404
    assert not browser_of(supervisor).get(reverse("admin:supervision")).context["queue"].items


def test_a_clinician_who_supervises_reads_but_acts_only_on_their_own_caseload(
    browser_of: Browsers, clinician: User, other_clinician: User, submitted: Response
) -> None:
    User.objects.filter(pk=other_clinician.pk).update(roles=[Role.CLINICIAN, Role.SUPERVISOR])
    other_clinician.refresh_from_db()
    factories.supervision(other_clinician, clinician)
    client = submitted.occurrence.assignment.client
    browser = browser_of(other_clinician)

    assert browser.get(page("response", submitted.pk)).status_code == 200
    for act, pk in (("review", submitted.pk), ("invite", client.pk), ("withdraw", submitted.occurrence.assignment_id)):
        assert browser.post(page(act, pk), {"do": "read"}).status_code == 404
    assert browser.post(reverse("admin:clients_client_change", args=[client.pk]), {}).status_code == 403
    assert not browser.get(reverse("admin:queue")).context["queue"].items
    assert len(browser.get(reverse("admin:supervision")).context["queue"].items) == 1


def test_the_queue_of_one_supervisee_can_be_looked_at_alone(
    browser_of: Browsers, supervisor: User, other_clinician: User, clinician: User, submitted: Response
) -> None:
    factories.supervision(supervisor, other_clinician)
    browser, address = browser_of(supervisor), reverse("admin:supervision")

    assert len(browser.get(address, {"of": clinician.pk}).context["queue"].items) == 1
    assert not browser.get(address, {"of": other_clinician.pk}).context["queue"].items
    assert len(browser.get(address, {"of": "nobody"}).context["queue"].items) == 1
    assert f"of={clinician.pk}&amp;show=new" in browser.get(address, {"of": clinician.pk}).content.decode()
