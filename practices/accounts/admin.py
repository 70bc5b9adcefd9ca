"""Staff, as the owner looks after them: who works here, what they may do, whose account is open."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, allowed
from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import GRANTS, Act, Kind, Role
from practices.accounts.services import (
    AddressTakenError,
    LastOwnerError,
    add_staff,
    change_staff,
    deactivate_staff,
    keep_an_owner,
    reactivate_staff,
)


def role_in_words(role: Role) -> str:
    """The role and what it may do."""
    return f"{role.value.capitalize()}: {'; '.join(act.value for act in Act if act in GRANTS[role])}"


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, credentials and roles; never a password."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, role_in_words(role)) for role in Role],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
        error_messages={"required": "Choose at least one role."},
    )

    class Meta:
        model = User
        fields = ["display_name", "credentials"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("roles", self.instance.roles)

    def clean_roles(self) -> list[Role]:
        """The owners are locked until the change is written, so the last one can't slip away."""
        roles = [Role(role) for role in self.cleaned_data["roles"]]
        if not self.instance._state.adding and Role.OWNER not in roles:
            try:
                keep_an_owner(without=self.instance)
            except LastOwnerError as error:
                raise forms.ValidationError(str(error)) from None
        return roles


class NewStaffForm(StaffForm):
    """With the address to which the link for choosing a password goes."""

    # Not "email": that is the name of the sealed column.
    address = forms.EmailField(
        max_length=254,
        label="Email",
        help_text="A link to choose a password is sent there.",
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if User.objects.by_email(address).exists():
            raise forms.ValidationError("Somebody here already has this mail address.")
        return address


@admin.register(User)
class StaffAdmin(GrantedAdmin):
    act_to_view = act_to_add = act_to_change = Act.MANAGE_STAFF
    list_display = ["display_name", "credentials", "roles_in_words", "account", "last_sign_in"]
    list_filter = ["is_active"]
    search_fields = ["display_name"]
    search_help_text = "A name."
    ordering = ["-is_active", "display_name", "pk"]
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/accounts/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Clients have accounts too; they are no staff."""
        return User.objects.filter(kind=Kind.STAFF).defer("email", "password").order_by(*self.ordering)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **(kwargs | {"form": StaffForm if change else NewStaffForm}))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["display_name", "credentials", "roles"] if obj else ["address", "display_name", "credentials", "roles"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"roles": [Role.CLINICIAN]}

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)
        values = form.cleaned_data
        if change:
            # The form has put the new values on `obj`; the service compares with those that are stored.
            stored = User.objects.get(pk=obj.pk)
            change_staff(stored, by=request.user, at=timezone.now(), **values)
        else:
            obj.pk = add_staff(email=values.pop("address"), by=request.user, at=timezone.now(), **values).pk

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Staff"} | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        try:
            return super().changeform_view(request, object_id, form_url, buttons | (extra_context or {}))
        except AddressTakenError as error:
            # Two people added the same address in the same moment.
            messages.error(request, str(error))
            return redirect("admin:accounts_user_changelist")

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, "Added. A link to choose a password is on its way to them.")
        return redirect("admin:accounts_user_changelist")

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        messages.success(request, "Changed.")
        return redirect("admin:accounts_user_changelist")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<uuid:pk>/close/", self.admin_site.admin_view(close), name="accounts_user_close"),
            path("<uuid:pk>/reopen/", self.admin_site.admin_view(reopen), name="accounts_user_reopen"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="roles")
    def roles_in_words(self, user: Any) -> str:
        return str(user.roles_in_words).capitalize()

    @admin.display(description="account", ordering="is_active")
    def account(self, user: Any) -> str:
        return "Open" if user.is_active else "Closed"

    @admin.display(description="last sign-in", ordering="last_login", empty_value="Not yet")
    def last_sign_in(self, user: Any) -> Any:
        return user.last_login


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def close(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then close the account."""
    return _confirmed(request, pk, deactivate_staff, template="close.html", done="The account is closed.")


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def reopen(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then open the account again."""
    return _confirmed(request, pk, reactivate_staff, template="reopen.html", done="The account is open again.")


def _confirmed(request: UserRequest, pk: UUID, act: Callable[..., None], *, template: str, done: str) -> HttpResponse:
    found = get_object_or_404(User.objects.filter(kind=Kind.STAFF), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            act(found, by=request.user, at=timezone.now())
        except LastOwnerError as error:
            refusal = str(error)
        else:
            messages.success(request, done)
            return redirect("admin:accounts_user_changelist")
    context = {"title": found.display_name, "subtitle": None, "person": found, "refusal": refusal}
    page = admin.site.each_context(request) | context
    return render(request, f"admin/accounts/user/{template}", page, status=422 if refusal else 200)
