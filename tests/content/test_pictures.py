"""Pictures: what is taken in, what becomes of it, and who may see it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from clients.models import Client
from content.models import Article, Author, Picture
from content.services.articles import publish_article, withdraw_article
from content.services.pictures import path_of, store_picture
from practices.accounts.models import User
from practices.models import Clinic
from practices.pictures import PictureError
from tests import factories
from tests.harness.browsers import Browser

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def stored(file: io.BytesIO | None = None, alt: str = "A bench.") -> Picture:
    return store_picture(file or file_of(Image.new("RGB", (1200, 600), "teal")), alt=alt, at=factories.AT)


def opened(picture: Picture) -> Image.Image:
    with default_storage.open(path_of(picture, picture.widths[-1])) as file:
        image = Image.open(file)
        image.load()
    return image


def test_a_picture_is_kept_in_several_widths_in_the_clinics_own_folder(north: Clinic, media: Path) -> None:
    picture = stored()

    assert picture.widths == [480, 960, 1200]
    assert sorted(path.name for path in (media / str(north.pk) / "pictures").iterdir()) == sorted(
        f"{picture.pk}-{width}.webp" for width in picture.widths
    )


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (Image.new("RGB", (1, 1)), "PNG"),
        (Image.new("CMYK", (600, 400)), "JPEG"),
        (Image.new("RGBA", (600, 400), (0, 0, 0, 0)), "PNG"),
        (Image.new("P", (600, 400)), "GIF"),
        (Image.new("I;16", (600, 400)), "PNG"),
        (Image.new("L", (600, 400)), "WEBP"),
        (Image.new("1", (2000, 1)), "PNG"),
    ],
)
def test_every_kind_of_pixel_becomes_one_kind_of_file(north: Clinic, image: Image.Image, kind: str) -> None:
    picture = stored(file_of(image, kind))

    result = opened(picture)
    assert (result.format, result.mode) == ("WEBP", "RGB")
    assert result.size[0] == picture.widths[-1]


def test_what_is_transparent_becomes_light(north: Clinic) -> None:
    pixel = opened(stored(file_of(Image.new("RGBA", (50, 50), (0, 0, 0, 0))))).getpixel((25, 25))

    assert isinstance(pixel, tuple)
    assert min(pixel[:3]) > 240


def test_a_moving_picture_stands_still(north: Clinic) -> None:
    frames = [Image.new("RGB", (100, 80), colour) for colour in ("red", "green", "blue")]

    picture = stored(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert getattr(opened(picture), "n_frames", 1) == 1


def test_a_picture_is_turned_upright_and_loses_what_the_camera_wrote(north: Clinic) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "at home with Casey"

    picture = stored(file_of(Image.new("RGB", (300, 200), "teal"), "JPEG", exif=exif))

    assert (picture.width, picture.height) == (200, 300)
    assert not opened(picture).getexif()
    with default_storage.open(path_of(picture, 200)) as file:
        assert b"Casey" not in file.read()


def test_what_hides_behind_a_picture_is_dropped(north: Clinic) -> None:
    polyglot = file_of(Image.new("RGB", (100, 100)), "JPEG").getvalue() + b"<script>alert(1)</script>"

    with default_storage.open(path_of(stored(io.BytesIO(polyglot)), 100)) as file:
        assert b"script" not in file.read()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        SVG,
        b"%PDF-1.7",
        b"<html>",
        file_of(Image.new("RGB", (600, 400)), "PNG").getvalue()[:200],
        file_of(Image.effect_noise((600, 400), 90), "JPEG").getvalue()[:900],
        file_of(Image.new("RGB", (60, 40)), "BMP").getvalue(),
        file_of(Image.new("RGB", (60, 40)), "TIFF").getvalue(),
    ],
)
def test_what_is_no_picture_is_refused_in_words(north: Clinic, data: bytes) -> None:
    with pytest.raises(PictureError, match="no picture that we can read"):
        stored(io.BytesIO(data))

    assert not Picture.objects.exists()


def test_a_small_file_with_a_huge_picture_in_it_is_refused(north: Clinic) -> None:
    with pytest.raises(PictureError, match="40 million"):
        stored(file_of(Image.new("1", (30_000, 3_000)), "PNG"))


def test_a_file_that_is_too_large_is_refused(north: Clinic) -> None:
    with pytest.raises(PictureError, match="15 MB"):
        stored(io.BytesIO(b"\x00" * (15 * 2**20 + 1)))


def status_for(browser: Browser, picture: Picture) -> int:
    response = browser.get(picture.url)
    response.getvalue()
    return response.status_code


def test_a_picture_on_a_public_page_is_for_everybody_and_kept_for_long(visitor: Browser) -> None:
    picture = stored()
    factories.article(cover=picture)

    response = visitor.get(picture.thumbnail_url)
    response.getvalue()

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert response.headers["Content-Disposition"] == f'inline; filename="{picture.pk}-480.webp"'
    assert not response.cookies


def test_a_picture_in_the_text_and_an_authors_photo_are_for_everybody(visitor: Browser) -> None:
    in_text, photo = stored(), stored()
    article = factories.article(published=False, body=f'<p>Look</p><figure><img src="{in_text.url}" alt="x"></figure>')
    Author.objects.filter(pk=article.byline_id).update(photo=photo)

    before = [status_for(visitor, picture) for picture in (in_text, photo)]
    publish_article(article, by=None, at=factories.AT)

    assert before == [404, 404]
    assert [status_for(visitor, picture) for picture in (in_text, photo)] == [200, 200]


def test_a_picture_nobody_has_published_is_for_staff_only(
    visitor: Browser, browser_of: Callable[..., Browser], editor: User, client_person: Client
) -> None:
    picture = stored()
    factories.article(published=False, cover=picture)

    assert status_for(visitor, picture) == 404
    assert status_for(browser_of(client_person.user), picture) == 404
    response = browser_of(editor).get(picture.url)
    response.getvalue()
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


def test_a_client_still_sees_the_pictures_of_what_was_withdrawn(
    visitor: Browser, browser_of: Callable[..., Browser], editor: User, client_person: Client
) -> None:
    picture = stored()
    article = factories.article(cover=picture)
    withdraw_article(article, by=editor, at=factories.AT)

    assert status_for(visitor, picture) == 404
    assert status_for(browser_of(client_person.user), picture) == 200


def test_a_picture_for_clients_is_not_for_visitors(
    visitor: Browser, browser_of: Callable[..., Browser], client_person: Client
) -> None:
    picture = stored()
    factories.article(cover=picture, audience=Article.Audience.CLIENTS)

    assert status_for(visitor, picture) == 404
    assert status_for(browser_of(client_person.user), picture) == 200


def test_a_picture_of_another_clinic_does_not_exist(
    south: Clinic, visitor: Browser, browser_of: Callable[..., Browser], editor: User
) -> None:
    picture = stored()
    factories.article(cover=picture)

    assert status_for(Browser(south), picture) == 404


def test_other_widths_and_lost_files_do_not_exist(visitor: Browser, media: Path) -> None:
    picture = stored()
    factories.article(cover=picture)

    assert visitor.get(picture.url_at(481)).status_code == 404
    assert visitor.get(f"/pictures/{picture.pk}-99999999999999999999.webp").status_code == 404
    default_storage.delete(path_of(picture, 480))
    assert visitor.get(picture.url_at(480)).status_code == 404
