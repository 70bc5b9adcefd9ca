"""On what grounds a member of staff reads what a client sent: care, a hand-over, supervision, a broken glass."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clients.models.people import BreakGlass, CareRelation, Client, acting_for, supervisees_of
from practices.accounts.models import User
from practices.accounts.permissions import Act


class Ground(StrEnum):
    """Why somebody may read; anything but care is read only."""

    CARE = "care"
    HANDING_OVER = "handing over"
    SUPERVISION = "supervision"
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """That a member of staff reads a client, and why: through which supervisees, until when and who has taken
    over, or by which broken glass."""

    ground: Ground
    supervisees: tuple[User, ...] = ()
    glass: BreakGlass | None = None
    until: datetime | None = None
    successors: tuple[User, ...] = ()

    @property
    def is_care(self) -> bool:
        return self.ground is Ground.CARE

    def purpose(self, usual: str) -> str:
        """What the audit says it was read for: the usual in care, else the ground."""
        return usual if self.is_care else self.ground.value


def reading_of(client: Client, *, staff: User) -> Reading | None:
    """Why this member of staff may read the client, care before anything else; None if they may not."""
    if Client.objects.in_care_of(staff).filter(pk=client.pk).exists():
        return Reading(ground=Ground.CARE)
    if staff.may(Act.READ_RESPONSES):
        handed_over = CareRelation.objects.handing_over().filter(client=client, clinician=staff).first()
        if handed_over:
            successors = tuple(acting_for(client))
            return Reading(ground=Ground.HANDING_OVER, until=handed_over.ends_at, successors=successors)
    if staff.may(Act.SUPERVISE):
        care = CareRelation.objects.current().filter(client=client)
        supervisees = tuple(supervisees_of(staff).filter(pk__in=care.values("clinician")))
        if supervisees:
            return Reading(ground=Ground.SUPERVISION, supervisees=supervisees)
    if staff.may(Act.BREAK_GLASS):
        glass = BreakGlass.objects.current().filter(client=client, user=staff).defer("reason").first()
        if glass:
            return Reading(ground=Ground.BREAK_GLASS, glass=glass)
    return None
