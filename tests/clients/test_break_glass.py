"""Opening a colleague's client: with a reason, for an hour, read only, and told."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import BreakGlass, Client, Response
from clients.services.glass import MOST_IN_A_DAY, CannotBreakGlassError, break_glass
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.harness.browsers import Browsers

REASON = "Clara is ill, and Cleo has called twice."


def page(name: str, pk: object) -> str:
    return reverse(f"admin:{name}", kwargs={"pk": pk})


def told() -> list[str]:
    return sorted(mail.details["to"] for mail in OutboxMail.objects.filter(kind=MailKind.GLASS_BROKEN))


def test_a_reason_opens_a_colleagues_client_and_everybody_it_concerns_is_told(
    browser_of: Browsers, other_clinician: User, owner: User, editor: User, submitted: Response
) -> None:
    client = submitted.occurrence.assignment.client
    browser = browser_of(other_clinician).confirm(other_clinician)

    answer = browser.post(page("break_glass_for", client.pk), {"reason": REASON}, follow=True)

    assert answer.redirect_chain == [(page("client", client.pk), 302)]
    assert "You opened this with a reason, until" in answer.content.decode()
    assert "The boat was late again." in browser.get(page("response", submitted.pk)).content.decode()
    assert told() == ["clinician@example.org", "owner@example.org"]
    events = AuditEvent.objects.filter(actor=other_clinician.pk, client_id=client.pk).order_by("at")
    assert list(events.values_list("action", "purpose")) == [
        (Action.GLASS_BROKEN, "break-glass"),
        (Action.CLIENT_OPENED, "break-glass"),
        (Action.RESPONSE_OPENED, "break-glass"),
    ]


@pytest.mark.parametrize("reason", ["", "because", "         ", "x" * 1001])
def test_without_a_proper_reason_it_stays_closed(
    browser_of: Browsers, other_clinician: User, client_person: Client, reason: str
) -> None:
    browser = browser_of(other_clinician).confirm(other_clinician)
    answer = browser.post(page("break_glass_for", client_person.pk), {"reason": reason})

    assert answer.status_code == 422
    assert not BreakGlass.objects.exists()
    assert not Client.objects.read_by(other_clinician).filter(pk=client_person.pk).exists()


def test_whoever_has_not_shown_lately_who_they_are_is_asked_first(
    browser_of: Browsers, other_clinician: User, client_person: Client
) -> None:
    other_clinician.set_password("seven quiet boats at noon")
    other_clinician.save(update_fields=["password"])
    browser, address = browser_of(other_clinician), page("break_glass_for", client_person.pk)

    answers = [browser.get(address), browser.post(address, {"reason": REASON})]

    assert all("reauthenticate" in answer["Location"] for answer in answers)
    assert not BreakGlass.objects.exists()


def test_it_is_read_only(browser_of: Browsers, other_clinician: User, submitted: Response) -> None:
    client = submitted.occurrence.assignment.client
    factories.broken_glass(client, by=other_clinician)
    browser = browser_of(other_clinician)

    for act, pk in (("review", submitted.pk), ("invite", client.pk), ("withdraw", submitted.occurrence.assignment_id)):
        assert browser.post(page(act, pk), {"do": "read"}).status_code == 404
    assert browser.post(reverse("admin:clients_client_change", args=[client.pk]), {}).status_code == 403
    assert client not in browser.get(reverse("admin:assign")).context["page"].checked.caseload
    assert not browser.get(reverse("admin:queue")).context["queue"].items


def test_when_the_hour_is_over_it_is_closed(browser_of: Browsers, other_clinician: User, submitted: Response) -> None:
    """The database's own clock decides, so nothing has to run for it."""
    client = submitted.occurrence.assignment.client
    factories.broken_glass(client, by=other_clinician, at=timezone.now() - timedelta(minutes=59))
    assert browser_of(other_clinician).get(page("response", submitted.pk)).status_code == 200

    over = timezone.now()
    BreakGlass.objects.update(starts_at=over - timedelta(minutes=60), until=over)

    assert browser_of(other_clinician).get(page("response", submitted.pk)).status_code == 404
    assert browser_of(other_clinician).get(page("client", client.pk)).status_code == 404


def test_it_can_be_closed_early(browser_of: Browsers, other_clinician: User, client_person: Client) -> None:
    glass = factories.broken_glass(client_person, by=other_clinician)
    browser = browser_of(other_clinician)

    browser.post(page("end_glass", glass.pk))

    assert browser.get(page("client", client_person.pk)).status_code == 404
    assert browser.post(page("end_glass", glass.pk)).status_code == 404
    assert AuditEvent.objects.filter(action=Action.GLASS_CLOSED, client_id=client_person.pk).count() == 1


def test_only_names_are_found_and_only_of_those_who_cannot_be_read(
    browser_of: Browsers, other_clinician: User, client_person: Client, other_client: Client
) -> None:
    browser, address = browser_of(other_clinician), reverse("admin:break_glass")

    def found(name: str) -> list[str]:
        return [client.name for client in browser.get(address, {"name": name}).context["found"]]

    assert found("cli") == ["Cleo Client"]
    assert found("cleo client") == ["Cleo Client"]
    assert found("") == found("c") == found("Otto") == []


def test_one_cannot_break_the_glass_for_ones_own_caseload(clinician: User, client_person: Client, at: datetime) -> None:
    with pytest.raises(CannotBreakGlassError):
        break_glass(client_person, reason=REASON, by=clinician, at=at)


def test_after_five_in_a_day_it_is_refused_and_the_owner_is_told_once(
    browser_of: Browsers, clinician: User, other_clinician: User, owner: User
) -> None:
    clients = [factories.client(clinician) for _ in range(MOST_IN_A_DAY + 1)]
    for client in clients[:-1]:
        factories.broken_glass(client, by=other_clinician)
    before = len(told())
    browser = browser_of(other_clinician).confirm(other_clinician)

    answers = [browser.post(page("break_glass_for", clients[-1].pk), {"reason": REASON}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Ask the owner." in answers[0].content.decode()
    assert BreakGlass.objects.count() == MOST_IN_A_DAY
    assert len(told()) == before + 1
    assert AuditEvent.objects.filter(action=Action.DENIED, purpose="break-glass limit").count() == 2


def test_the_reason_is_for_the_opener_and_for_those_in_care(
    browser_of: Browsers, clinician: User, other_clinician: User, owner: User, client_person: Client
) -> None:
    factories.broken_glass(client_person, by=other_clinician)
    third = factories.staff(Role.CLINICIAN)
    address = reverse("admin:glass_openings")

    pages = {who: browser_of(who).get(address).content.decode() for who in (clinician, other_clinician, owner, third)}

    assert ["She called and is not well." in html for html in pages.values()] == [True, True, False, False]
    assert ["Cleo Client" in html for html in pages.values()] == [True, True, True, False]


def test_it_stands_on_the_desk_of_those_it_concerns(
    browser_of: Browsers, clinician: User, other_clinician: User, owner: User, client_person: Client
) -> None:
    factories.broken_glass(client_person, by=other_clinician)
    words = "Oscar Other opened Cleo Client with a reason"

    assert words in browser_of(clinician).get(reverse("admin:queue")).content.decode()
    assert words in browser_of(owner).get(reverse("admin:overview")).content.decode()
    assert words not in browser_of(other_clinician).get(reverse("admin:queue")).content.decode()
    assert "She called and is not well." in browser_of(clinician).get(page("client", client_person.pk)).content.decode()


def test_no_row_can_be_longer_than_an_hour(other_clinician: User, client_person: Client) -> None:
    glass = factories.broken_glass(client_person, by=other_clinician)

    for until in (glass.starts_at + timedelta(minutes=61), glass.starts_at):
        with pytest.raises(IntegrityError, match="break_glass_an_hour_at_most"), transaction.atomic():
            BreakGlass.objects.filter(pk=glass.pk).update(until=until)
