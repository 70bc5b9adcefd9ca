"""Pictures: what is taken in, what becomes of it, and who may see it."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

from clients.models import Client
from content.models import Article, Author, Picture
from content.services.articles import publish_article, withdraw_article
from content.services.pictures import file_of, former_path_of, path_of, store_picture
from practices.accounts.models import User
from practices.models import Clinic
from practices.pictures import Format, PictureError, PictureFileField, read_image
from practices.tenancy import current_clinic
from tests import factories
from tests.harness.browsers import Browser

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def stored(file: io.BytesIO | None = None, alt: str = "A bench.") -> Picture:
    return store_picture(file or encoded(Image.new("RGB", (1200, 600), "teal")), alt=alt, at=factories.AT)


def profile_with_red_and_green_swapped() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def written(picture: Picture, width: int = 0, format: Format = Format.WEBP) -> bytes:
    with default_storage.open(file_of(picture, width=width or picture.widths[-1], format=format)) as file:
        return bytes(file.read())


def opened(picture: Picture, width: int = 0, format: Format = Format.WEBP) -> Image.Image:
    image = Image.open(io.BytesIO(written(picture, width, format)))
    image.load()
    return image


def files_of(picture: Picture, media: Path) -> list[str]:
    folder = media / str(current_clinic().pk) / "pictures" / str(picture.pk)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_kept_once_and_never_shown_wider_than_it_is(north: Clinic, media: Path) -> None:
    picture = stored()

    assert picture.widths == [320, 480, 800, 1200]
    assert files_of(picture, media) == ["1/master.webp"]


@pytest.mark.parametrize("format", Format)
def test_a_file_is_made_when_it_is_first_asked_for_and_then_kept(north: Clinic, media: Path, format: Format) -> None:
    picture = stored()

    first = written(picture, 480, format)

    assert files_of(picture, media) == [f"1/480.{format}", "1/master.webp"]
    default_storage.delete(path_of(picture, "master.webp"))
    assert written(picture, 480, format) == first
    assert opened(picture, 480, format).size == (480, 240)


def test_a_file_that_is_being_written_is_nobodys_yet(
    north: Clinic, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = stored()
    seen = []
    monkeypatch.setattr(os, "replace", lambda part, whole: seen.append((Path(part).exists(), Path(whole).exists())))

    file_of(picture, width=480, format=Format.WEBP)

    assert seen == [(True, False)]


def test_a_picture_from_before_there_were_masters_is_shown_in_every_format(north: Clinic) -> None:
    picture = stored()
    default_storage.save(former_path_of(picture, 1200), ContentFile(written(picture)))
    default_storage.delete(path_of(picture, "master.webp"))

    assert opened(picture, 800, Format.AVIF).size == (800, 400)


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
    picture = stored(encoded(image, kind))

    for format, name in ((Format.AVIF, "AVIF"), (Format.WEBP, "WEBP"), (Format.JPEG, "JPEG")):
        result = opened(picture, format=format)
        assert (result.format, result.mode) == (name, "RGB")
        assert result.size[0] == picture.widths[-1]


def test_what_is_transparent_becomes_light(north: Clinic) -> None:
    pixel = opened(stored(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0))))).getpixel((25, 25))

    assert isinstance(pixel, tuple)
    assert min(pixel[:3]) > 240


def test_a_moving_picture_stands_still(north: Clinic) -> None:
    frames = [Image.new("RGB", (100, 80), colour) for colour in ("red", "green", "blue")]

    picture = stored(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert getattr(opened(picture), "n_frames", 1) == 1


def test_a_picture_is_turned_upright_and_loses_what_the_camera_wrote(north: Clinic) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "at home with Casey"

    picture = stored(encoded(Image.new("RGB", (300, 200), "teal"), "JPEG", exif=exif))

    assert (picture.width, picture.height) == (200, 300)
    with default_storage.open(path_of(picture, "master.webp")) as file:
        assert b"Casey" not in file.read()
    for format in Format:
        assert not opened(picture, format=format).getexif()
        assert b"Casey" not in written(picture, format=format)


def test_what_hides_behind_a_picture_is_dropped(north: Clinic) -> None:
    polyglot = encoded(Image.new("RGB", (100, 100)), "JPEG").getvalue() + b"<script>alert(1)</script>"

    picture = stored(io.BytesIO(polyglot))

    assert all(b"script" not in written(picture, format=format) for format in Format)
    with default_storage.open(path_of(picture, "master.webp")) as file:
        assert b"script" not in file.read()


def test_colours_that_a_camera_names_in_its_own_way_stay_what_they_were(north: Clinic) -> None:
    """A profile whose red and green change places: what it calls green is red."""
    swapped = io.BytesIO()
    Image.new("RGB", (64, 64), (0, 255, 0)).save(swapped, "PNG", icc_profile=profile_with_red_and_green_swapped())
    swapped.seek(0)

    pixel = opened(stored(swapped), format=Format.JPEG).getpixel((32, 32))

    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[1] < 80


@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 200])
def test_a_broken_profile_is_no_reason_to_refuse_a_picture(north: Clinic, profile: bytes) -> None:
    for mode, kind in (("RGB", "PNG"), ("CMYK", "JPEG")):
        assert stored(encoded(Image.new(mode, (64, 64)), kind, icc_profile=profile)).widths == [64]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        SVG,
        b"%PDF-1.7",
        b"<html>",
        encoded(Image.new("RGB", (600, 400)), "PNG").getvalue()[:200],
        encoded(Image.effect_noise((600, 400), 90), "JPEG").getvalue()[:900],
        encoded(Image.new("RGB", (60, 40)), "BMP").getvalue(),
        encoded(Image.new("RGB", (60, 40)), "TIFF").getvalue(),
    ],
)
def test_what_is_no_picture_is_refused_in_words(north: Clinic, data: bytes) -> None:
    with pytest.raises(PictureError, match="no picture that we can read"):
        stored(io.BytesIO(data))

    assert not Picture.objects.exists()


def test_a_small_file_with_a_huge_picture_in_it_is_refused(north: Clinic) -> None:
    with pytest.raises(PictureError, match="40 million"):
        stored(encoded(Image.new("1", (30_000, 3_000)), "PNG"))


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "GIF")])
def test_a_cameras_picture_is_made_smaller_before_it_fills_the_memory(mode: str, kind: str) -> None:
    """It is upright as it was meant, and of the colours that it had."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    options = {"exif": exif} if kind == "JPEG" else {}
    large = Image.new("RGB", (4800, 3300), "teal").convert(mode)

    image = read_image(encoded(large, kind, **options))

    assert image.size in [(1650, 2400), (2400, 1650), (4800, 3300)]
    assert (image.width < image.height) == (kind == "JPEG")
    assert (image.size == (4800, 3300)) == (mode == "P")
    pixel = image.getpixel((800, 800))
    assert isinstance(pixel, tuple)
    assert mode == "P" or all(abs(now - before) < 12 for now, before in zip(pixel, (0, 128, 128), strict=True))


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_a_moving_picture_only_the_first_moment_is_read(north: Clinic, kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), (number, 200, 0)) for number in range(0, 240, 8)]

    image = read_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))

    assert (image.size, getattr(image, "n_frames", 1)) == ((40, 30), 1)


def test_a_small_file_with_a_huge_note_in_it_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("note", "y" * 80_000_000, zip=True)

    with pytest.raises(PictureError, match="no picture that we can read"):
        read_image(encoded(Image.new("RGB", (10, 10)), "PNG", pnginfo=notes))


@pytest.mark.parametrize("size", [(10, 20_000), (20_000, 10)])
def test_a_picture_that_is_too_long_for_any_page_is_refused(north: Clinic, size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="16,000"):
        stored(encoded(Image.new("L", size), "PNG"))


def test_a_picture_is_what_is_in_it_and_not_what_its_name_says(north: Clinic) -> None:
    """A form takes the file's bytes alone; neither name nor type that a browser tells counts."""
    disguised = SimpleUploadedFile("holiday.jpg", SVG, content_type="image/jpeg")
    misnamed = SimpleUploadedFile("page.html", encoded(Image.new("RGB", (60, 40))).getvalue(), content_type="text/html")

    with pytest.raises(ValidationError, match="no picture that we can read"):
        PictureFileField().clean(disguised)
    image = PictureFileField().clean(misnamed)
    assert image is not None
    assert image.size == (60, 40)


def test_a_file_that_is_too_large_is_refused(north: Clinic) -> None:
    with pytest.raises(PictureError, match="15 MB"):
        stored(io.BytesIO(b"\x00" * (15 * 2**20 + 1)))


def status_for(browser: Browser, picture: Picture) -> int:
    """What the file answers; the address that leads to it says the same."""
    response = browser.get(picture.fallback_url)
    response.getvalue()
    leads = browser.get(picture.url)
    assert leads.status_code == {200: 302}.get(response.status_code, response.status_code)
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
    assert response.headers["Content-Disposition"] == f'inline; filename="{picture.pk}-320.webp"'
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
    response = browser_of(editor).get(picture.fallback_url)
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

    for name in ("481.webp", "480.png", "480.svg", "480.WEBP", "99999999999999999999.webp", "480.webp.part"):
        assert visitor.get(f"{picture.url}1/{name}").status_code == 404
    assert visitor.get(f"{picture.url}2/480.webp").status_code == 404
    assert visitor.get(f"{picture.url}99999999999999999999/480.webp").status_code == 404
    default_storage.delete(path_of(picture, "master.webp"))
    assert visitor.get(f"{picture.url}1/480.webp").status_code == 404


def test_addresses_that_pages_had_before_lead_to_the_file_of_now(visitor: Browser) -> None:
    picture = stored()
    factories.article(cover=picture)

    for width, now in ((480, 480), (960, 800), (1600, 1200), (1, 320), (10**30, 1200)):
        response = visitor.get(f"/pictures/{picture.pk}-{width}.webp")
        assert (response.status_code, response["Location"]) == (302, f"{picture.url}1/{now}.jpg")
