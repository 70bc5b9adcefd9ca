"""The pictures of the site: taken in, described, replaced, deleted; and their files, made when first asked for."""

from datetime import datetime
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from content.models.pictures import Picture, uses_of, widths_for
from content.pages import forget_pages
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.files import keep_whole
from practices.pictures import Format, encode, encode_master, read_image
from practices.tenancy import current_clinic

MASTER = "master.webp"
# In which a file of each picture was kept before there were masters, beside its widest.
FORMER_WIDTHS = frozenset({480, 960, 1600})


class PictureInUseError(Exception):
    """The picture stands somewhere."""


def store_picture(file: IO[bytes], *, alt: str, credit: str = "", at: datetime) -> Picture:
    """Keep a picture from a file. Raises PictureError for anything else than a picture."""
    return keep_picture(read_image(file), alt=alt, credit=credit, at=at)


@transaction.atomic
def keep_picture(
    image: Image.Image, *, alt: str, credit: str = "", focus: str = Picture.Focus.MIDDLE, at: datetime
) -> Picture:
    """Keep an image that `read_image` gave, without EXIF. What pages show is made from its master when first asked for."""
    picture = Picture(alt=alt, credit=credit, focus=focus, added_at=at)
    measure(picture, image)
    picture.save(force_insert=True)
    keep_master(picture, image)
    return picture


def describe_picture(picture: Picture, *, alt: str, credit: str, focus: str) -> None:
    """Change a picture's words, and what of it stays in sight, wherever it stands."""
    picture.alt, picture.credit, picture.focus = alt, credit, focus
    picture.save(update_fields=["alt", "credit", "focus"])
    forget_pages()


@transaction.atomic
def replace_picture(
    picture: Picture, *, image: Image.Image, alt: str, credit: str, focus: str, by: User, at: datetime
) -> None:
    """From now on the picture is another file wherever it stands, under new addresses. The old files go with the commit."""
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    before = files_of(picture)
    picture.alt, picture.credit, picture.focus, picture.edition = alt, credit, focus, picture.edition + 1
    measure(picture, image)
    picture.save()
    keep_master(picture, image)
    record(Action.PICTURE_REPLACED, subject=picture, by=by, at=at)
    forget_pages()
    transaction.on_commit(partial(remove_files, before))


@transaction.atomic
def delete_picture(picture: Picture, *, by: User, at: datetime) -> None:
    """The picture and its files are gone. Raises PictureInUseError where it stands anywhere, or ever stood in public.

    Its row is locked first; whoever publishes a text locks the pictures in it, so that of the two one comes first.
    """
    picture = Picture.objects.select_for_update().get(pk=picture.pk)
    if uses_of(picture):
        raise PictureInUseError
    before = files_of(picture)
    record(Action.PICTURE_DELETED, subject=picture, by=by, at=at)
    picture.delete()
    transaction.on_commit(partial(remove_files, before))


def measure(picture: Picture, image: Image.Image) -> None:
    picture.width, picture.height, picture.widths = image.width, image.height, widths_for(image.width)


def keep_master(picture: Picture, image: Image.Image) -> None:
    default_storage.save(path_of(picture, MASTER), ContentFile(encode_master(image, picture.widths[-1])))


def file_of(picture: Picture, *, width: int, format: Format) -> str:
    """Where the picture lies at one of its widths; made now if nobody has asked for it yet.

    Raises FileNotFoundError if its files are lost.
    """
    path = path_of(picture, f"{width}.{format}")
    if not default_storage.exists(path):
        keep_whole(path, encode(master_of(picture), width, format))
    return path


def master_of(picture: Picture) -> Image.Image:
    """What the other files are made from."""
    with master_file(picture) as file:
        image = Image.open(file)
        image.load()
    return image


def master_file(picture: Picture) -> IO[bytes]:
    """The picture at its best, a WebP. Pictures that were kept before there were masters have a file of each width.

    Raises FileNotFoundError if its files are lost.
    """
    try:
        return default_storage.open(path_of(picture, MASTER))
    except FileNotFoundError:
        if picture.edition > 1:
            raise
        return default_storage.open(former_path_of(picture, picture.widths[-1]))


def files_of(picture: Picture) -> list[str]:
    """Every file that there is of its edition."""
    folder = path_of(picture, "")
    try:
        kept = [folder + name for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        kept = []
    former = [former_path_of(picture, width) for width in FORMER_WIDTHS | {picture.widths[-1]}]
    return [*kept, *(path for path in former if default_storage.exists(path))]


def remove_files(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def path_of(picture: Picture, name: str) -> str:
    """Below the clinic's id, so that a clinic's files are one folder."""
    return f"{current_clinic().pk}/pictures/{picture.pk}/{picture.edition}/{name}"


def former_path_of(picture: Picture, width: int) -> str:
    return f"{current_clinic().pk}/pictures/{picture.pk}-{width}.webp"
