"""Adding and changing clients, and saying who cares for them; by the real clock, which decides what care is current."""

import pytest
from django.contrib.admin.models import LogEntry

from clients.models import CareRelation, Client
from clients.models.people import clinicians_of
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.outbox.models import MailKind, OutboxMail
from tests.harness.browsers import Browsers

NEW = {"first_name": "Nia", "last_name": "New", "pronouns": "", "email": "nia@example.org", "phone": ""}


def test_a_clinician_adds_clients_to_their_own_caseload(
    browser_of: Browsers, clinician: User, other_clinician: User
) -> None:
    answer = browser_of(clinician).post("/admin/clients/client/add/", NEW | {"clinician": str(other_clinician.pk)})

    added = Client.objects.get()
    assert answer["Location"] == f"/admin/clients/client/{added.pk}/page/"
    assert list(clinicians_of(added)) == [clinician]
    assert OutboxMail.objects.filter(kind=MailKind.CLIENT_INVITATION).count() == 1


def test_the_front_desk_says_whose_client_it_is(browser_of: Browsers, front_desk: User, clinician: User) -> None:
    browser_of(front_desk).post("/admin/clients/client/add/", NEW | {"clinician": str(clinician.pk)})

    assert list(clinicians_of(Client.objects.get())) == [clinician]


def test_an_address_that_is_taken_is_said_at_the_field(
    browser_of: Browsers, front_desk: User, client_person: Client
) -> None:
    answer = browser_of(front_desk).post("/admin/clients/client/add/", NEW | {"email": " Cleo@example.org"})

    assert answer.status_code == 200
    assert "already has this mail address" in answer.content.decode()
    assert Client.objects.count() == 1


def test_name_and_standing_are_changed(browser_of: Browsers, clinician: User, client_person: Client) -> None:
    changes = {"first_name": "Clea", "last_name": "Client", "pronouns": "she/her", "status": "paused"}

    browser_of(clinician).post(f"/admin/clients/client/{client_person.pk}/change/", changes)

    client_person.refresh_from_db()
    assert (client_person.name, client_person.status) == ("Clea Client", Client.Status.PAUSED)
    assert User.objects.get(pk=client_person.user_id).display_name == "Clea Client"
    assert AuditEvent.objects.filter(action=Action.CLIENT_CHANGED, client_id=client_person.pk).exists()


def test_the_admins_log_names_nobody(browser_of: Browsers, clinician: User, client_person: Client) -> None:
    browser = browser_of(clinician)
    changes = {"first_name": "Clea", "last_name": "Client", "pronouns": "", "status": "active"}

    browser.post("/admin/clients/client/add/", NEW)
    browser.post(f"/admin/clients/client/{client_person.pk}/change/", changes)

    entries = list(LogEntry.objects.all())
    assert len(entries) == 2
    for entry in entries:
        assert entry.object_repr == f"Client {entry.object_id}"
        assert not any(name in entry.change_message for name in ("Nia", "Clea", "Cleo", "nia@"))


def test_care_is_given_and_ended(
    browser_of: Browsers, front_desk: User, clinician: User, other_clinician: User, client_person: Client
) -> None:
    browser = browser_of(front_desk)

    browser.post(f"/admin/clients/client/{client_person.pk}/care/", {"clinician": str(other_clinician.pk)})
    relation = CareRelation.objects.get(client=client_person, clinician=clinician)
    browser.post(f"/admin/care/{relation.pk}/end/")

    relation.refresh_from_db()
    assert relation.ends_at is not None
    assert CareRelation.objects.filter(client=client_person, clinician=other_clinician, ends_at=None).exists()


def test_care_is_given_to_clinicians_only(
    browser_of: Browsers, front_desk: User, editor: User, client_person: Client
) -> None:
    address = f"/admin/clients/client/{client_person.pk}/care/"

    answer = browser_of(front_desk).post(address, {"clinician": str(editor.pk)})

    assert answer.status_code == 422
    assert "Choose a clinician whose account is open." in answer.content.decode()


def test_clinicians_do_not_decide_who_cares(browser_of: Browsers, clinician: User, client_person: Client) -> None:
    browser, relation = browser_of(clinician), client_person.care.get()

    assert browser.post(f"/admin/care/{relation.pk}/end/").status_code == 403
    assert browser.post(f"/admin/clients/client/{client_person.pk}/care/").status_code == 403


def test_an_invitation_is_sent_again(
    browser_of: Browsers, clinician: User, other_clinician: User, client_person: Client
) -> None:
    address = f"/admin/clients/client/{client_person.pk}/invite/"
    Client.objects.filter(pk=client_person.pk).update(status=Client.Status.INVITED)

    browser_of(clinician).post(address)

    assert browser_of(other_clinician).post(address).status_code == 404
    assert OutboxMail.objects.filter(kind=MailKind.CLIENT_INVITATION).count() == 1


@pytest.mark.parametrize(
    "now",
    [
        {"status": Client.Status.ACTIVE},
        {"status": Client.Status.DISCHARGED},
        {"status": Client.Status.INVITED, "channel": Client.Channel.NONE},
    ],
)
def test_whoever_has_come_has_left_or_wants_no_mail_is_not_invited_again(
    browser_of: Browsers, clinician: User, client_person: Client, now: dict[str, str]
) -> None:
    Client.objects.filter(pk=client_person.pk).update(**now)

    answer = browser_of(clinician).post(f"/admin/clients/client/{client_person.pk}/invite/", follow=True)

    assert "No mail was sent" in answer.content.decode()
    assert not OutboxMail.objects.exists()
    assert not AuditEvent.objects.filter(action=Action.CLIENT_INVITED).exists()
