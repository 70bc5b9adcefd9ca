"""Open the two demo clinics and fill them, once."""

import json
import os
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clients.demo.clinics import CLINICS, OPERATOR, PASSWORD, DemoClinic
from clients.demo.comments import seed_comments
from clients.demo.history import WEEKS, History
from clients.demo.library import seed_articles, seed_exercises
from clients.demo.made_easier import give_diary, seed_made_easier
from clients.demo.people import seed_people, settle_statuses
from clients.demo.stepping_in import seed_stepping_in
from practices.accounts.factors import add_authenticator_app, app_seeds
from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.accounts.services import make_user
from practices.models import Clinic
from practices.opening import open_clinic
from practices.outbox.models import OutboxMail
from practices.tenancy import inside


class Command(BaseCommand):
    help = "Open the demo's clinics and fill them with twelve weeks of work. What is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        signs = self.seed_platform()
        for demo in CLINICS:
            clinic = open_clinic(schema_name=demo.schema_name, name=demo.name, host=demo.host, **demo.settings)
            with inside(clinic):
                if not User.objects.exists():
                    self.stdout.write(f"{demo.name}: people, articles and twelve weeks of work …")
                    fill(clinic, demo, now=now)
                signs += sign_ins(demo.schema_name)
        # Temporary name first: a reader never finds half a file.
        file = settings.DATA_DIRECTORY / "people.json"
        file.with_suffix(".new").write_text(json.dumps(signs, indent=1))
        os.replace(file.with_suffix(".new"), file)

    def seed_platform(self) -> list[dict[str, str | None]]:
        platform = open_clinic(
            schema_name="platform", name="Platform", host="platform.localhost", kind=Clinic.Kind.PLATFORM
        )
        with inside(platform), transaction.atomic():
            if not User.objects.exists():
                operator = make_user(email=OPERATOR, display_name="Operator", kind=Kind.OPERATOR)
                operator.set_password(PASSWORD)
                operator.save(update_fields=["password"])
                add_authenticator_app(operator, seed=generate_totp_secret())
            return sign_ins("platform")


@transaction.atomic
def fill(clinic: Clinic, demo: DemoClinic, *, now: datetime) -> None:
    """All of it or nothing: a seed that is killed begins anew."""
    begun = now - timedelta(weeks=WEEKS + 1)
    people = seed_people(demo, at=begun)
    seed_exercises(demo, people, at=begun)
    seed_articles(demo, people, at=begun)
    history = History(clinic, demo, people, now=now)
    give_diary(history)
    history.seed()
    seed_made_easier(clinic, history, people, now=now)
    seed_stepping_in(clinic, people, now=now)
    settle_statuses(demo, people)
    seed_comments(demo, people, now=now)
    # What would have been mailed in those weeks has long arrived.
    OutboxMail.objects.unsent().update(state=OutboxMail.State.SENT, sent_at=F("due_at"))


def sign_ins(schema_name: str) -> list[dict[str, str | None]]:
    """Who can sign in: staff by password and the code that `seed` makes, clients by a code from a mail."""
    seeds = app_seeds()
    return [
        {
            "clinic": schema_name,
            "role": user.roles_in_words,
            "name": user.byline,
            "email": user.email,
            "password": None if user.is_client else PASSWORD,
            "seed": seeds.get(user),
        }
        for user in User.objects.filter(is_active=True).order_by("kind", "created_at")
    ]
