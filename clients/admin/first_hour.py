"""The first hour of a new clinic: what its owner does before the first client comes. Worked out from what is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, QuerySet
from django.urls import reverse

from clients.models import Client
from content.models import Article, Exercise
from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Act
from practices.models import Clinic
from practices.tenancy import current_clinic


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, where it is done, and whether it has been."""

    title: str
    why: str
    url: str
    done: bool


# What it is called in the query: title, why, page.
STEPS = {
    "contacts": ("Check the crisis contacts", "Clients find them on every page of theirs.", "admin:contacts_settings"),
    "colleagues": (
        "Invite your colleagues",
        "Each gets a link by mail and makes their own account.",
        "admin:invite_staff",
    ),
    "exercises": (
        "Copy starter exercises in",
        "They are yours from then on: change what you like.",
        "admin:content_exercise_library",
    ),
    "article": ("Publish a first article", "Its questions can be an exercise later.", "admin:content_article_add"),
    "client": ("Invite a first client", "They sign in with a code that we mail to them.", "admin:clients_client_add"),
}


def first_hour(owner: User) -> list[Step]:
    """The steps, or none: once all are done, once they were put away, and for whoever is not the owner. One query."""
    clinic = current_clinic()
    if clinic.first_hour_over or not owner.may(Act.MANAGE_CLINIC):
        return []
    done = what_is_done(owner)
    steps = [Step(title, why, reverse(page), done[name]) for name, (title, why, page) in STEPS.items()]
    return [] if all(step.done for step in steps) else steps


def what_is_done(owner: User) -> Mapping[str, bool]:
    there: dict[
        str, QuerySet[Invitation] | QuerySet[User] | QuerySet[Exercise] | QuerySet[Article] | QuerySet[Client]
    ] = {
        "invited": Invitation.objects.pending().filter(invited_by__isnull=False),
        "works_here": User.objects.staff().exclude(pk=owner.pk),
        "exercises": Exercise.objects.filter(article=None),
        "article": Article.objects.published(),
        "client": Client.objects.all(),
    }
    exist = {name: Exists(rows.order_by()) for name, rows in there.items()}
    found = Clinic.objects.filter(pk=current_clinic().pk).values("crisis_contacts", **exist).get()
    return {
        "contacts": bool(found["crisis_contacts"]),
        "colleagues": found["invited"] or found["works_here"],
        **{name: found[name] for name in ("exercises", "article", "client")},
    }
