"""Staff with what they carry: the caseload is of this floor."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ValidationError
from django.http import HttpRequest
from django.urls import URLPattern, path

from clients.admin.leaving_views import leaving, staying
from clients.models import CareRelation
from practices.accounts.admin import StaffAdmin
from practices.accounts.admin.forms import StaffForm
from practices.accounts.models import User
from practices.accounts.permissions import Role


class CarryingStaffForm(StaffForm):
    """Whoever has clients stays a clinician until somebody else has them."""

    def clean_roles(self) -> list[Role]:
        roles = super().clean_roles()
        if Role.CLINICIAN not in roles and CareRelation.objects.acting().filter(clinician=self.instance).exists():
            raise ValidationError("They have clients. Give each one to a colleague first.")
        return roles


@admin.register(User)
class CarryingStaffAdmin(StaffAdmin):
    form = CarryingStaffForm
    list_display = [*StaffAdmin.list_display[:-2], "caseload", *StaffAdmin.list_display[-2:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the size of each caseload, counted in the same query."""
        care = CareRelation.objects.acting().filter(clinician=OuterRef("pk")).order_by().values("clinician")
        clients = Subquery(care.annotate(number=Count("client", distinct=True)).values("number"))
        return super().get_queryset(request).annotate(clients=Coalesce(clients, 0, output_field=IntegerField()))

    def get_urls(self) -> list[URLPattern]:
        pages = (("leaving", leaving), ("staying", staying))
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"staff_{name}") for name, view in pages
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="clients", ordering="clients")
    def caseload(self, user: Any) -> int:
        return int(user.clients)
