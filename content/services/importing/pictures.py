"""The pictures of one post: found among the files that were given, and kept once for all posts that show them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from content.models import ImportedRow, Picture
from content.models.imports import source_id
from content.services.importing.source import Source
from content.services.pictures import keep_picture
from content.wordpress import PostEntry
from practices.identifiers import new_id
from practices.pictures import PictureError, read_image


class Pictures:
    """Looks which of a post's pictures there are; with `at` it keeps them too."""

    def __init__(self, source: Source, entry: PostEntry, *, at: datetime | None = None) -> None:
        self.source, self.entry, self.at = source, entry, at
        self.used: set[str] = set()
        self.kept = 0
        self.missing: set[str] = set()
        self.notes: list[str] = []

    def placed(self, address: str, alt: str) -> tuple[str, str]:
        """The address here of a picture in the text, or nothing if there is none; and its words, unless the picture has them."""
        picture = self.picture_at(address, alt=alt)
        return (picture.url, "" if alt == picture.alt else alt) if picture else ("", alt)

    def cover_for(self, thumbnail: str) -> Picture | None:
        """The picture that stood above the post."""
        if not thumbnail:
            return None
        known = self.source.export.attachments.get(thumbnail)
        picture = self.picture_at(known.url) if known else None
        if picture is None:
            self.notes.append("Left out: its cover; the file was not given.")
        return picture

    def picture_at(self, address: str, *, alt: str = "") -> Picture | None:
        name = self.source.uploads.name_of(address)
        if not name:
            self.missing.add(address)
            return None
        self.used.add(name)
        # While it is only looked, any picture will do: nothing of it is shown or stored.
        return Picture(id=new_id()) if self.at is None else self.keep(name, alt, self.at)

    def keep(self, name: str, alt: str, at: datetime) -> Picture | None:
        """The picture of this file. One that was deleted here since is needed again, so it comes back."""
        key = source_id(f"{self.source.export.site.link} file {name}")
        known = ImportedRow.objects.filter(pk=key).first()
        found = Picture.objects.filter(pk=known.row).first() if known else None
        if found:
            return found
        try:
            with self.source.uploads.opened(name) as file:
                image = read_image(file)
        except (OSError, PictureError) as error:
            why = str(error) if isinstance(error, PictureError) else "The file can’t be read."
            self.notes.append(f"Left out: the picture “{name[:120]}”. {why}")
            return None
        words = self.source.described.get(name)
        said = (words.alt if words else "") or alt
        if not said:
            self.notes.append(f"Nobody has said what the picture “{name[:120]}” shows. Please do, under Pictures.")
        focus = words.focus if words and words.focus in Picture.Focus.values else Picture.Focus.MIDDLE
        try:
            with transaction.atomic():
                picture = keep_picture(
                    image,
                    alt=(said or f"A picture from “{self.entry.title}”")[:250],
                    credit=(words.credit if words else "")[:120],
                    focus=focus,
                    at=at,
                )
                if known:
                    ImportedRow.objects.filter(pk=key).update(row=picture.pk)
                else:
                    ImportedRow.objects.create(id=key, row=picture.pk, imported_at=at)
        except IntegrityError:
            # Somebody else took it in in this moment.
            return Picture.objects.get(pk=ImportedRow.objects.get(pk=key).row)
        self.kept += 1
        return picture
