"""Clients as a list, and the forms by which they are added and changed."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clients.admin.assign_form import caseload
from clients.admin.assign_views import assign_to
from clients.admin.client_forms import ChangeClientForm, NewClientForm
from clients.admin.words import moment_in_words
from clients.models import CareRelation, Client, Occurrence
from clients.models.work import OccurrenceQuerySet
from clients.services.caseload import add_client, change_client
from practices.accounts.access import UserRequest
from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Act, Role
from practices.accounts.services import AddressTakenError
from practices.tenancy import current_clinic


class ClientList(ChangeList):
    """Each line leads to the client page, not to a form."""

    def url_for_result(self, result: Any) -> str:
        return reverse("admin:client", args=[result.pk])


class ClinicianFilter(admin.SimpleListFilter):
    """Those in the care of one clinician; offered to whoever sees more than their own caseload."""

    title = "clinician"
    parameter_name = "clinician"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not (isinstance(request.user, User) and request.user.may(Act.GIVE_CARE)):
            return []
        clinicians = User.objects.with_role(Role.CLINICIAN).order_by("display_name")
        return [(str(pk), name) for pk, name in clinicians.values_list("pk", "display_name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Client]) -> QuerySet[Client]:
        known = {value for value, _ in self.lookup_choices}
        if self.value() not in known:
            return queryset
        in_care = CareRelation.objects.acting().filter(clinician=UUID(self.value()))
        return queryset.filter(pk__in=in_care.values("client"))


def count_per_client(occurrences: OccurrenceQuerySet) -> Any:
    """How many of these each client of the outer query has."""
    own = occurrences.filter(assignment__client=OuterRef("pk")).order_by().values("assignment__client")
    counted = Subquery(own.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Coalesce(counted, 0)


def with_state_of_work(clients: QuerySet[Client], *, at: datetime) -> QuerySet[Client]:
    """Add clinicians, open and late work and the last sending, in the same query."""
    care = CareRelation.objects.acting().filter(client=OuterRef("pk")).order_by("clinician__display_name")
    sent = Occurrence.objects.filter(assignment__client=OuterRef("pk")).order_by().values("assignment__client")
    return clients.annotate(
        clinicians=ArraySubquery(care.values("clinician__display_name")),
        open_work=count_per_client(Occurrence.objects.answerable(at)),
        late_work=count_per_client(Occurrence.objects.answerable(at).overdue(at)),
        last_sent_at=Subquery(sent.annotate(last=Max("submitted_at")).values("last")),
    )


@admin.register(Client)
class ClientAdmin(GrantedAdmin):
    act_to_view = Act.LIST_CLIENTS
    act_to_add = Act.ADD_CLIENTS
    act_to_change = Act.ADD_CLIENTS
    list_display = ["name", "status", "clinician", "open", "late", "last_sent"]
    list_filter = ["status", ClinicianFilter]
    search_fields = ["first_name", "last_name"]
    search_help_text = "A first or last name."
    ordering = ["first_name", "last_name", "pk"]
    list_per_page = 50
    show_full_result_count = False
    actions = ("assign_chosen", "hand_over_chosen")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """To give work is for clinicians; to hand over, for those who say which clinician a client is with."""
        acts = {"assign_chosen": Act.ASSIGN_WORK, "hand_over_chosen": Act.GIVE_CARE}
        found = super().get_actions(request)
        return {name: action for name, action in found.items() if name in acts and self._may(request, acts[name])}

    @admin.action(description="Give work")
    def assign_chosen(self, request: UserRequest, clients: QuerySet[Client]) -> HttpResponse | None:
        """On to the page for giving work, with those of them who are in the clinician's own care; however many they are."""
        mine = caseload(request.user).filter(pk__in=clients.order_by().values("pk"))
        chosen = [str(pk) for pk in mine.values_list("pk", flat=True)]
        if not chosen:
            messages.error(request, "None of these clients can be given work: they are not in your care, or have left.")
            return None
        if len(chosen) < clients.count():
            messages.warning(request, "Those who are not in your care, or have left, are left out.")
        return assign_to(request, chosen)

    @admin.action(description="Hand over to a colleague")
    def hand_over_chosen(self, request: HttpRequest, clients: QuerySet[Client]) -> HttpResponse:
        """On to the page that asks to whom, and until when."""
        chosen = [("client", str(pk)) for pk in clients.values_list("pk", flat=True)[: self.list_per_page]]
        return redirect(f"{reverse('admin:hand_over')}?{urlencode(chosen)}")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        mine = Client.objects.visible_to(request.user) if isinstance(request.user, User) else Client.objects.none()
        return with_state_of_work(mine.defer("contact"), at=timezone.now()).order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever only reads a client changes nothing about them."""
        may = super().has_change_permission(request, obj)
        if obj is None or not may:
            return may
        assert isinstance(request.user, User)
        return Client.objects.arranged_by(request.user).filter(pk=obj.pk).exists()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ClientList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra = {"title": "Clients", "may_break_glass": self._may(request, Act.BREAK_GLASS)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = ChangeClientForm if change else NewClientForm
        return super().get_form(request, obj, change, **(kwargs | {"form": form}))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = ["first_name", "last_name", "pronouns"]
        if obj:
            return [*names, "status"]
        return [*names, "email", "phone", *(["clinician"] if self._may(request, Act.GIVE_CARE) else [])]

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        values = form.cleaned_data
        assert isinstance(request.user, User)
        if change:
            change_client(obj, by=request.user, at=timezone.now(), **values)
            return
        # A clinician adds clients to their own caseload.
        chosen = values.pop("clinician")
        clinician = chosen if request.user.may(Act.GIVE_CARE) else request.user
        made = add_client(clinician=clinician, by=request.user, at=timezone.now(), **values)
        obj.pk, obj.channel = made.pk, made.channel

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        try:
            return super().changeform_view(request, object_id, form_url, buttons | (extra_context or {}))
        except AddressTakenError as error:
            # Two people added the same address in the same moment.
            messages.error(request, str(error))
            return redirect("admin:clients_client_changelist")

    def response_add(self, request: HttpRequest, obj: Client, post_url_continue: Any = None) -> HttpResponse:
        by_mail = obj.channel == Client.Channel.MAIL
        way_in = "A mail with the way in is on its way to them." if by_mail else "Now print a slip with the way in."
        messages.success(request, f"Added. {way_in}")
        assert isinstance(request.user, User)
        visible = Client.objects.visible_to(request.user).filter(pk=obj.pk).exists()
        return redirect("admin:client", pk=obj.pk) if visible else redirect("admin:clients_client_changelist")

    def response_change(self, request: HttpRequest, obj: Client) -> HttpResponse:
        messages.success(request, "Changed.")
        return redirect("admin:client", pk=obj.pk)

    @admin.display(description="name", ordering="first_name")
    def name(self, client: Any) -> str:
        return str(client.name)

    @admin.display(description="clinician")
    def clinician(self, client: Any) -> str:
        return ", ".join(client.clinicians) or "nobody yet"

    @admin.display(description="open", ordering="open_work")
    def open(self, client: Any) -> int:
        return int(client.open_work)

    @admin.display(description="late", ordering="late_work")
    def late(self, client: Any) -> int:
        return int(client.late_work)

    @admin.display(description="last sent", ordering="last_sent_at", empty_value="–")
    def last_sent(self, client: Any) -> str | None:
        if client.last_sent_at is None:
            return None
        words = moment_in_words(client.last_sent_at, at=timezone.now(), zone=current_clinic().zone)
        return words[0].upper() + words[1:]
