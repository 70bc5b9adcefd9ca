"""The owner chooses colour, size of text and logo; every page takes it on, at once, and can be read."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from clients.models import Client
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.tenancy import hosts
from practices.theming import logo_path, logo_size, theme_of
from tests import factories
from tests.harness.browsers import Browser, Browsers

PAGE = "/admin/settings/look/"
CHOSEN = {"accent": "#b3261e", "text_size": "larger", "logo_alt": "", "logo_says_name": ""}
YELLOW = {**CHOSEN, "accent": "#ffd400"}


@pytest.fixture
def desk(browser_of: Browsers, owner: User) -> Browser:
    return browser_of(owner)


@pytest.fixture
def send(
    desk: Browser, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[[dict[str, Any]], Any]:
    """Send the form, and let happen what a commit brings."""

    def send(chosen: dict[str, Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return desk.post(PAGE, {name: value for name, value in chosen.items() if value != ""})

    return send


def picture(*, size: tuple[int, int] = (1200, 400), kind: str = "PNG", **options: Any) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "teal").save(file, kind, **options)
    return SimpleUploadedFile(f"logo.{kind.lower()}", file.getvalue())


def read(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def stylesheet_on(page: str) -> str:
    [address] = re.findall(r'href="(/theme-[0-9a-f]{16}\.css)"', page)
    return str(address)


def now(clinic: Clinic) -> Clinic:
    found: Clinic = Clinic.objects.get(pk=clinic.pk)
    return found


def test_a_choice_is_kept_recorded_and_seen_at_once_by_everybody(
    visitor: Browser, desk: Browser, send: Any, browser_of: Browsers, client_person: Client, north: Clinic, owner: User
) -> None:
    pages = [(visitor, "/"), (visitor, "/accounts/login/"), (browser_of(client_person.user), "/portal/"), (desk, PAGE)]
    before = {stylesheet_on(read(browser, address)) for browser, address in pages}

    assert send(CHOSEN).status_code == 302

    after = {stylesheet_on(read(browser, address)) for browser, address in pages}
    assert len(before) == len(after) == 1
    assert before != after
    sheet = read(visitor, after.pop())
    assert "--accent: #b3261e" in sheet
    assert "font-size: 112.5%" in sheet
    assert (now(north).accent, now(north).text_size) == ("#b3261e", "larger")
    [event] = AuditEvent.objects.filter(action=Action.LOOK_CHANGED)
    assert event.actor == owner.pk


def test_a_pale_colour_is_made_darker_and_the_page_says_so(desk: Browser, send: Any, visitor: Browser) -> None:
    assert "We made it darker" not in read(desk, PAGE)

    send(YELLOW)
    page = read(desk, PAGE)

    assert "Your colour was made darker, so that it can be read." in page
    assert "We made it darker for light pages." in page
    assert "As you chose it, its contrast is 1.1 to 1" in page
    assert "#ffd400" in page
    assert "#ffd400" not in read(visitor, stylesheet_on(page))


def test_a_look_can_be_looked_at_before_it_is_saved(desk: Browser, send: Any, north: Clinic) -> None:
    whole = send({**YELLOW, "look": "1"})
    part = desk.post(PAGE, {"accent": "#ffd400", "text_size": "largest"}, headers={"hx-request": "true"})

    for answer in (whole, part):
        assert answer.status_code == 200
        assert "We made it darker for light pages." in answer.content.decode()
    assert 'value="#ffd400"' in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert now(north).accent == "#2f5d46"
    [sheet] = re.findall(r'href="([^"]+sample\.css[^"]+)"', part.content.decode())
    sample = read(desk, sheet.replace("&amp;", "&"))
    assert "#7d6700" in sample
    assert "font-size: 125%" in sample


@pytest.mark.parametrize("query", ["accent=red", "accent=%23ffd400%7D", "text_size=huge", "accent=%23FFF"])
def test_a_sample_takes_only_what_the_page_offers(desk: Browser, query: str) -> None:
    assert desk.get(f"{PAGE}sample.css?{query}").status_code == 404
    assert desk.get(f"{PAGE}sample.css").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"accent": "red"}, "Write the colour as # and six digits"),
        ({"accent": "#2f5d46;}*{display:none}"}, "Ensure this value has at most 7 characters"),
        ({"text_size": "huge"}, "Select a valid choice"),
        ({"logo": picture()}, "Say what the logo shows"),
        ({"logo": SimpleUploadedFile("logo.svg", b"<svg/>"), "logo_alt": "A bird"}, "no picture that we can read"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_kept(
    send: Any, north: Clinic, wrong: dict[str, Any], said: str
) -> None:
    answer = send(CHOSEN | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert now(north).accent == "#2f5d46"
    assert now(north).logo is None


def test_a_logo_is_written_anew_and_stands_for_the_name_where_it_says_it(
    send: Any, visitor: Browser, desk: Browser, north: Clinic
) -> None:
    assert 'class="leaf"' in read(visitor, "/contact/")

    send(CHOSEN | {"logo": picture(kind="JPEG", comment=b"Where we live"), "logo_alt": "North", "logo_says_name": "on"})
    page, clinic = read(visitor, "/contact/"), now(north)

    [brand] = re.findall(r'<a class="brand" href="/">(.*?)</a>', page, re.DOTALL)
    image = f'<img class="logo" src="/logo/{clinic.logo}.webp" alt="North" width="432" height="144">'
    assert brand.strip() == image
    answer = visitor.get(f"/logo/{clinic.logo}.webp")
    data = answer.getvalue()
    assert answer["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(data)).size == (432, 144)
    assert b"Where we live" not in data


def test_a_new_logo_takes_the_place_of_the_old_one_and_its_file(send: Any, visitor: Browser, north: Clinic) -> None:
    send(CHOSEN | {"logo": picture(), "logo_alt": "A bird"})
    first = now(north)
    send(CHOSEN | {"logo": picture(size=(100, 100)), "logo_alt": "Another bird"})
    second = now(north)

    assert first.logo and second.logo and first.logo != second.logo
    assert not default_storage.exists(logo_path(first, first.logo))
    moved = visitor.get(f"/logo/{first.logo}.webp")
    assert (moved.status_code, moved["Location"]) == (302, f"/logo/{second.logo}.webp")

    send(CHOSEN | {"logo_alt": "A third word for it"})
    assert now(north).logo == second.logo
    send(CHOSEN | {"forget_logo": "on"})
    assert (now(north).logo, now(north).logo_alt) == (None, "")
    assert not default_storage.exists(logo_path(second, second.logo))
    assert visitor.get(f"/logo/{second.logo}.webp").status_code == 404


def test_what_is_not_there_is_said_calmly(visitor: Browser, north: Clinic, south: Clinic) -> None:
    factories.look()
    logo = now(north).logo
    assert logo is not None

    assert visitor.get(f"/logo/{uuid4()}.webp").status_code == 302
    assert Browser(south).get(f"/logo/{logo}.webp").status_code == 404
    default_storage.delete(logo_path(north, logo))
    assert visitor.get(f"/logo/{logo}.webp").status_code == 404


@pytest.mark.parametrize(
    ("size", "kept"), [((300, 100), (300, 100)), ((4000, 100), (720, 18)), ((90, 9000), (1, 144)), ((1, 1), (1, 1))]
)
def test_a_logo_is_kept_as_large_as_it_is_shown(size: tuple[int, int], kept: tuple[int, int]) -> None:
    assert logo_size(*size) == kept


def test_the_stylesheet_is_kept_for_good_under_its_own_address_only(visitor: Browser, north: Clinic) -> None:
    address = f"/theme-{theme_of(north).version}.css"
    answer = visitor.get(address)

    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/css"
    assert visitor.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    # From a page that was made before a change, or after one that this process has not heard of.
    other = visitor.get("/theme-0123456789abcdef.css")
    assert other.content == answer.content
    assert other["Cache-Control"] == "public, max-age=60"


def test_a_process_that_has_not_heard_of_a_new_look_keeps_no_page_for_the_others(
    visitor: Browser, north: Clinic
) -> None:
    visitor.get("/contact/")
    Clinic.objects.filter(pk=north.pk).update(accent="#b3261e")  # elsewhere; this process still knows the old row
    stale = visitor.get("/contact/")
    hosts.clear()

    assert stylesheet_on(stale.content.decode()) != stylesheet_on(read(visitor, "/contact/"))


def test_each_clinic_has_its_own_look(visitor: Browser, send: Any, south: Clinic) -> None:
    send(CHOSEN | {"logo": picture(), "logo_alt": "A bird"})

    assert "/logo/" in read(visitor, "/")
    assert "/logo/" not in read(Browser(south), "/")
    assert now(south).accent == "#2f5d46"


def test_the_database_refuses_a_size_nobody_offers_and_a_logo_without_words(north: Clinic) -> None:
    for wrong in ({"text_size": "huge"}, {"logo": uuid4()}, {"logo": uuid4(), "logo_width": 1, "logo_height": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clinic.objects.filter(pk=north.pk).update(**wrong)


def test_machines_are_told_of_the_logo(visitor: Browser, north: Clinic) -> None:
    factories.look()
    article = factories.article()

    assert f'"logo":"http://north.localhost:{settings.PORT}/logo/{now(north).logo}.webp"' in read(
        visitor, article.get_absolute_url()
    )


def test_the_printed_slip_and_the_pages_of_errors_wear_it(visitor: Browser) -> None:
    factories.look()

    missing = visitor.get("/nothing-here/")
    assert missing.status_code == 404
    assert '<img class="logo"' in missing.content.decode()
