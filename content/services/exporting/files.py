"""The one file that an export is."""

import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO
from uuid import UUID

from content.models import Article, Comment, Picture
from content.services.exporting.markdown import markdown_files, name_of
from content.services.exporting.rows import file_path
from content.services.exporting.wordpress import wxr_of
from content.services.pictures import master_file
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import clinic_origin


class Kind(StrEnum):
    """What an export is written as."""

    WXR = "wxr"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Exported:
    """How much there is in it. `lost` are pictures whose files are not there any more."""

    articles: int
    comments: int
    pictures: int
    lost: int


def export_content(
    out: IO[bytes], kind: Kind, *, clinic: Clinic, by: User | None, at: datetime, with_pictures: bool = True
) -> Exported:
    """Write all content; that it was taken is written down first. A zip, or without pictures the WXR alone.

    The clinic must have been entered. Exported are articles whatever their state, approved and held comments, and pictures;
    no mail address, no account, nothing of clients.
    """
    record(Action.CONTENT_EXPORTED, by=by, at=at, purpose=kind)
    origin = clinic_origin(clinic)
    pictures = {picture.pk: picture for picture in Picture.objects.order_by("added_at", "pk")}
    if kind is Kind.WXR and not with_pictures:
        for part in wxr_of(clinic, pictures, origin=origin, at=at):
            out.write(part.encode())
        return counted(pictures=0, lost=0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        if kind is Kind.WXR:
            with file.open(entry("export.xml", at), "w", force_zip64=True) as member:
                for part in wxr_of(clinic, pictures, origin=origin, at=at):
                    member.write(part.encode())
        else:
            for name, text in markdown_files(pictures, origin=origin, zone=clinic.zone):
                file.writestr(entry(name, at), text)
        lost = add_pictures(file, pictures, kind, at=at)
    return counted(pictures=len(pictures) - lost, lost=lost)


def add_pictures(file: zipfile.ZipFile, pictures: dict[UUID, Picture], kind: Kind, *, at: datetime) -> int:
    """Each picture's master, as it lies here; how many are lost."""
    lost = 0
    for picture in pictures.values():
        name = file_path(picture).lstrip("/") if kind is Kind.WXR else name_of(picture.pk)
        try:
            source = master_file(picture)
        except FileNotFoundError:
            lost += 1
            continue
        about = entry(name, at)
        about.compress_type = zipfile.ZIP_STORED
        with source, file.open(about, "w") as member:
            shutil.copyfileobj(source, member)
    return lost


def entry(name: str, at: datetime) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = 0o600 << 16
    return about


def counted(*, pictures: int, lost: int) -> Exported:
    comments = Comment.objects.filter(state__in=[Comment.State.APPROVED, Comment.State.HELD])
    return Exported(Article.objects.count(), comments.count(), pictures, lost)
