"""The operator's console: which clinics there are and how they stand; never what is in them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.models import Clinic
from practices.resting import resume_clinic, suspend_clinic


def operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class ClinicAdmin(GrantedAdmin):
    """Clinics with their host, state and migrations; suspend and resume. Opening is a command for now: `open_clinic`."""

    act_to_view = Act.MANAGE_PLATFORM
    list_display = ("name", "schema_name", "host", "status", "type", "migrated", "created_at")
    list_filter = ("status", "type")
    search_fields = ("name", "schema_name")
    ordering = ("name", "pk")
    fields = ("name", "schema_name", "host", "status", "type", "timezone", "country", "migrated", "created_at")
    readonly_fields = fields
    actions = ("suspend", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clinic]:
        return super().get_queryset(request).select_related("migration").prefetch_related("domains")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: self.get_action(name) for name in self.actions}

    @admin.display(description="host")
    def host(self, clinic: Clinic) -> str:
        return next((domain.domain for domain in clinic.domains.all() if domain.is_primary), "none")

    @admin.display(description="migrations")
    def migrated(self, clinic: Clinic) -> str:
        migration = getattr(clinic, "migration", None)
        return migration.get_state_display() if migration else "never"

    @admin.action(description="Suspend the chosen clinics: their pages answer 503, nothing is deleted")
    def suspend(self, request: HttpRequest, clinics: QuerySet[Clinic]) -> None:
        suspended = sum(suspend_clinic(clinic, by=operator(request), at=timezone.now()) for clinic in clinics)
        self.message_user(request, f"{suspended} suspended.")

    @admin.action(description="Resume the chosen clinics")
    def resume(self, request: HttpRequest, clinics: QuerySet[Clinic]) -> None:
        resumed = sum(resume_clinic(clinic, by=operator(request), at=timezone.now()) for clinic in clinics)
        self.message_user(request, f"{resumed} resumed.")
