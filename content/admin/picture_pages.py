"""Pages about one picture: put another in its place, delete it."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.forms import NewPictureForm, ReplacementForm
from content.models import Picture
from content.models.pictures import uses_of
from content.services.pictures import PictureInUseError, delete_picture, keep_picture, replace_picture
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act

# How many pictures the editor's box shows at once.
IN_THE_BOX = 24


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def choose_page(request: UserRequest) -> HttpResponse:
    """The editor's box of pictures: those that are here, newest first or by their words, and a form for a new one."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewPictureForm(*sent, auto_id="new-picture-%s")
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("alt", "credit", "focus")}
        picture = keep_picture(form.cleaned_data["file"], **words, at=timezone.now())
        return JsonResponse({"address": picture.url}, status=201)
    wanted = request.GET.get("q", "").strip()
    found = Picture.objects.said(wanted).order_by("-added_at", "-pk")[: IN_THE_BOX + 1]
    context = {"form": form, "pictures": found[:IN_THE_BOX], "has_more": len(found) > IN_THE_BOX, "wanted": wanted}
    return render(request, "admin/content/picture/choose.html", context, status=422 if form.errors else 200)


def picture_page(request: UserRequest, template: str, title: str, context: dict[str, Any], status: int) -> HttpResponse:
    frame = admin.site.each_context(request) | {"title": title, "subtitle": None}
    return render(request, f"admin/content/picture/{template}", frame | context, status=status)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_ARTICLES)
def replace_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """Another file for the picture, wherever it stands."""
    picture = get_object_or_404(Picture, pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplacementForm(*sent, instance=picture)
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("alt", "credit", "focus")}
        replace_picture(picture, image=form.cleaned_data["file"], **words, by=request.user, at=timezone.now())
        messages.success(request, "Replaced. Everybody sees the new picture now.")
        return redirect("admin:content_picture_change", picture.pk)
    context = {"picture": Picture.objects.get(pk=pk), "form": form, "uses": uses_of(picture)}
    return picture_page(request, "replace.html", "Replace this picture", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_ARTICLES)
def delete_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then delete; where it stands somewhere, say where."""
    picture = get_object_or_404(Picture, pk=pk)
    refused = False
    if request.method == "POST":
        try:
            delete_picture(picture, by=request.user, at=timezone.now())
        except PictureInUseError:
            refused = True
        else:
            messages.success(request, f"Deleted “{picture.alt}”.")
            return redirect("admin:content_picture_changelist")
    context = {"picture": picture, "uses": uses_of(picture)}
    return picture_page(request, "delete.html", "Delete this picture?", context, 409 if refused else 200)
