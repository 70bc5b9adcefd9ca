"""The people of a demo clinic, made by the services that the pages use."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.mfa.totp.internal.auth import generate_totp_secret

from clients.demo.clinics import PASSWORD, DemoClinic
from clients.demo.words import CLIENTS, GUESTS, STAFF
from clients.models import Client
from clients.services.caseload import add_client
from clients.services.consenting import decide_consent
from content.models import Author
from content.services.shelves import keep_author
from practices.accounts.factors import add_authenticator_app
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.accounts.services.invitations import accept_invitation, invite_staff
from practices.accounts.services.supervising import begin_supervision

# Which clinician each client is with, by position: two full caseloads and one that begins.
CASELOADS = (0, 1, 0, 0, 1, 0, 2, 1, 0, 1, 0, 1)


@dataclass
class People:
    """Who there is, to be referred to while the rest is made."""

    staff: list[User] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    @property
    def owner(self) -> User:
        return next(user for user in self.staff if Role.OWNER in user.roles)

    @property
    def clinicians(self) -> list[User]:
        return [user for user in self.staff if Role.CLINICIAN in user.roles]

    @property
    def editor(self) -> User:
        return next(user for user in self.staff if Role.EDITOR in user.roles)

    def clinician_of(self, client: Client) -> User:
        return self.clinicians[CASELOADS[self.clients.index(client)]]


def seed_people(demo: DemoClinic, *, at: datetime) -> People:
    """Staff with passwords and bylines, and clients who came one after the other over twelve weeks."""
    people = People()
    for member in STAFF[demo.schema_name]:
        name = f"{member.first_name} {member.surname}"
        invitation = invite_staff(
            email=demo.email(member.first_name),
            roles=[Role[member.role.upper()]],
            by=people.owner if people.staff else None,
            at=at,
        )
        user = accept_invitation(
            invitation, display_name=name, credentials=member.credentials, password=PASSWORD, at=at
        )
        if Role.EDITOR not in user.roles:
            # The editor's first visit shows how a second step is set up.
            add_authenticator_app(user, seed=generate_totp_secret())
        people.staff.append(user)
        if member.credentials:
            about = {"name": name, "credentials": member.credentials, "bio": member.bio}
            keep_author(Author(**about, user=user, is_on_team_page=True))
    for supervisor in (user for user in people.staff if Role.SUPERVISOR in user.roles):
        for clinician in people.clinicians[1:]:
            begin_supervision(supervisor, over=clinician, until=None, by=people.owner, at=at)
    guest = GUESTS[demo.schema_name]
    keep_author(Author(name=guest.name, credentials=guest.credentials, bio=guest.bio))
    for number, person in enumerate(CLIENTS[demo.schema_name]):
        client = add_client(
            email=demo.email(person.first_name),
            first_name=person.first_name,
            last_name=person.surname,
            pronouns=person.pronouns,
            phone=person.telephone,
            clinician=people.clinicians[CASELOADS[number]],
            by=people.owner,
            at=at + timedelta(days=4 * (number % 5)),
        )
        if person.status != Client.Status.INVITED:
            decide_consent(client, agrees=True, by=client.user, at=at + timedelta(days=4 * (number % 5)))
        people.clients.append(client)
    return people


def settle_statuses(demo: DemoClinic, people: People) -> None:
    """Once the work has been given: who is active, paused, invited or has left."""
    for client, person in zip(people.clients, CLIENTS[demo.schema_name], strict=True):
        Client.objects.filter(pk=client.pk).update(status=person.status)
