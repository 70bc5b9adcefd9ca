"""Taking in a picture of the site: kept in a few widths, with its words."""

from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from content.models.pictures import WIDTHS, Picture
from content.pages import forget_pages
from practices.pictures import encode, read_image
from practices.tenancy import current_clinic


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
