"""Who takes over from somebody who leaves, and when."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms

from clients.admin.last_day import LastDayField, checked_day, moment_of
from clients.models import CareRelation
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.days import last_day_before
from practices.tenancy import current_clinic


class LeavingForm(forms.Form):
    """The last day, one colleague for all clients, and another one for some."""

    last_day = LastDayField(
        label="Their last day",
        help_text="Up to 60 days ahead: until its end they can still read about their clients. Leave it empty for now.",
    )
    keep_invitations = forms.BooleanField(
        required=False, label="Keep the invitations that they sent", help_text="Otherwise they are taken back."
    )

    def __init__(
        self, *args: Any, leaver: User, relations: Iterable[Any], sent: int, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if leaver.leaves_at:
            self.initial["last_day"] = last_day_before(leaver.leaves_at, current_clinic().zone)
        if not sent:
            del self.fields["keep_invitations"]
        self.at, self.relations = at, list(relations)
        staying = User.objects.with_role(Role.CLINICIAN).staying().exclude(pk=leaver.pk).order_by("display_name")
        self.colleagues = {str(user.pk): user for user in staying}
        names = [(pk, user.byline) for pk, user in self.colleagues.items()]
        self.alone: list[Any] = [row for row in self.relations if not getattr(row, "is_covered", False)]
        if self.alone:
            self.fields["everybody"] = forms.ChoiceField(
                choices=[("", "Choose a colleague"), *names], label="Who takes over", required=False
            )
        for relation in self.relations:
            self.fields[f"client-{relation.client_id}"] = forms.ChoiceField(
                choices=[("", self._otherwise(relation)), *names], label=relation.client.name, required=False
            )

    def clean_last_day(self) -> date | None:
        return checked_day(self.cleaned_data["last_day"], at=self.at)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and any(row.client_id not in self.heirs for row in self.alone):
            self.add_error("everybody", "Choose who takes over. No client may be left without a clinician.")
        return values

    @property
    def heirs(self) -> dict[UUID, User]:
        """By client id; who was chosen for one client alone, else for all whom nobody else has in care."""
        usual = self.cleaned_data.get("everybody", "")
        chosen = {row.client_id: self.cleaned_data.get(f"client-{row.client_id}", "") for row in self.relations}
        chosen |= {row.client_id: chosen[row.client_id] or usual for row in self.alone}
        return {client: self.colleagues[pk] for client, pk in chosen.items() if pk}

    @property
    def until(self) -> datetime:
        """The end of the last day on the clinic's clock, or now."""
        return moment_of(self.cleaned_data["last_day"], at=self.at)

    def _otherwise(self, relation: CareRelation) -> str:
        """What happens to this client if nobody is chosen for them alone."""
        return "As above" if relation in self.alone else "Stays with the colleague who has them"

    @property
    def by_heir(self) -> list[tuple[User, int]]:
        """Each colleague and how many clients they get."""
        heirs = list(self.heirs.values())
        return sorted(((heir, heirs.count(heir)) for heir in set(heirs)), key=lambda pair: pair[0].display_name)

    @property
    def client_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name.startswith("client-"))
