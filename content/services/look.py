"""How the clinic looks to everybody: colour, size of text, logo."""

from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from content.pages import forget_pages
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.files import keep_whole
from practices.identifiers import new_id
from practices.models import Clinic
from practices.pictures import encode_master
from practices.tenancy import current_clinic, hosts
from practices.theming import logo_path, logo_size


@transaction.atomic
def change_look(
    *,
    accent: str,
    text_size: str,
    logo: Image.Image | None,
    keeps_logo: bool,
    logo_alt: str,
    logo_says_name: bool,
    by: User | None,
    at: datetime,
) -> None:
    """From the commit on, every page; other processes follow within seconds.

    A new logo takes the place of the one before, whose file goes with the commit; without one, it stays if it is to be kept.
    """
    clinic = Clinic.objects.select_for_update().get(pk=current_clinic().pk)
    before = clinic.logo
    clinic.accent, clinic.text_size = accent, text_size
    if logo is not None:
        keep_logo(clinic, logo)
    elif not keeps_logo:
        clinic.logo = None
    clinic.logo_alt = logo_alt if clinic.logo else ""
    clinic.logo_says_name = logo_says_name and clinic.logo is not None
    clinic.save()
    record(Action.LOOK_CHANGED, subject=clinic, by=by, at=at)
    forget_pages()
    transaction.on_commit(hosts.clear)
    if before and before != clinic.logo:
        transaction.on_commit(partial(default_storage.delete, logo_path(clinic, before)))


def keep_logo(clinic: Clinic, image: Image.Image) -> None:
    """Written anew by us, without anything that the file held but its pixels."""
    clinic.logo = new_id()
    clinic.logo_width, clinic.logo_height = logo_size(image.width, image.height)
    keep_whole(logo_path(clinic, clinic.logo), encode_master(image, clinic.logo_width))
