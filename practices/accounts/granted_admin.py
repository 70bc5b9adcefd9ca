"""Model admins whose doors are opened by the GRANTS table instead of Django's permissions."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from practices.accounts.models import User
from practices.accounts.permissions import Act


class GrantedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model admin that says which act it takes to look, to add and to change. Nothing is deleted here."""

    act_to_view: ClassVar[Act]
    act_to_add: ClassVar[Act | None] = None
    act_to_change: ClassVar[Act | None] = None
    actions: Any = None

    def _may(self, request: HttpRequest, act: Act | None) -> bool:
        return act is not None and isinstance(request.user, User) and request.user.may(act)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.act_to_view)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.act_to_view)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.act_to_add)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.act_to_change)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
