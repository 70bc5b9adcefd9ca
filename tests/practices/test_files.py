"""Private files reach whoever may see them, from here or from the proxy in front, and nobody else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from config import env
from content.models.pictures import Picture
from content.services.pictures import files_of
from practices.accounts.models import User
from practices.accounts.services.photos import keep_photo, photo_path
from practices.models import Clinic
from practices.pictures import Format
from tests import factories
from tests.harness.browsers import Browser

Browsers = Callable[..., Browser]


@pytest.fixture
def picture(north: Clinic) -> Picture:
    """On a public page."""
    made = factories.picture(size=(400, 300))
    factories.article(cover=made)
    return made


@pytest.fixture
def unseen(north: Clinic) -> Picture:
    """On no page yet: for those who write."""
    return factories.picture(size=(400, 300))


@pytest.fixture
def photo(clinician: User) -> str:
    """Where its file lies."""
    keep_photo(clinician, Image.new("RGB", (8, 8)))
    assert clinician.photo is not None
    return photo_path(clinician.photo)


@pytest.fixture
def accelerated(settings: Settings) -> None:
    settings.MEDIA_ACCEL = "/private/"


def address(picture: Picture) -> str:
    return picture.file_url(320, Format.AVIF)


def test_without_a_proxy_the_file_is_the_answer(visitor: Browser, picture: Picture) -> None:
    response = visitor.get(address(picture))

    body = response.getvalue()
    assert "X-Accel-Redirect" not in response
    assert response["Content-Type"] == "image/avif"
    assert int(response["Content-Length"]) == len(body) > 100


@pytest.mark.usefixtures("accelerated")
def test_with_a_proxy_the_answer_names_a_file_that_is_there(
    visitor: Browser, north: Clinic, picture: Picture, media: Path
) -> None:
    response = visitor.get(address(picture))

    path = f"{north.pk}/pictures/{picture.pk}/1/320.avif"
    assert response["X-Accel-Redirect"] == f"/private/{path}"
    assert (media / path).stat().st_size > 100
    assert response.content == b""
    assert response["Content-Type"] == "image/avif"
    assert response["Content-Disposition"] == f'inline; filename="{picture.pk}-320.avif"'
    assert "immutable" in response["Cache-Control"]


@pytest.mark.usefixtures("accelerated")
def test_with_a_proxy_whoever_may_not_see_a_file_is_told_nothing(
    visitor: Browser, browser_of: Browsers, editor: User, south: Clinic, unseen: Picture
) -> None:
    for nobody in (visitor, Browser(south)):
        refused = nobody.get(address(unseen))
        assert (refused.status_code, "X-Accel-Redirect" in refused) == (404, False)

    assert "X-Accel-Redirect" in browser_of(editor).get(address(unseen))


@pytest.mark.usefixtures("accelerated")
def test_with_a_proxy_files_that_are_lost_are_404(visitor: Browser, picture: Picture) -> None:
    for path in files_of(picture):
        default_storage.delete(path)

    assert visitor.get(address(picture)).status_code == 404


def test_photos_of_staff_go_both_ways(
    visitor: Browser, browser_of: Browsers, clinician: User, photo: str, settings: Settings
) -> None:
    mine = reverse("staff_photo", args=[clinician.pk])
    browser = browser_of(clinician)
    assert browser.get(mine).getvalue()[:4] == b"RIFF"

    settings.MEDIA_ACCEL = "/private/"
    assert browser.get(mine)["X-Accel-Redirect"] == f"/private/{photo}"
    assert visitor.get(mine).status_code == 404
    default_storage.delete(photo)
    assert browser.get(mine).status_code == 404


@pytest.mark.parametrize("prefix", ["private/", "/private", "https://example.org/", "/a b/"])
def test_a_place_that_the_proxy_could_not_know_is_refused(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("MEDIA_ACCEL", prefix)

    with pytest.raises(ImproperlyConfigured, match="MEDIA_ACCEL"):
        env.media_accel()
