"""Model admins whose doors are opened by the GRANTS table instead of Django's permissions."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest

from practices.accounts.models import User
from practices.accounts.permissions import Act


class GrantedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model admin that says which act it takes to look, to add and to change. Nothing is deleted here."""

    act_to_view: ClassVar[Act]
    act_to_add: ClassVar[Act | None] = None
    act_to_change: ClassVar[Act | None] = None
    actions: Any = None
    view_on_site = False

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

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters on offer: by any other a list tells, letter by letter, what its columns don't show."""
        names = (choice[0] if isinstance(choice, tuple) else choice for choice in self.list_filter)
        offered = (getattr(name, "parameter_name", name) for name in names)
        return lookup.removesuffix("__exact") in offered

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Without the act 403, and 404 for a row that is out of reach, where Django would redirect."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found
