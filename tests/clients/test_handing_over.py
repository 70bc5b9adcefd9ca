"""While clients are handed over the old clinician reads and the new one acts; it can be taken back, and nobody is doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from clients.models import Assignment, CareRelation, Client, Response, Review
from clients.models.people import acting_for
from clients.services.caseload import NotAClinicianError, give_care
from clients.services.glass import break_glass
from clients.services.handing_over import NobodyTakesOverError, OverlapError, hand_over, leave, stay
from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Role
from practices.accounts.services import LastOwnerError
from practices.accounts.services.leaving import NotLeavingError, close_due
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database

UNSAFE = factories.ANSWERS | {"safe": "no"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def soon(now: datetime) -> datetime:
    return now + timedelta(days=20)


@pytest.fixture
def worrying(assignment: Assignment) -> Response:
    """Sent, with an alert that nobody has acknowledged."""
    return factories.response(assignment.occurrences.get(), answers=UNSAFE)


@pytest.fixture
def handed_over(
    worrying: Response, client_person: Client, clinician: User, other_clinician: User, owner: User, soon: datetime
) -> Response:
    """Clara leaves soon; Oscar has taken over Cleo, with what she sent."""
    leave(clinician, heirs={client_person.pk: other_clinician}, until=soon, by=owner, at=timezone.now())
    clinician.refresh_from_db()
    return worrying


def of(name: str, pk: object) -> str:
    return reverse(f"admin:{name}", args=[pk])


def test_until_the_last_day_the_leaver_reads_and_is_told_who_acts(
    browser_of: Browsers, handed_over: Response, clinician: User, soon: datetime
) -> None:
    browser = browser_of(clinician)
    client = handed_over.occurrence.assignment.client

    for page in (of("response", handed_over.pk), of("client", client.pk)):
        shown = browser.get(page).content.decode()
        assert "You read this until" in shown and "Oscar has taken over." in shown
        assert "<textarea" not in shown and f'href="{reverse("admin:assign")}?' not in shown
    opened = AuditEvent.objects.filter(actor=clinician.pk, client_id=client.pk).order_by("at")
    reads = opened.filter(action__in=[Action.RESPONSE_OPENED, Action.CLIENT_OPENED])
    assert list(reads.values_list("purpose", flat=True)) == ["handing over"] * 2
    assert "You handed over 1 client." in browser.get(reverse("admin:queue")).content.decode()


def test_until_the_last_day_the_leaver_changes_nothing(
    browser_of: Browsers, handed_over: Response, clinician: User
) -> None:
    browser, given = browser_of(clinician), handed_over.occurrence.assignment

    for address, said in (
        (of("review", handed_over.pk), {"reply": "Well done.", "do": "send"}),
        (of("acknowledge", handed_over.alert.pk), {}),
        (of("withdraw", given.pk), {}),
        (of("move_due", given.pk), {"to": "2030-01-01"}),
        (of("write_note", given.pk), {"note": "Too late."}),
        (of("pause", given.client_id), {"first": "2030-01-01", "last": "2030-01-01", "do": "pause"}),
        (of("resume", given.client_id), {}),
    ):
        refused = browser.post(address, said, follow=True)
        assert "A colleague has taken over this client." in refused.content.decode()
    assigned = browser.post(reverse("admin:assign"), {"client": given.client_id, "do": "assign"})

    assert "Choose among your own clients." in assigned.content.decode()
    assert not Review.objects.exists()
    given.refresh_from_db()
    handed_over.alert.refresh_from_db()
    assert given.withdrawn_at is None and handed_over.alert.acknowledged_at is None
    assert browser.post(of("invite", given.client_id)).status_code == 404


def test_work_and_alerts_are_in_the_heirs_queue_and_reach_only_the_heir(
    browser_of: Browsers, handed_over: Response, client_person: Client, clinician: User, other_clinician: User
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="Given before"))
    OutboxMail.objects.all().delete()

    factories.response(given.occurrences.get(), answers=UNSAFE)

    queues = {
        user: browser_of(user).get(reverse("admin:queue")).context["queue"] for user in (clinician, other_clinician)
    }
    assert [item.group for item in queues[other_clinician].items] == ["alert", "alert"]
    assert not queues[clinician].items
    alerts = OutboxMail.objects.filter(kind=MailKind.ALERT)
    assert [mail.details["to"] for mail in alerts] == [other_clinician.email]
    assert browser_of(other_clinician).post(of("acknowledge", handed_over.alert.pk)).status_code == 302
    handed_over.alert.refresh_from_db()
    assert handed_over.alert.acknowledged_by == other_clinician


def test_the_client_sees_until_when_who_reads(
    browser_of: Browsers, handed_over: Response, client_person: Client
) -> None:
    page = browser_of(client_person.user).get("/portal/seen/").content.decode()

    assert "Oscar Other</b>, your clinician<" in page
    assert "Clara Clinician</b>, your clinician until " in page


def test_whoever_stays_after_all_has_their_clients_back(
    browser_of: Browsers, handed_over: Response, client_person: Client, clinician: User, owner: User
) -> None:
    address = of("staff_staying", clinician.pk)
    asked = browser_of(owner).get(address).content.decode()
    assert "1 client is in their care again" in asked and "Oscar Other no longer sees" in asked

    assert browser_of(owner).post(address).status_code == 302

    clinician.refresh_from_db()
    assert clinician.is_active and clinician.leaves_at is None
    assert list(acting_for(client_person)) == [clinician]
    assert close_due(at=timezone.now() + timedelta(days=90)) == 0
    assert AuditEvent.objects.filter(action=Action.STAFF_STAYS, subject_id=clinician.pk).count() == 1
    assert browser_of(owner).get(address).status_code == 404


def test_what_a_colleague_had_before_stays_with_them_after_taking_back(
    client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime, soon: datetime
) -> None:
    give_care(client_person, clinician=other_clinician, by=owner, at=factories.LONG_AGO)
    leave(clinician, heirs={client_person.pk: other_clinician}, until=soon, by=owner, at=now)

    stay(clinician, by=owner, at=now + timedelta(hours=1))

    assert set(acting_for(client_person)) == {clinician, other_clinician}


@pytest.mark.parametrize("when", ["never", "over"])
def test_only_who_is_about_to_leave_can_stay(clinician: User, owner: User, now: datetime, when: str) -> None:
    if when == "over":
        leave(clinician, heirs={}, until=now, by=owner, at=now)

    with pytest.raises(NotLeavingError):
        stay(clinician, by=owner, at=now)


def test_the_day_is_brought_forward_without_asking_again(
    browser_of: Browsers, handed_over: Response, client_person: Client, clinician: User, owner: User
) -> None:
    address = of("staff_leaving", clinician.pk)
    assert "A colleague has each of their clients in care already." in browser_of(owner).get(address).content.decode()

    browser_of(owner).post(address, {"last_day": "", "confirm": "yes"})

    clinician.refresh_from_db()
    assert not clinician.is_active
    assert CareRelation.objects.filter(clinician=clinician, ends_at__lte=timezone.now()).count() == 1
    assert [user.display_name for user in acting_for(client_person)] == ["Oscar Other"]


def test_what_was_handed_over_before_does_not_come_back_with_who_stays(
    client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime, soon: datetime
) -> None:
    hand_over(client_person.care.all(), to=other_clinician, until=soon + timedelta(days=9), by=owner, at=now)
    leave(clinician, heirs={}, until=soon, by=owner, at=now)

    stay(clinician, by=owner, at=now + timedelta(hours=1))

    assert list(acting_for(client_person)) == [other_clinician]


def test_a_client_whom_a_colleague_has_too_needs_no_heir(
    client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime
) -> None:
    alone = factories.client(clinician, first_name="Alma")
    give_care(client_person, clinician=other_clinician, by=owner, at=factories.LONG_AGO)

    with pytest.raises(NobodyTakesOverError):
        leave(clinician, heirs={}, until=now, by=owner, at=now)
    leave(clinician, heirs={alone.pk: other_clinician}, until=now, by=owner, at=now)

    for client in (alone, client_person):
        assert list(acting_for(client)) == [other_clinician]


@pytest.mark.parametrize("gone", ["closed", "leaving", "editor"])
def test_a_colleague_who_can_not_stay_covers_nobody(
    client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime, gone: str
) -> None:
    give_care(client_person, clinician=other_clinician, by=owner, at=factories.LONG_AGO)
    changes = {"closed": {"is_active": False}, "leaving": {"leaves_at": now}, "editor": {"roles": [Role.EDITOR]}}
    User.objects.filter(pk=other_clinician.pk).update(**changes[gone])

    with pytest.raises(NobodyTakesOverError):
        leave(clinician, heirs={}, until=now, by=owner, at=now)


def test_care_given_twice_is_one(
    client_person: Client, clinician: User, owner: User, now: datetime, soon: datetime
) -> None:
    CareRelation.objects.update(ends_at=soon)

    for _ in range(2):
        give_care(client_person, clinician=clinician, by=owner, at=now)

    assert CareRelation.objects.get().ends_at is None


def test_care_that_was_handed_over_can_end_at_once(
    browser_of: Browsers, handed_over: Response, client_person: Client, clinician: User, owner: User
) -> None:
    relation = CareRelation.objects.get(client=client_person, clinician=clinician)

    browser_of(owner).post(of("end_care", relation.pk))

    assert not Client.objects.visible_to(clinician).exists()


def test_a_caseload_is_of_those_who_act(
    browser_of: Browsers, handed_over: Response, clinician: User, other_clinician: User, owner: User
) -> None:
    staff = browser_of(owner).get(reverse("admin:accounts_user_changelist")).context["cl"].result_list
    sizes = {user: user.clients for user in staff if user != owner}
    clients = browser_of(owner).get(reverse("admin:clients_client_changelist")).context["cl"].result_list

    assert sizes == {clinician: 0, other_clinician: 1}
    assert [client.clinicians for client in clients] == [["Oscar Other"]]


def test_of_a_broken_glass_those_who_act_are_told(
    handed_over: Response, client_person: Client, clinician: User, other_clinician: User, owner: User
) -> None:
    break_glass(client_person, reason=factories.REASON, by=factories.staff(), at=timezone.now())

    told = {mail.details["to"] for mail in OutboxMail.objects.filter(kind=MailKind.GLASS_BROKEN)}
    assert told == {other_clinician.email, owner.email}


def test_care_is_not_given_to_who_leaves(
    handed_over: Response, client_person: Client, clinician: User, owner: User
) -> None:
    with pytest.raises(NotAClinicianError):
        give_care(client_person, clinician=clinician, by=owner, at=timezone.now())


def test_invitations_are_kept_if_the_owner_says_so(browser_of: Browsers, owner: User) -> None:
    leaver = factories.staff(Role.OWNER)
    kept = factories.invitation(by=leaver)
    address = of("staff_leaving", leaver.pk)

    asked = browser_of(owner).post(address, {"keep_invitations": "on"}).content.decode()
    assert "1 invitation they sent stays good." in asked
    browser_of(owner).post(address, {"keep_invitations": "on", "confirm": "yes"})

    assert Invitation.objects.pending().filter(pk=kept.pk).exists()
    assert not User.objects.get(pk=leaver.pk).is_active


def at_once(clinic: Clinic, *acts: Callable[[], object]) -> list[Exception]:
    """Each in a thread of its own, all begun together; what they raised."""
    begun = Barrier(len(acts))

    def one(act: Callable[[], object]) -> Exception | None:
        try:
            with inside(clinic):
                begun.wait()
                act()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [error for error in pool.map(one, acts) if error]


def test_of_two_owners_who_leave_at_once_one_stays(fresh_database: Database, now: datetime) -> None:
    with inside(fresh_database.north):
        first, second = (factories.staff(Role.OWNER) for _ in range(2))

    errors = at_once(
        fresh_database.north,
        lambda: leave(first, heirs={}, until=now, by=first, at=now),
        lambda: leave(second, heirs={}, until=now, by=second, at=now),
    )

    assert [type(error) for error in errors] == [LastOwnerError]
    with inside(fresh_database.north):
        assert User.objects.with_role(Role.OWNER).count() == 1


def test_two_who_leave_to_each_other_at_once_leave_nobody_alone(fresh_database: Database, now: datetime) -> None:
    with inside(fresh_database.north):
        clara, oscar, owner = factories.staff(), factories.staff(), factories.staff(Role.OWNER)
        hers, his = factories.client(clara), factories.client(oscar)

    errors = at_once(
        fresh_database.north,
        lambda: leave(clara, heirs={hers.pk: oscar}, until=now, by=owner, at=now),
        lambda: leave(oscar, heirs={his.pk: clara}, until=now, by=owner, at=now),
    )

    assert len(errors) == 1
    with inside(fresh_database.north):
        [stays] = User.objects.with_role(Role.CLINICIAN)
        assert list(acting_for(hers)) == list(acting_for(his)) == [stays]


def test_care_given_by_two_at_once_is_one(fresh_database: Database, now: datetime) -> None:
    with inside(fresh_database.north):
        clara, oscar, owner = factories.staff(), factories.staff(), factories.staff(Role.OWNER)
        cleo = factories.client(clara)
        relation = CareRelation.objects.get(client=cleo)

    errors = at_once(
        fresh_database.north,
        lambda: give_care(cleo, clinician=oscar, by=owner, at=now),
        lambda: hand_over([relation], to=oscar, until=now, by=owner, at=now),
    )

    assert errors == []
    with inside(fresh_database.north):
        assert CareRelation.objects.filter(client=cleo, clinician=oscar).count() == 1


@pytest.mark.parametrize("who", ["owner", "front_desk"])
def test_single_clients_are_handed_over_from_the_list(
    browser_of: Browsers,
    request: pytest.FixtureRequest,
    who: str,
    client_person: Client,
    clinician: User,
    other_clinician: User,
) -> None:
    browser, kept = browser_of(request.getfixturevalue(who)), factories.client(clinician, first_name="Alma")
    chosen = {"action": "hand_over_chosen", "_selected_action": [str(client_person.pk)]}
    page = browser.post(reverse("admin:clients_client_changelist"), chosen)["Location"]
    assert "Cleo Client, now with Clara Clinician" in browser.get(page).content.decode()
    day = (timezone.now() + timedelta(days=9)).date()
    relation = client_person.care.get()

    done = browser.post(page, {"relation": relation.pk, "clinician": other_clinician.pk, "last_day": day})

    assert done.status_code == 302
    assert list(acting_for(client_person)) == [other_clinician]
    assert list(Client.objects.handed_over_by(clinician)) == [client_person]
    assert list(Client.objects.in_care_of(clinician)) == [kept]


def test_the_page_to_hand_over_says_what_is_wrong(
    browser_of: Browsers, owner: User, client_person: Client, clinician: User, other_client: Client, editor: User
) -> None:
    nobodys = factories.client(first_name="Nora")
    page = f"{reverse('admin:hand_over')}?{urlencode([('client', client_person.pk), ('client', nobodys.pk), ('client', 'x')])}"
    relation, theirs = client_person.care.get().pk, other_client.care.get().pk
    assert "With nobody yet" in browser_of(owner).get(page).content.decode()

    for said, words in (
        ({}, "Choose at least one client."),
        ({"relation": theirs}, "in that care no more"),
        ({"relation": relation, "clinician": editor.pk}, "Choose a clinician from the list."),
        ({"relation": relation, "clinician": clinician.pk}, "Clara Clinician has these clients already."),
        ({"relation": relation, "clinician": clinician.pk, "last_day": "2020-01-01"}, "That day is over"),
    ):
        answer = browser_of(owner).post(page, said)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_whoever_gives_no_care_is_offered_no_hand_over(
    browser_of: Browsers, client_person: Client, clinician: User
) -> None:
    shown = browser_of(clinician).get(reverse("admin:clients_client_changelist")).content.decode()

    assert "hand_over_chosen" not in shown
    assert reverse("admin:hand_over") not in browser_of(clinician).get(of("client", client_person.pk)).content.decode()


def test_a_hand_over_lasts_sixty_days_at_most(
    client_person: Client, other_clinician: User, owner: User, now: datetime
) -> None:
    with pytest.raises(OverlapError):
        hand_over(client_person.care.all(), to=other_clinician, until=now + timedelta(days=61), by=owner, at=now)


def test_the_page_to_hand_over_costs_the_same_for_one_and_for_many(
    browser_of: Browsers, owner: User, client_person: Client, clinician: User, queries_of: Callable[..., int]
) -> None:
    browser: Browser = browser_of(owner)

    def look() -> object:
        chosen = [("client", pk) for pk in Client.objects.values_list("pk", flat=True)]
        return browser.get(f"{reverse('admin:hand_over')}?{urlencode(chosen)}")

    few = queries_of(look)
    for _ in range(15):
        factories.client(clinician)

    assert queries_of(look) == few
