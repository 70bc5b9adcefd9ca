"""A printed slip lets a client in once, and gives them an address of their own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Slip
from clients.services.slips import make_slip
from practices.accounts.models import User
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests.harness.browsers import Browser, Browsers

NEW = {"first_name": "Nia", "last_name": "Noaddress", "pronouns": "", "email": "", "phone": ""}


@pytest.fixture
def nia(browser_of: Browsers, clinician: User) -> Client:
    """Added without an address."""
    browser_of(clinician).post(reverse("admin:clients_client_add"), NEW)
    return Client.objects.get(first_name="Nia")


@pytest.fixture
def code(nia: Client, clinician: User) -> str:
    return make_slip(nia, by=clinician, at=timezone.now())[1]


def mailed_code(email: str) -> str:
    [mail] = [mail for mail in OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CODE) if mail.details["to"] == email]
    return str(mail.details["code"])


def up_to_the_mail(browser: Browser, code: str, email: str = "nia@example.org") -> None:
    assert browser.post("/portal/slip/", {"code": code})["Location"] == "/portal/slip/address/"
    assert browser.post("/portal/slip/address/", {"email": email})["Location"] == "/portal/slip/confirm/"


def test_a_client_without_an_address_is_added_and_mailed_nothing(nia: Client) -> None:
    assert not OutboxMail.objects.exists()
    assert nia.user.email.endswith("@no-address.invalid")
    assert not Client.objects.mailable().exists()


def test_the_slip_shows_its_code_once_and_nothing_about_the_client(
    browser_of: Browsers, clinician: User, nia: Client
) -> None:
    page = browser_of(clinician).post(reverse("admin:make_slip", args=[nia.pk]))

    code = page.context["code"]
    html = page.content.decode()
    assert code in html and "north.localhost" in html and "/portal/slip/" in html
    assert "Nia" not in html and "Clara" not in html
    assert len(code) == 19
    assert Slip.objects.by_code(code).get().client == nia
    assert code not in browser_of(clinician).get(reverse("admin:client", args=[nia.pk])).content.decode()
    assert "no-store" in page["Cache-Control"]
    assert 'src="data:image/svg+xml;base64,' in html


def test_a_slip_leads_to_an_address_a_code_and_in(visitor: Browser, nia: Client, code: str) -> None:
    up_to_the_mail(visitor, code.lower().replace("-", " "))

    answer = visitor.post("/portal/slip/confirm/", {"code": mailed_code("nia@example.org")}, follow=True)

    assert answer.redirect_chain == [("/portal/", 302), ("/portal/welcome/", 302)]
    assert User.objects.by_email("nia@example.org").get() == nia.user
    assert Slip.objects.get().used_at is not None
    assert "How may we tell you" in answer.content.decode()


def test_a_used_slip_lets_nobody_in(visitor: Browser, north: Clinic, code: str) -> None:
    up_to_the_mail(visitor, code)
    visitor.post("/portal/slip/confirm/", {"code": mailed_code("nia@example.org")})

    assert Browser(north).post("/portal/slip/", {"code": code}).status_code == 422


@pytest.mark.parametrize("change", ["expired", "revoked", "replaced", "discharged"])
def test_a_slip_whose_time_is_over_is_as_unknown_as_any(
    visitor: Browser, browser_of: Browsers, clinician: User, nia: Client, code: str, change: str
) -> None:
    at = timezone.now()
    match change:
        case "expired":
            Slip.objects.update(made_at=at - timedelta(days=15), expires_at=at - timedelta(days=1))
        case "revoked":
            browser_of(clinician).post(reverse("admin:revoke_slip", args=[Slip.objects.get().pk]))
        case "replaced":
            make_slip(nia, by=clinician, at=at)
        case "discharged":
            Client.objects.update(status=Client.Status.DISCHARGED)

    over, never = (visitor.post("/portal/slip/", {"code": typed}) for typed in (code, "2222-2222-2222-2222"))

    assert (over.status_code, never.status_code) == (422, 422)
    assert over.context["form"].errors == never.context["form"].errors


def test_the_slip_of_one_clinic_is_nothing_at_another(south: Clinic, code: str) -> None:
    assert Browser(south).post("/portal/slip/", {"code": code}).status_code == 422
    with inside(south):
        assert not Slip.objects.exists()


def test_three_wrong_codes_and_it_begins_again(visitor: Browser, code: str) -> None:
    up_to_the_mail(visitor, code)

    answers = [visitor.post("/portal/slip/confirm/", {"code": "WRONG"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 302]
    assert visitor.get("/portal/slip/confirm/")["Location"] == "/portal/slip/"
    assert Slip.objects.get().used_at is None


def test_guessing_is_slowed_down(visitor: Browser, code: str) -> None:
    for _ in range(10):
        visitor.post("/portal/slip/", {"code": "2222-2222-2222-2222"})

    answer = visitor.post("/portal/slip/", {"code": code})

    assert "That was often in a short time." in answer.content.decode()


def test_an_address_that_somebody_has_is_refused_only_to_whoever_reads_its_mail(
    visitor: Browser, code: str, client_person: Client
) -> None:
    up_to_the_mail(visitor, code, client_person.user.email)

    answer = visitor.post("/portal/slip/confirm/", {"code": mailed_code(client_person.user.email)})

    assert answer["Location"] == "/portal/slip/address/"
    assert Slip.objects.get().used_at is None


def test_only_hashes_are_stored(visitor: Browser, code: str) -> None:
    up_to_the_mail(visitor, code)

    assert code.replace("-", "").encode() not in bytes(Slip.objects.get().code_hash)
    assert mailed_code("nia@example.org").replace("-", "") not in str(dict(visitor.session))
