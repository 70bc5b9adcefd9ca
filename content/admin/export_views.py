"""Taking a copy of all content: which kinds there are, and the file."""

import tempfile

from django.contrib import admin
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.models import Article, Picture
from content.services.exporting import Kind, export_content
from practices.accounts.access import UserRequest, allowed
from practices.accounts.confirming import recently_confirmed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic


@require_safe
@allowed(Act.MOVE_CONTENT)
def export(request: UserRequest) -> HttpResponse:
    """What a copy holds, and in which two ways it can be had."""
    context = {
        "title": "Take a copy of all articles",
        "subtitle": None,
        "articles": Article.objects.count(),
        "pictures": Picture.objects.count(),
    }
    return render(request, "admin/content/export.html", admin.site.each_context(request) | context)


@require_safe
@allowed(Act.MOVE_CONTENT)
@recently_confirmed
def export_file(request: UserRequest, kind: str) -> HttpResponseBase:
    """The file, made now; it is put aside on the disk, so that memory stays flat."""
    if kind not in tuple(Kind):
        raise Http404
    clinic, at = current_clinic(), timezone.now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    export_content(file, Kind(kind), clinic=clinic, by=request.user, at=at)
    file.seek(0)
    name = f"{clinic.schema_name}-{timezone.localdate():%Y-%m-%d}-{kind}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
