"""Who works here, what they may do, whose account is open."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, allowed
from practices.accounts.admin import invitation_views, supervision_views
from practices.accounts.admin.forms import StaffForm
from practices.accounts.admin.pages import staff_page
from practices.accounts.admin.reset_factor import reset_factor
from practices.accounts.admin.staff_sessions import staff_sessions
from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import Invitation, Supervision, User
from practices.accounts.permissions import Act, Kind, Role
from practices.accounts.services import change_staff, reactivate_staff
from practices.templatetags.look import last_day

FACTOR_WORDS = {"totp": "App", "webauthn": "Passkey"}


def factors_of_each() -> ArraySubquery:
    """The kinds of second factor of each row's user."""
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTOR_WORDS).order_by("type")
    return ArraySubquery(own.values("type").distinct())


class RoleFilter(admin.SimpleListFilter):
    """Those with one role, be it among others."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.value, role.value.capitalize()) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(roles__contains=[self.value()]) if self.value() in set(Role) else queryset


class AccountFilter(admin.SimpleListFilter):
    """Open or closed."""

    title = "account"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        states = {"open": True, "closed": False}
        return queryset.filter(is_active=states[self.value() or ""]) if self.value() in states else queryset


class StaffAdmin(GrantedAdmin):
    """What this floor knows of staff; the floors above add what they carry, and register it."""

    act_to_view = act_to_change = Act.MANAGE_STAFF
    list_display = ["display_name", "credentials", "roles_in_words", "second_step", "account", "last_sign_in"]
    list_filter = [RoleFilter, AccountFilter]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ["display_name"]
    search_help_text = "A name."
    ordering = ["-is_active", "display_name", "pk"]
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/accounts/user/change_form.html"
    change_list_template = "admin/accounts/user/change_list.html"
    form = StaffForm
    fields = ("display_name", "credentials", "roles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Clients have accounts too; they are no staff."""
        return (
            User.objects.filter(kind=Kind.STAFF)
            .defer("email", "password")
            .annotate(factors=factors_of_each())
            .order_by(*self.ordering)
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The form has put the new values on `obj`; the service compares with those that are stored."""
        assert isinstance(request.user, User)
        stored = User.objects.get(pk=obj.pk)
        change_staff(stored, by=request.user, at=timezone.now(), **form.cleaned_data)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        at = timezone.now()
        pending = Invitation.objects.pending().select_related("invited_by").order_by("-sent_at")
        invitations = [(invitation, invitation.state(at)) for invitation in pending]
        context = {"title": "Staff", "invitations": invitations}
        return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, buttons | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        person = context["original"]
        page = {
            "title": person.display_name,
            "subtitle": None,
            "supervisions": Supervision.objects.current().of(person),
            "may_supervise": person.is_active and Role.SUPERVISOR in person.roles,
            "may_be_supervised": person.is_active and Role.CLINICIAN in person.roles,
        }
        return super().render_change_form(request, context | page, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        messages.success(request, "Changed.")
        return redirect("admin:accounts_user_changelist")

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("<uuid:pk>/reopen/", reopen, "accounts_user_reopen"),
            ("<uuid:pk>/sessions/", staff_sessions, "accounts_user_sessions"),
            ("<uuid:pk>/supervisions/<uuid:supervision>/end/", supervision_views.end, "end_supervision"),
            ("<uuid:pk>/reset-factor/", reset_factor, "accounts_user_reset_factor"),
            ("invite/", invitation_views.invite, "invite_staff"),
            ("invitations/<uuid:pk>/resend/", invitation_views.resend, "resend_invitation"),
            ("invitations/<uuid:pk>/revoke/", invitation_views.revoke, "revoke_invitation"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *self.supervision_urls(), *super().get_urls()]

    def supervision_urls(self) -> list[URLPattern]:
        """One page in two directions."""
        view = self.admin_site.admin_view(supervision_views.supervision)
        return [
            path("<uuid:pk>/supervises/", view, {"supervises": True}, name="accounts_user_supervises"),
            path("<uuid:pk>/supervised/", view, {"supervises": False}, name="accounts_user_supervised"),
        ]

    @admin.display(description="roles")
    def roles_in_words(self, user: Any) -> str:
        return str(user.roles_in_words).capitalize()

    @admin.display(description="second step")
    def second_step(self, user: Any) -> str:
        return ", ".join(FACTOR_WORDS[kind] for kind in user.factors) or "None yet"

    @admin.display(description="account", ordering="is_active")
    def account(self, user: Any) -> str:
        if not user.is_active:
            return "Closed"
        return f"Open until {date_format(last_day(user.leaves_at), 'j F')}" if user.leaves_at else "Open"

    @admin.display(description="last sign-in", ordering="last_login", empty_value="Not yet")
    def last_sign_in(self, user: Any) -> Any:
        return user.last_login


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def reopen(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then open the account again."""
    found = get_object_or_404(User.objects.filter(kind=Kind.STAFF), pk=pk)
    if request.method == "POST":
        reactivate_staff(found, by=request.user, at=timezone.now())
        messages.success(request, "The account is open again.")
        return redirect("admin:accounts_user_changelist")
    return staff_page(request, "reopen.html", {"title": found.display_name, "person": found, "refusal": ""})
