"""Who takes over from somebody who leaves, and when."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms

from clients.models import CareRelation
from clients.services.handing_over import LONGEST_OVERLAP
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import current_clinic


class LeavingForm(forms.Form):
    """The last day, one colleague for all clients, and another one for some."""

    last_day = forms.DateField(
        required=False,
        label="Their last day",
        help_text="Up to 60 days ahead: until its end they still see their clients, beside the colleague. Leave it empty for now.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a date, such as 2026-11-30."},
    )

    def __init__(
        self, *args: Any, leaver: User, relations: Iterable[CareRelation], at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.relations = at, list(relations)
        staying = User.objects.with_role(Role.CLINICIAN).staying().exclude(pk=leaver.pk).order_by("display_name")
        self.colleagues = {str(user.pk): user for user in staying}
        names = [(pk, user.byline) for pk, user in self.colleagues.items()]
        if self.relations:
            self.fields["everybody"] = forms.ChoiceField(
                choices=[("", "Choose a colleague"), *names], label="Who takes over", required=False
            )
        for relation in self.relations:
            self.fields[f"client-{relation.client_id}"] = forms.ChoiceField(
                choices=[("", "As above"), *names], label=relation.client.name, required=False
            )

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        today = self.at.astimezone(current_clinic().zone).date()
        if day and day < today:
            raise forms.ValidationError("That day is over. Choose today or a later one, or leave it empty for now.")
        if day and day >= today + LONGEST_OVERLAP:
            raise forms.ValidationError("Choose a day within the next 60 days.")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.relations and not self.errors and len(self.heirs) < len({row.client_id for row in self.relations}):
            self.add_error("everybody", "Choose who takes over. No client may be left without a clinician.")
        return values

    @property
    def heirs(self) -> dict[UUID, User]:
        """By client id; whoever was not chosen for one client alone is the one for all."""
        usual = self.cleaned_data.get("everybody", "")
        chosen = {row.client_id: self.cleaned_data.get(f"client-{row.client_id}") or usual for row in self.relations}
        return {client: self.colleagues[pk] for client, pk in chosen.items() if pk}

    @property
    def until(self) -> datetime:
        """The end of the last day on the clinic's clock, or now."""
        day: date | None = self.cleaned_data["last_day"]
        return datetime.combine(day + timedelta(days=1), time(), current_clinic().zone) if day else self.at

    @property
    def by_heir(self) -> list[tuple[User, int]]:
        """Each colleague and how many clients they get."""
        heirs = list(self.heirs.values())
        return sorted(((heir, heirs.count(heir)) for heir in set(heirs)), key=lambda pair: pair[0].display_name)

    @property
    def client_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name.startswith("client-"))
