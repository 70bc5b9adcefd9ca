"""Photos of staff: one small square each, in the clinic's own folder."""

from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from practices.accounts.models import User
from practices.identifiers import new_id
from practices.pictures import encode_square
from practices.tenancy import current_clinic

SIDE = 320


@transaction.atomic
def keep_photo(user: User, image: Image.Image) -> None:
    """The photo takes the place of the one before, whose file goes once this is committed."""
    before, user.photo = user.photo, new_id()
    default_storage.save(photo_path(user.photo), ContentFile(encode_square(image, SIDE)))
    user.save(update_fields=["photo"])
    if before:
        transaction.on_commit(partial(default_storage.delete, photo_path(before)))


def photo_path(photo: UUID) -> str:
    """Below the clinic's id, so that a clinic's files are one folder."""
    return f"{current_clinic().pk}/people/{photo}.webp"
