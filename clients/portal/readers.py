"""Who can read what a client sends, by name and by what they are to the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.formats import date_format

from clients.models import CareRelation, Client
from clients.models.people import clinicians_of, supervisions_of
from clients.portal import wording
from practices.days import last_day_before
from practices.tenancy import current_clinic


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who can read it, and why: "your clinician", "Ruth’s supervisor"."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Everybody who can read what this client sends from now on."""

    clinicians: Sequence[Any]
    supervisors: Sequence[Reader]

    @property
    def named(self) -> list[Reader]:
        own = [Reader(name=clinician.display_name, why=self._why(clinician)) for clinician in self.clinicians]
        return [*own, *self.supervisors]

    @property
    def told(self) -> str:
        """Who is told of it, in words: the clinicians, not their supervisors, nor who has handed over."""
        names = [clinician.first_name for clinician in self.clinicians if clinician.reads_until is None]
        return wording.names_in_words(names, nobody=current_clinic().name)

    @staticmethod
    def _why(clinician: Any) -> str:
        """ "your clinician", "your clinician until 15 December"."""
        until = clinician.reads_until
        if until is None:
            return "your clinician"
        return f"your clinician until {date_format(last_day_before(until, current_clinic().zone), 'j F')}"


def readers_of(client: Client) -> Readers:
    """Two queries. Somebody who is both is named once, as the clinician."""
    own_care = CareRelation.objects.current().filter(client=client, clinician=OuterRef("pk"))
    until = own_care.order_by(F("ends_at").desc(nulls_first=True)).values("ends_at")[:1]
    clinicians = list(clinicians_of(client).annotate(reads_until=Subquery(until)))
    known = {clinician.pk for clinician in clinicians}
    supervisions = [one for one in supervisions_of(client) if one.supervisor_id not in known]
    supervisors = [
        Reader(name=supervisor.display_name, why=supervisor_of([one.supervisee.first_name for one in found]))
        for supervisor, found in groupby(supervisions, key=lambda one: one.supervisor)
    ]
    return Readers(clinicians=clinicians, supervisors=supervisors)


def supervisor_of(names: Sequence[str]) -> str:
    """ "Ruth’s supervisor", "Ruth’s and Tom’s supervisor"."""
    return f"{wording.names_in_words([f'{name}’s' for name in names], nobody='a')} supervisor"
