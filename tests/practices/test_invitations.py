"""Invitations: once, for seven days, at one clinic, for one address."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from practices.accounts.models import Invitation, Session, User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import AddressTakenError, change_staff, make_user
from practices.accounts.services.invitations import (
    AlreadyInvitedError,
    InvitationClosedError,
    accept_invitation,
    invite_staff,
    resend_invitation,
    revoke_invitation,
)
from practices.accounts.services.photos import keep_photo
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.services import send_due
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database
from tests.harness.mail import Mailbox
from tests.practices.inviting import INES, invite, path_to

PASSWORD = "a heron waits by the weir"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SAID = {"display_name": "Ines New", "credentials": "MSW", "password": PASSWORD, "again": PASSWORD}


def accept(invitation: Invitation, at: datetime | None = None, **said: Any) -> User:
    given = {"display_name": "Ines New", "credentials": "", "password": PASSWORD} | said
    return accept_invitation(invitation, at=at or timezone.now(), **given)


def photo(kind: str = "PNG", **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(file, kind, **options)
    file.seek(0)
    file.name = "me.png"
    return file


def test_whoever_is_invited_makes_their_own_account(north: Clinic, visitor: Browser, owner: User) -> None:
    invite(Role.CLINICIAN, Role.EDITOR, email=" Ines@Example.org", by=owner)

    page = visitor.get(path_to())
    answer = visitor.post(path_to(), SAID)

    assert INES in page.content.decode() and "clinician, editor" in page.content.decode()
    assert answer["Location"] == "/accounts/login/"
    made = User.objects.by_email(INES).get()
    assert (made.byline, made.roles, made.kind) == ("Ines New, MSW", ["clinician", "editor"], Kind.STAFF)
    assert made.check_password(PASSWORD)
    assert not Session.objects.filter(user_id=made.pk).exists()
    assert "Your account is ready" in visitor.get("/accounts/login/").content.decode()


def test_the_page_is_kept_by_nobody_and_tells_nobody_where_it_is(north: Clinic, visitor: Browser) -> None:
    invite()

    answer = visitor.get(path_to())

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_only_a_hash_of_the_link_is_kept_and_the_address_is_sealed(north: Clinic) -> None:
    invitation = invite()
    token = path_to().split("/")[-2]

    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token.encode() not in bytes(row["token_hash"]) and len(row["token_hash"]) == 32
    assert INES not in repr(row) and INES.encode() not in bytes(row["address"])


def test_a_link_works_once(north: Clinic, visitor: Browser) -> None:
    invite()
    visitor.post(path_to(), SAID)

    for again in (visitor.get(path_to()), visitor.post(path_to(), SAID | {"display_name": "Mallory"})):
        assert again.status_code == 410
        assert "This invitation was used" in again.content.decode()
    assert User.objects.by_email(INES).get().display_name == "Ines New"


def test_two_browsers_at_once_make_one_account(fresh_database: Database, at: datetime) -> None:
    with inside(fresh_database.north):
        invitation = factories.invitation(at=at)
    together = Barrier(2)

    def go(name: str) -> bool:
        try:
            with inside(fresh_database.north):
                together.wait()
                accept(invitation, at=at, display_name=name)
                return True
        except InvitationClosedError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(go, ("Ines", "Mallory"))) == [False, True]
    with inside(fresh_database.north):
        assert User.objects.count() == 1


@pytest.mark.parametrize(("days", "status"), [(6.99, 200), (7.01, 410)])
def test_a_link_works_for_seven_days(
    north: Clinic, visitor: Browser, clock: time_machine.Traveller, days: float, status: int
) -> None:
    invite()
    clock.shift(timedelta(days=days))

    assert visitor.get(path_to()).status_code == status
    assert visitor.post(path_to(), SAID).status_code == (302 if status == 200 else 410)


def test_a_link_of_one_clinic_is_unknown_at_the_other(north: Clinic, south: Clinic) -> None:
    invite()
    link, made_up = path_to(), reverse("invitation", kwargs={"token": "a" * 43})

    theirs, unknown = Browser(south).get(link), Browser(south).get(made_up)

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    assert Browser(south).post(link, SAID).status_code == 404
    with inside(south):
        assert not User.objects.exists()


def test_a_row_carried_to_another_clinic_opens_nothing_there(north: Clinic, south: Clinic) -> None:
    """Somebody who can write into another clinic's tables still has no link that fits."""
    invitation = invite()
    with inside(south):
        there = factories.invitation(at=timezone.now())
        Invitation.objects.filter(pk=there.pk).update(token_hash=invitation.token_hash)

    assert Browser(south).get(path_to()).status_code == 404


def test_the_link_leads_to_the_clinic_s_own_host(north: Clinic, mailbox: Mailbox) -> None:
    invite()
    send_due(north, at=timezone.now())

    [mail] = mailbox.to(INES)
    assert mail["Subject"] == "You are invited to North"
    assert "http://north.localhost" in mail.get_content()


def test_sending_again_kills_the_old_link(north: Clinic, owner: User, visitor: Browser, at: datetime) -> None:
    invitation = invite()
    old = path_to()

    resend_invitation(invitation, by=owner, at=timezone.now())

    assert path_to() != old
    assert (visitor.get(old).status_code, visitor.get(path_to()).status_code) == (404, 200)


def test_what_ran_out_can_be_sent_again(north: Clinic, owner: User, visitor: Browser) -> None:
    invitation = invite()
    Invitation.objects.update(sent_at=factories.LONG_AGO, expires_at=factories.LONG_AGO + timedelta(days=7))
    assert "run out" in visitor.get(path_to()).content.decode()

    resend_invitation(invitation, by=owner, at=timezone.now())

    assert visitor.get(path_to()).status_code == 200


def test_what_is_taken_back_opens_nothing(north: Clinic, owner: User, visitor: Browser, at: datetime) -> None:
    invitation = invite()

    revoke_invitation(invitation, by=owner, at=at)

    assert visitor.get(path_to()).status_code == visitor.post(path_to(), SAID).status_code == 410
    for act in (revoke_invitation, resend_invitation):
        with pytest.raises(InvitationClosedError):
            act(invitation, by=owner, at=at)
    invite()


def test_whoever_is_owner_no_more_keeps_no_way_back(owner: User, visitor: Browser, at: datetime) -> None:
    second = factories.staff(Role.OWNER, Role.EDITOR)
    invite(Role.OWNER, by=second)
    invite(Role.EDITOR, email="iris@example.org", by=owner)

    change_staff(second, display_name="S", credentials="", roles=[Role.EDITOR], by=owner, at=at)

    assert visitor.post(path_to(), SAID).status_code == 410
    assert visitor.get(path_to("iris@example.org")).status_code == 200


def test_an_address_has_one_open_invitation_and_no_account(owner: User, at: datetime) -> None:
    invite()

    with pytest.raises(AlreadyInvitedError):
        invite_staff(email="INES@example.org", roles=[Role.EDITOR], by=owner, at=at)
    with pytest.raises(AddressTakenError):
        invite_staff(email="owner@example.org", roles=[Role.EDITOR], by=owner, at=at)


def test_an_address_that_got_an_account_meanwhile_gets_no_second_one(north: Clinic, visitor: Browser) -> None:
    invite()
    make_user(email=INES, display_name="Ines Client", kind=Kind.CLIENT)

    answer = visitor.post(path_to(), SAID)

    assert answer.status_code == 410
    assert "You have an account already" in answer.content.decode()
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"display_name": ""}, "Write your name."),
        ({"password": "", "again": ""}, "Choose a password."),
        ({"password": "short", "again": "short"}, "at least 15 characters"),
        ({"password": "ines.new@example.org", "again": "ines.new@example.org", "display_name": "x"}, "similar"),
        ({"again": "another heron waits"}, "not the same"),
        ({"credentials": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    north: Clinic, visitor: Browser, changes: dict[str, str], words: str
) -> None:
    invite(email="ines.new@example.org")

    answer = visitor.post(path_to("ines.new@example.org"), SAID | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not User.objects.exists()


def test_nobody_gives_themselves_a_role(north: Clinic, visitor: Browser) -> None:
    invite(Role.EDITOR)

    extra = {"roles": ["owner"], "kind": "operator", "is_superuser": "on", "address": "mallory@example.org"}
    visitor.post(path_to(), SAID | extra)

    made = User.objects.get()
    assert (made.roles, made.kind, made.email) == (["editor"], Kind.STAFF, INES)


def test_whoever_was_signed_in_in_that_browser_is_signed_out(browser_of: Browsers, owner: User) -> None:
    browser = browser_of(owner)
    invite()

    browser.post(path_to(), SAID)

    assert browser.get("/admin/accounts/user/").status_code == 302


def test_guessing_is_slowed_down(north: Clinic, visitor: Browser) -> None:
    link = reverse("invitation", kwargs={"token": "guess"})

    answers = [visitor.get(link).status_code for _ in range(31)]

    assert answers == [404] * 30 + [429]


def test_a_photo_becomes_a_small_square_without_metadata(north: Clinic, visitor: Browser, media: Path) -> None:
    invite()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    visitor.post(path_to(), SAID | {"photo": photo(exif=exif)})

    made = User.objects.get()
    [kept] = (media / str(north.pk) / "people").iterdir()
    assert kept.name == f"{made.photo}.webp"
    assert b"taken at home" not in kept.read_bytes()
    with Image.open(kept) as image:
        assert (image.size, image.format, dict(image.getexif())) == ((320, 320), "WEBP", {})


def test_an_svg_is_no_photo(north: Clinic, visitor: Browser) -> None:
    invite()
    file = io.BytesIO(SVG)
    file.name = "me.png"

    answer = visitor.post(path_to(), SAID | {"photo": file})

    assert answer.status_code == 422
    assert "no picture that we can read" in answer.content.decode()


def test_a_photo_is_for_people_of_the_clinic(
    clinician: User, browser_of: Browsers, visitor: Browser, south: Clinic, media: Path
) -> None:
    keep_photo(clinician, Image.new("RGB", (9, 9)))
    address = reverse("staff_photo", kwargs={"pk": clinician.pk})
    with inside(south):
        stranger = factories.staff()

    shown = browser_of(clinician).get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert shown.getvalue()
    assert visitor.get(address).status_code == 404
    assert browser_of(stranger, south).get(address).status_code == 404


def test_a_new_photo_takes_the_place_of_the_old_one(
    clinician: User, north: Clinic, media: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            keep_photo(clinician, Image.new("RGB", (9, 9)))

    assert [path.stem for path in (media / str(north.pk) / "people").iterdir()] == [str(clinician.photo)]


def test_each_step_is_recorded(owner: User, at: datetime) -> None:
    invitation = factories.invitation(by=owner, at=at)
    resend_invitation(invitation, by=owner, at=at)
    made = accept(invitation, at=at)
    other = factories.invitation(by=owner, at=at)
    revoke_invitation(other, by=owner, at=at)

    events = AuditEvent.objects.order_by("pk").values_list("action", "actor", "subject_id")
    assert list(events) == [
        (Action.STAFF_INVITED, owner.pk, invitation.pk),
        (Action.INVITATION_RESENT, owner.pk, invitation.pk),
        (Action.STAFF_ADDED, made.pk, made.pk),
        (Action.STAFF_INVITED, owner.pk, other.pk),
        (Action.INVITATION_REVOKED, owner.pk, other.pk),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"roles": ["captain"]},
        {"roles": []},
        {"used_at": factories.AT},
        {"expires_at": factories.LONG_AGO},
    ],
    ids=["unknown role", "no role", "used by nobody", "ran out before it was sent"],
)
def test_invitations_that_make_no_sense_are_refused_by_the_database(north: Clinic, fields: dict[str, Any]) -> None:
    invite()

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**fields)
