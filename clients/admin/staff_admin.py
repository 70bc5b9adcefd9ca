"""Staff with what they carry: the caseload is of this floor."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from clients.models import CareRelation
from practices.accounts.admin import StaffAdmin
from practices.accounts.models import User


@admin.register(User)
class CarryingStaffAdmin(StaffAdmin):
    list_display = [*StaffAdmin.list_display[:-2], "caseload", *StaffAdmin.list_display[-2:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the size of each caseload, counted in the same query."""
        care = CareRelation.objects.current().filter(clinician=OuterRef("pk")).order_by().values("clinician")
        clients = Subquery(care.annotate(number=Count("client", distinct=True)).values("number"))
        return super().get_queryset(request).annotate(clients=Coalesce(clients, 0, output_field=IntegerField()))

    @admin.display(description="clients", ordering="clients")
    def caseload(self, user: Any) -> int:
        return int(user.clients)
