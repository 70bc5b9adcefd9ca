"""What a client is asked before Today, what follows from yes and no, and how they change their mind."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction

from clients import consent
from clients.models import Client, Consent, Occurrence, Response
from clients.portal import forms
from clients.services.answering import ConsentMissingError, submit_response
from clients.services.consenting import choose_channel, decide_consent, withdraw_consent
from clients.services.reviewing import review_response
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.identifiers import new_id
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database

YES = {"answer": "yes", "channel": "mail", "version": "1"}


@pytest.fixture
def newcomer(clinician: User) -> Client:
    return factories.client(clinician, first_name="Nia", agreed=False)


def mails(kind: MailKind) -> int:
    return OutboxMail.objects.filter(kind=kind).count()


def test_whoever_comes_for_the_first_time_is_asked_once(browser_of: Browsers, newcomer: Client) -> None:
    browser = browser_of(newcomer.user)
    assert browser.get("/portal/")["Location"] == "/portal/welcome/"

    answer = browser.post("/portal/welcome/", YES | {"channel": "none"}, follow=True)

    assert answer.redirect_chain == [("/portal/", 302)]
    newcomer.refresh_from_db()
    assert (newcomer.consent, newcomer.channel) == (Client.Consent.GIVEN, Client.Channel.NONE)
    stored = Consent.objects.get(client=newcomer)
    text = "\n".join(consent.TEXTS[stored.version])
    assert (stored.given, stored.text_hash) == (True, hashlib.sha256(text.encode()).hexdigest())
    assert AuditEvent.objects.filter(action=Action.CONSENT_GIVEN, client_id=newcomer.pk).count() == 1


def test_whoever_says_no_reads_but_sends_nothing_and_the_clinician_is_told(
    browser_of: Browsers, newcomer: Client, clinician: User, exercise: object, clock: object, at: datetime
) -> None:
    browser = browser_of(newcomer.user)
    answer = browser.post("/portal/welcome/", YES | {"answer": "no"}, follow=True)
    given = factories.assignment(newcomer, by=clinician, exercise=exercise, at=at)
    occurrence = given.occurrences.get()
    factories.draft(occurrence)

    assert "To send something you need to agree" in answer.content.decode()
    assert browser.get(f"/portal/occurrences/{occurrence.pk}/").status_code == 200
    for request in (browser.get, browser.post):
        assert request(f"/portal/occurrences/{occurrence.pk}/send/")["Location"] == "/portal/welcome/"
    assert not Response.objects.submitted().exists()
    assert mails(MailKind.PLEASE_LOOK_IN) == 1
    assert mails(MailKind.SOMETHING_WAITS) == 0


def test_consent_that_was_taken_back_meanwhile_stops_the_sending(
    client_person: Client, draft: Response, at: datetime
) -> None:
    stale = Response.objects.select_related("occurrence__assignment__client").get(pk=draft.pk)
    withdraw_consent(client_person, by=client_person.user, at=at)

    with pytest.raises(ConsentMissingError), transaction.atomic():
        submit_response(stale, request_id=new_id(), by=client_person.user, at=at)

    draft.refresh_from_db()
    assert draft.state == Response.State.DRAFT
    assert Occurrence.objects.get(pk=draft.occurrence_id).state == Occurrence.State.STARTED


def test_what_was_sent_before_consent_ended_is_answered_as_sent(
    client_person: Client, submitted: Response, at: datetime
) -> None:
    withdraw_consent(client_person, by=client_person.user, at=at)

    assert submit_response(submitted, request_id=new_id(), by=client_person.user, at=at) == submitted


def test_taking_it_back_waits_for_a_decision_that_is_being_kept(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        client = factories.client(factories.staff())

        def withdraw() -> None:
            with inside(fresh_database.north):
                withdraw_consent(client, by=client.user, at=factories.AT)
            connections.close_all()

        with ThreadPoolExecutor(1) as other:
            with transaction.atomic():
                decide_consent(client, agrees=True, by=client.user, at=factories.AT)
                withdrawal = other.submit(withdraw)
                while not (withdrawal.done() or somebody_waits_for_a_lock()):
                    pass
            withdrawal.result()

        client.refresh_from_db()
        assert client.consent == Client.Consent.WITHDRAWN
        assert not Consent.objects.standing().filter(client=client).exists()


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
            " AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_taking_it_back_is_done_as_it_is_said(
    browser: Browser, client_person: Client, clinician: User, submitted: Response, exercise: object, at: datetime
) -> None:
    before = mails(MailKind.SOMETHING_WAITS)
    answer = browser.post("/portal/settings/withdraw/", follow=True)
    browser.post("/portal/settings/withdraw/")
    Client.objects.update(mailed_on=None)
    factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="New"), at=at)

    assert "We mail you nothing new" in answer.content.decode()
    assert Consent.objects.get(client=client_person).withdrawn_at is not None
    assert mails(MailKind.PLEASE_LOOK_IN) == 1
    assert mails(MailKind.SOMETHING_WAITS) == before
    assert "A small step" in browser.get("/portal/mine/").content.decode()
    assert browser.get("/portal/").status_code == 200


@pytest.fixture
def new_text(client_person: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """A second version came out; Cleo agreed to the first one. What it says is new is given back."""
    monkeypatch.setitem(consent.TEXTS, 2, (*consent.TEXTS[1], "Once a year we count how many exercises are used."))
    monkeypatch.setitem(consent.CHANGES, 2, ("We count how many exercises are used. Nobody reads for that.",))
    return consent.CHANGES[2][0]


def test_a_new_text_is_shown_with_what_is_new_and_closes_nothing_but_sending(
    browser: Browser, client_person: Client, clinician: User, submitted: Response, new_text: str, at: datetime
) -> None:
    begun = factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="Begun"), at=at)
    draft = factories.draft(begun.occurrences.get())
    work = f"/portal/occurrences/{draft.occurrence_id}/"
    today = browser.get("/portal/").content.decode()
    saved = browser.post(work, {"version": str(draft.version), "words": "I go on writing.", "next": "save"})
    asked = browser.get(f"{work}send/", follow=True)

    assert "have changed since you agreed" in today
    assert browser.get(work).status_code == 200
    assert saved.status_code == 302
    assert browser.get(f"/portal/mine/{submitted.pk}/").status_code == 200
    assert asked.redirect_chain == [("/portal/welcome/", 302)]
    assert "What you wrote is saved." in asked.content.decode()
    assert new_text in asked.content.decode()
    assert browser.post(f"{work}send/", {"request_id": str(new_id()), "version": "2"})["Location"] == "/portal/welcome/"
    assert Response.objects.submitted().get() == submitted


def test_whoever_agrees_to_the_new_text_sends_again(
    browser: Browser, client_person: Client, draft: Response, new_text: str, clock: object
) -> None:
    browser.post("/portal/welcome/", YES | {"version": "2"})

    assert "have changed" not in browser.get("/portal/").content.decode()
    assert browser.get(f"/portal/occurrences/{draft.occurrence_id}/send/").status_code == 200
    assert Consent.objects.standing().get(client=client_person).version == 2
    assert Consent.objects.filter(client=client_person).count() == 2


def test_the_old_text_is_not_agreed_to_from_a_page_that_was_left_open(
    browser: Browser, client_person: Client, new_text: str
) -> None:
    answer = browser.post("/portal/welcome/", YES)

    assert answer.status_code == 422
    assert "changed while you were reading" in answer.content.decode()
    assert Consent.objects.get(client=client_person).version == 1


def test_an_agreement_to_an_older_text_is_not_enough_at_the_last_moment(
    client_person: Client, draft: Response, new_text: str, at: datetime
) -> None:
    with pytest.raises(ConsentMissingError), transaction.atomic():
        submit_response(draft, request_id=new_id(), by=client_person.user, at=at)


def test_settings_and_the_client_page_say_which_text_was_agreed_to(
    browser_of: Browsers, client_person: Client, clinician: User, new_text: str
) -> None:
    settings = browser_of(client_person.user).get("/portal/settings/").content.decode()
    page = browser_of(clinician).get(f"/admin/clients/client/{client_person.pk}/page/").content.decode()

    assert "(version 1)" in settings
    assert "have changed since you agreed" in settings
    assert consent.TEXTS[1][0] in settings
    assert "Given, version 1. The text has changed since" in page


def test_an_old_agreement_is_taken_back_as_what_it_was(client_person: Client, new_text: str, at: datetime) -> None:
    withdraw_consent(client_person, by=client_person.user, at=at)

    assert (client_person.consent, client_person.consent_version) == (Client.Consent.WITHDRAWN, 1)


def test_the_same_answer_twice_is_one_decision(client_person: Client, at: datetime) -> None:
    for _ in range(2):
        decide_consent(client_person, agrees=False, by=client_person.user, at=at)
    for _ in range(2):
        decide_consent(client_person, agrees=True, by=client_person.user, at=at)

    assert Consent.objects.filter(client=client_person).count() == 3
    assert mails(MailKind.PLEASE_LOOK_IN) == 1


def test_every_text_but_the_first_says_what_is_new_in_it() -> None:
    assert set(consent.CHANGES) == set(consent.TEXTS) - {1}


def test_a_language_is_asked_for_only_where_there_is_a_choice(
    browser: Browser, client_person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("/portal/welcome/", "/portal/settings/"):
        assert "Language" not in browser.get(address).content.decode()

    monkeypatch.setattr(forms, "LANGUAGES", [("en", "English"), ("cy", "Cymraeg")])
    for address in ("/portal/welcome/", "/portal/settings/"):
        assert "Cymraeg" in browser.get(address).content.decode()
    assert browser.post("/portal/settings/", {"channel": "mail"}).status_code == 422
    browser.post("/portal/settings/", {"channel": "mail", "language": "cy"})

    client_person.refresh_from_db()
    assert client_person.language == "cy"


def test_whoever_wants_no_mail_gets_none_about_work_or_replies(
    client_person: Client, clinician: User, submitted: Response, at: datetime
) -> None:
    Client.objects.update(mailed_on=None)
    choose_channel(client_person, channel=Client.Channel.NONE, by=client_person.user, at=at)
    before = OutboxMail.objects.filter(kind__in=[MailKind.SOMETHING_WAITS, MailKind.CLIENT_INVITATION]).count()

    factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="New"), at=at)
    review_response(submitted, reply="Thank you.", by=clinician, at=at)

    after = OutboxMail.objects.filter(kind__in=[MailKind.SOMETHING_WAITS, MailKind.CLIENT_INVITATION]).count()
    assert after == before


@pytest.mark.parametrize(
    "wrong",
    [{}, {"answer": "maybe"}, {"version": "0"}, {"version": "one"}, {"channel": "pigeon"}, {"answer": "yes\x01"}],
)
def test_other_answers_are_no_answers(browser_of: Browsers, newcomer: Client, wrong: dict[str, str]) -> None:
    answer = browser_of(newcomer.user).post("/portal/welcome/", (YES | wrong) if wrong else {})

    assert answer.status_code == 422
    assert not Consent.objects.filter(client=newcomer).exists()


def test_settings_show_what_was_agreed_to_and_change_the_channel(browser: Browser, client_person: Client) -> None:
    page = browser.get("/portal/settings/").content.decode()
    browser.post("/portal/settings/", {"channel": "none"})

    assert "You agreed on Monday 8 January 2024 (version 1)." in page
    assert consent.TEXTS[1][0] in page
    client_person.refresh_from_db()
    assert client_person.channel == Client.Channel.NONE
    assert not Client.objects.mailable().filter(pk=client_person.pk).exists()


def test_each_client_sees_their_own_decisions(browser_of: Browsers, client_person: Client, newcomer: Client) -> None:
    page = browser_of(newcomer.user).get("/portal/settings/").content.decode()

    assert "You have not agreed" in page
    assert "You agreed" not in page


def test_staff_see_where_it_stands(browser_of: Browsers, clinician: User, client_person: Client, at: datetime) -> None:
    address = f"/admin/clients/client/{client_person.pk}/page/"
    assert "Given, version 1" in browser_of(clinician).get(address).content.decode()

    withdraw_consent(client_person, by=client_person.user, at=at)

    assert "Taken back, version 1" in browser_of(clinician).get(address).content.decode()


def test_only_one_agreement_stands_at_a_time(client_person: Client, at: datetime) -> None:
    for agrees in (False, True):
        decide_consent(client_person, agrees=agrees, by=client_person.user, at=at)
    with pytest.raises(IntegrityError, match="consent_one_stands"), transaction.atomic():
        Consent.objects.filter(client=client_person).update(withdrawn_at=None)


def test_a_published_text_never_changes() -> None:
    """A changed text needs a new version: these are the fingerprints of those that clients have agreed to."""
    assert {version: consent.fingerprint(version)[:16] for version in consent.TEXTS} == {1: "f938439501067659"}
