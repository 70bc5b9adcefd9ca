"""What lies in the private storage: everything of a clinic below a folder with its id. Nothing of it has a public address."""

import os
from collections.abc import Iterator
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header


def files_below(folder: str) -> Iterator[str]:
    """Paths in the storage; none if the clinic has no folder yet."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from files_below(f"{folder}/{name}")


def keep_whole(path: str, data: bytes) -> None:
    """Under its name only when it is whole: others may be asking for it. Of two who make it at once, either is right."""
    try:
        place = default_storage.path(path)
    except NotImplementedError:  # an object store shows nothing that is not whole
        default_storage.save(path, ContentFile(data))
        return
    part = default_storage.save(f"{path}.part", ContentFile(data))
    os.replace(default_storage.path(part), place)


def answer_with_file(path: str, *, media_type: str, name: str = "") -> HttpResponseBase:
    """The file, for somebody who may see it: from here, or, where MEDIA_ACCEL is set, from the proxy that it is named to.

    Raises FileNotFoundError.
    """
    if not settings.MEDIA_ACCEL:
        return FileResponse(default_storage.open(path), content_type=media_type, filename=name)
    if not default_storage.exists(path):
        raise FileNotFoundError(path)
    response = HttpResponse(content_type=media_type)
    response["X-Accel-Redirect"] = settings.MEDIA_ACCEL + quote(path)
    if name and (disposition := content_disposition_header(as_attachment=False, filename=name)):
        response["Content-Disposition"] = disposition
    return response
