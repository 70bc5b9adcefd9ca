"""Taking in a picture: read, checked, re-encoded, stripped of everything but its pixels."""

import io
import warnings
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps

from content.models.pictures import WIDTHS, Picture
from content.pages import forget_pages
from practices.tenancy import current_clinic

MOST_PIXELS = 40_000_000
MOST_BYTES = 15 * 2**20
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class PictureError(Exception):
    """The file is not a picture we take; the text says what to do."""


def store_picture(file: IO[bytes], *, alt: str, credit: str = "", at: datetime) -> Picture:
    """Keep a picture from a file. Raises PictureError for anything else than a picture."""
    return keep_picture(read_image(file), alt=alt, credit=credit, at=at)


@transaction.atomic
def keep_picture(image: Image.Image, *, alt: str, credit: str = "", at: datetime) -> Picture:
    """Keep an image that `read_image` gave, as WebP in up to three widths, without EXIF."""
    widths = {*(width for width in WIDTHS if width < image.width), min(image.width, WIDTHS[-1])}
    picture = Picture.objects.create(
        alt=alt, credit=credit, width=image.width, height=image.height, widths=sorted(widths), added_at=at
    )
    for width in picture.widths:
        default_storage.save(path_of(picture, width), ContentFile(encode(image, width)))
    return picture


def describe_picture(picture: Picture, *, alt: str, credit: str) -> None:
    """Change a picture's words, wherever it stands."""
    picture.alt, picture.credit = alt, credit
    picture.save(update_fields=["alt", "credit"])
    forget_pages()


def path_of(picture: Picture, width: int) -> str:
    """Below the clinic's id, so that a clinic's files are one folder."""
    return f"{current_clinic().pk}/{picture.file_name(width)}"


def read_image(file: IO[bytes]) -> Image.Image:
    """Decode a JPEG, PNG, WebP or GIF of at most 40 million pixels, upright, in RGB on white. Raises PictureError."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureError("The picture is larger than 15 MB. Make it smaller and try again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            return on_white(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("The picture has more than 40 million pixels. Make it smaller and try again.") from None
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file makes it stumble over
        raise PictureError("This file is no picture that we can read. Use a JPEG, PNG, WebP or GIF.") from None


def on_white(image: Image.Image) -> Image.Image:
    """Nothing shines through, so a drawing with dark lines can be seen on a dark page too."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def encode(image: Image.Image, width: int) -> bytes:
    """The picture at one width, as WebP without metadata."""
    height = max(1, round(image.height * width / image.width))
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
