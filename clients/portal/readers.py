"""Who can read what a client sends, by name and by what they are to the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from clients.models import Client
from clients.models.people import clinicians_of, supervisions_of
from clients.portal import wording
from practices.accounts.models import User
from practices.tenancy import current_clinic


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who can read it, and why: "your clinician", "Ruth’s supervisor"."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Everybody who can read what this client sends from now on."""

    clinicians: Sequence[User]
    supervisors: Sequence[Reader]

    @property
    def named(self) -> list[Reader]:
        own = [Reader(name=clinician.display_name, why="your clinician") for clinician in self.clinicians]
        return [*own, *self.supervisors]

    @property
    def told(self) -> str:
        """Who is told of it, in words: the clinicians, not their supervisors."""
        names = [clinician.first_name for clinician in self.clinicians]
        return wording.names_in_words(names, nobody=current_clinic().name)


def readers_of(client: Client) -> Readers:
    """Two queries. Somebody who is both is named once, as the clinician."""
    clinicians = list(clinicians_of(client))
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
