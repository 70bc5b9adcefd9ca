"""The operator's list: which clinics there are and how they stand; never what is in them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.console.standing import Standing, with_standing
from practices.models import Clinic
from practices.resting import resume_clinic, suspend_clinic


def operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class ClinicAdmin(GrantedAdmin):
    """Each clinic with its size and state, none of it counted while the page is made; its own page has the rest."""

    act_to_view = Act.MANAGE_PLATFORM
    list_display = (
        *("name", "host", "status", "clients", "storage", "mails", "failures"),
        *("outbox", "migrated", "active", "created_at"),
    )
    list_filter = ("status", "type")
    search_fields = ("name", "schema_name", "domains__domain")
    ordering = ("name", "pk")
    list_per_page = 50
    show_full_result_count = False
    actions = ("suspend", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clinic]:
        return with_standing(super().get_queryset(request), at=timezone.now())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: self.get_action(name) for name in self.actions}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Clinics"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Found as always, and shown on a page of our own."""
        clinic = self.get_object(request, object_id)
        return redirect("platform:clinic", clinic.pk)

    @admin.display(description="host")
    def host(self, clinic: Clinic) -> str:
        return Standing(clinic).host

    @admin.display(description="clients", ordering="usage__clients")
    def clients(self, clinic: Clinic) -> int | None:
        return Standing(clinic).usage.clients

    @admin.display(description="storage", ordering="usage__storage_bytes")
    def storage(self, clinic: Clinic) -> str:
        held = Standing(clinic).usage.storage_bytes
        return "–" if held is None else filesizeformat(held)

    @admin.display(description="mails in 30 days", ordering="usage__mails")
    def mails(self, clinic: Clinic) -> int | None:
        return Standing(clinic).usage.mails

    @admin.display(description="not sent", ordering="usage__mails_failed")
    def failures(self, clinic: Clinic) -> int | None:
        return Standing(clinic).usage.mails_failed

    @admin.display(description="oldest mail waits", ordering="mail_waits_since", empty_value="none")
    def outbox(self, clinic: Clinic) -> str | None:
        since = Standing(clinic).mail_waits_since
        return timesince(since) if since else None

    @admin.display(description="migrations")
    def migrated(self, clinic: Clinic) -> str:
        return Standing(clinic).migrated

    @admin.display(description="last used", ordering="usage__active_at", empty_value="never")
    def active(self, clinic: Clinic) -> Any:
        return Standing(clinic).usage.active_at

    @admin.action(description="Suspend: their pages answer 503")
    def suspend(self, request: HttpRequest, clinics: QuerySet[Clinic]) -> None:
        suspended = sum(suspend_clinic(clinic, by=operator(request), at=timezone.now()) for clinic in clinics)
        self.message_user(request, f"{suspended} suspended.")

    @admin.action(description="Resume")
    def resume(self, request: HttpRequest, clinics: QuerySet[Clinic]) -> None:
        resumed = sum(resume_clinic(clinic, by=operator(request), at=timezone.now()) for clinic in clinics)
        self.message_user(request, f"{resumed} resumed.")
