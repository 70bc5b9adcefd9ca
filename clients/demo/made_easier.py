"""What was agreed on and made easier: a plan, a smaller version, words for why not now, and a holiday ahead."""

from datetime import datetime, timedelta

from clients.demo.history import WEEKS, History
from clients.demo.people import People
from clients.models import Occurrence
from clients.recurrence import Timing, daily
from clients.services.answering import put_off
from clients.services.changing import offer_smaller
from clients.services.pausing import pause_work
from clients.services.planning import ask_for_plan, plan_work
from practices.models import Clinic

PLAN = "After supper, at the kitchen table, before I sit down with the phone."
WHY = "My sister has moved in for a while and there is no quiet corner. I would like to do it when she has her own key."
SMALLER, DIARY = "small-good-things", "last-hour"


def give_diary(history: History) -> None:
    """Somebody keeps a diary for fourteen days; it began four days ago."""
    slug = next(slug for slug in (DIARY, "right-now") if slug in history.exercises)
    history.give(slug, history.people.clients[4], Timing(history.week(WEEKS), days=1, rule=daily(14)), noted=True)


def seed_made_easier(clinic: Clinic, history: History, people: People, *, now: datetime) -> None:
    planner, busy, away = people.clients[0], people.clients[1], people.clients[2]
    in_hand = history.in_hand
    ask_for_plan(in_hand, at=now - timedelta(days=3))
    plan_work(in_hand, words=PLAN, confidence=7, by=planner.user, at=now - timedelta(days=3))
    smaller = history.exercises[SMALLER]
    offer_smaller(in_hand, exercise=smaller, by=people.clinician_of(planner), at=now - timedelta(days=2))
    waiting = Occurrence.objects.answerable(now).standing([Occurrence.State.OPEN]).filter(assignment__client=busy)
    if latest := waiting.order_by("-due_at").first():
        put_off(latest, reason=Occurrence.NotNow.OTHER, words=WHY, at=now - timedelta(hours=5))
    first = now.astimezone(clinic.zone).date() + timedelta(days=10)
    pause_work(away, first=first, last=first + timedelta(days=13), by=people.clinician_of(away), at=now)
