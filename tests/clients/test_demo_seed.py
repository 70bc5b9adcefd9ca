"""The demo's seed: two clinics with people and twelve weeks of work, made through the services; a second run changes nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

from clients.demo.clinics import CLINICS, PASSWORD
from clients.management.commands.seed_demo import fill
from clients.models import Assignment, BreakGlass, CareRelation, Client, Occurrence, Response, SafetyAlert
from clients.models.people import clinicians_of
from content.models import Article, Author, Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from practices.outbox.models import OutboxMail
from practices.tenancy import inside
from tests.harness.browsers import Browser
from tests.harness.databases import Database, owner_rights


def counts() -> list[int]:
    return [model.objects.count() for model in (User, Client, CareRelation, Article, Exercise, Occurrence, Response)]


def test_the_seed_fills_two_clinics_once_with_a_story_that_can_be_read(
    fresh_database: Database, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_DIRECTORY = tmp_path
    with owner_rights():
        call_command("seed_demo")
    clinics = list(Clinic.objects.filter(schema_name__in=[demo.schema_name for demo in CLINICS]))
    first = {}
    for clinic in clinics:
        with inside(clinic):
            first[clinic] = counts()
            assert Article.objects.published().count() >= 6
            assert not Article.objects.filter(topics=None).exists()
            assert Article.objects.public().exclude(series=None).count() >= 2
            assert Author.objects.on_team_page().exclude(bio="").count() >= 4
            assert not Author.objects.filter(slug="").exists()
            assert Response.objects.submitted().count() > 50
            assert Response.objects.to_review().exists()
            assert SafetyAlert.objects.exists()
            assert Assignment.objects.filter(plan__isnull=False, smaller__isnull=False).exists()
            assert Assignment.objects.filter(repeat=Assignment.Repeat.DAILY).exists()
            assert Client.objects.exclude(pause_from=None).exists()
            assert not OutboxMail.objects.unsent().exists()

    with owner_rights():
        call_command("seed_demo")

    assert len(clinics) == 2
    for clinic in clinics:
        with inside(clinic):
            assert counts() == first[clinic]
    signs = json.loads((tmp_path / "people.json").read_text())
    assert {sign["password"] for sign in signs} == {PASSWORD, None}
    assert {sign["clinic"] for sign in signs} == {"platform", *(demo.schema_name for demo in CLINICS)}
    for clinic in clinics:
        with inside(clinic):
            then_a_colleague_stepped_in_for_an_hour_and_everybody_it_concerns_sees_it(clinic)


def then_a_colleague_stepped_in_for_an_hour_and_everybody_it_concerns_sees_it(clinic: Clinic) -> None:
    glass = BreakGlass.objects.get()
    away = clinicians_of(glass.client).get()
    owner = User.objects.with_role(Role.OWNER).get()

    def page(user: User, name: str) -> str:
        return Browser(clinic).sign_in(user).get(reverse(name)).content.decode()

    assert not BreakGlass.objects.current().exists()
    assert (glass.until - glass.starts_at, glass.ended_at) == (timedelta(hours=1), None)
    seen = page(glass.client.user, "portal:seen")
    assert "asked to see your work for one hour, and gave a reason" in seen
    assert "in place of your clinician, with a reason" in seen
    assert "on leave" in page(away, "admin:glass_openings")
    assert f"{glass.user.display_name} opened {glass.client.name} with a reason" in page(away, "admin:queue")
    assert glass.client.name in page(owner, "admin:glass_openings")
    assert "on leave" not in page(owner, "admin:glass_openings")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 0, 30, tzinfo=UTC),
        datetime(2026, 11, 27, 21, 0, 1, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # the clock goes forward
    ],
)
def test_the_story_can_be_told_at_any_hour(north: Clinic, now: datetime) -> None:
    fill(north, CLINICS[0], now=now)

    assert Response.objects.submitted().filter(submitted_at__lte=now).count() > 60
    assert not Response.objects.submitted().filter(submitted_at__gt=now).exists()
    assert Occurrence.objects.answerable(now).filter(due_at__gt=now).exists()
