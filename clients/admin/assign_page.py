"""What the page for giving work shows: choices with what the clients had before, and what they will see."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.http import QueryDict
from django.utils.formats import date_format

from clients.admin.assign_form import MOST_SESSIONS, AssignForm
from clients.admin.pause_page import PausePage
from clients.admin.words import day_in_words, often_in_words
from clients.models import Assignment, Client, Occurrence
from clients.recurrence import EVENING, MORNING, Timing
from clients.states import UNFINISHED
from content.models import Exercise
from practices.accounts.models import User
from practices.tenancy import current_clinic

SHOWN = 8
TO_DO = Q(state__in=UNFINISHED)


@dataclass(frozen=True, slots=True)
class Choice:
    """An exercise to choose, and what the chosen clients have had of it."""

    exercise: Exercise
    checked: bool
    known: str

    @property
    def kind(self) -> str:
        return self.exercise.get_kind_display().capitalize()

    @property
    def minutes(self) -> int:
        return int(self.exercise.current.schema["minutes"]) if self.exercise.current else 0


def ids(values: list[str]) -> set[UUID]:
    """Those of the texts that are ids."""
    found = set()
    for value in values:
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return found


def usual(asked: QueryDict, *, at: datetime, zone: ZoneInfo) -> QueryDict:
    """The usual choices, with what the link asks for: client, exercise, or the exercise of an article."""
    values = QueryDict(mutable=True)
    values.update({"often": "once", "times": "4", "days": "7", "starts_on": at.astimezone(zone).date().isoformat()})
    values.update({"every": "1", "around": "from", "opens": f"{MORNING:%H:%M}", "due": f"{EVENING:%H:%M}"})
    values.setlist("client", asked.getlist("client"))
    wanted = ids(asked.getlist("exercise"))
    article = ids(asked.getlist("article"))
    if article:
        wanted = set(Exercise.objects.assignable().filter(article__in=article).values_list("pk", flat=True))
    values.setlist("exercise", [str(pk) for pk in wanted][:1])
    values["from"] = asked.get("from", "")
    return values


class AssignPage:
    """The page for these values, checked or not. `form` is what is drawn: it has errors only if they are to be shown."""

    def __init__(self, staff: User, values: QueryDict, *, at: datetime, complain: bool = False) -> None:
        self.staff, self.values, self.at = staff, values, at
        self.zone = current_clinic().zone
        today = at.astimezone(self.zone).date()
        self.checked = AssignForm(values, staff=staff, today=today)
        self.checked.is_valid()
        initial: Any = values.dict() | {"on": values.getlist("on")}
        self.form = self.checked if complain else AssignForm(initial=initial, staff=staff, today=today)
        self.find = values.get("find", "").strip()
        self.came_from = "queue" if values.get("from") == "queue" else ""
        self.show_all = bool(values.get("all"))
        self.already: list[Assignment] = []
        self.must_look = False

    @cached_property
    def clients(self) -> list[tuple[Client, bool]]:
        """The caseload, and who is chosen."""
        chosen = ids(self.values.getlist("client"))
        return [(client, client.pk in chosen) for client in self.checked.caseload]

    @cached_property
    def chosen(self) -> list[Client]:
        return [client for client, checked in self.clients if checked]

    @cached_property
    def exercise(self) -> Exercise | None:
        exercise: Exercise | None = self.checked.cleaned_data.get("exercise")
        return exercise

    @cached_property
    def holders(self) -> list[Assignment]:
        """Who of the chosen has the chosen exercise now, and since when."""
        if not (self.exercise and self.chosen):
            return []
        held = Assignment.objects.unfinished().filter(version__exercise=self.exercise, client__in=self.chosen)
        newest = held.select_related("client").order_by("client", "-assigned_at").distinct("client")
        return sorted(newest.defer("note", "plan"), key=lambda one: one.client.name)

    @property
    def holders_shown(self) -> list[Assignment]:
        return self.holders[:SHOWN]

    def without_holders(self) -> QueryDict:
        """What was posted, but for those who have it."""
        values, held = self.values.copy(), {str(one.client_id) for one in self.holders}
        values.setlist("client", [pk for pk in values.getlist("client") if pk not in held])
        return values

    @cached_property
    def _matching(self) -> list[Choice]:
        """Whatever fits the search, by title; the chosen one stays in the list."""
        found = self.checked.exercises.order_by("title")
        if self.find:
            found = found.filter(Q(title__icontains=self.find) | Q(summary__icontains=self.find))
        exercises = [exercise for exercise in found if exercise != self.exercise]
        first = [self.exercise] if self.exercise else []
        history = self._history
        return [
            Choice(exercise, exercise == self.exercise, self._known(history.get(exercise.pk)))
            for exercise in [*first, *exercises]
        ]

    @property
    def choices(self) -> list[Choice]:
        return self._matching if self.show_all or self.find else self._matching[:SHOWN]

    @property
    def more(self) -> int:
        """How many there are in all, if some are not shown."""
        return len(self._matching) if len(self.choices) < len(self._matching) else 0

    @cached_property
    def _history(self) -> dict[UUID, dict[str, Any]]:
        if not self.chosen:
            return {}
        occurrences = Occurrence.objects.filter(assignment__client__in=self.chosen).counted()
        rows: Any = occurrences.values("assignment__version__exercise").annotate(
            done=Count("pk", filter=Q(state=Occurrence.State.SUBMITTED)),
            last=Max("submitted_at"),
            until=Max("due_at", filter=TO_DO),
            holders=Count("assignment__client", distinct=True, filter=TO_DO),
        )
        return {row["assignment__version__exercise"]: row for row in rows}

    def _known(self, row: dict[str, Any] | None) -> str:
        if not self.chosen:
            return ""
        if row is None:
            return "Not given before"
        if row["holders"] and len(self.chosen) > 1:
            return f"{row['holders']} of {len(self.chosen)} have it now"
        if row["holders"]:
            return f"Has it until {self._day(row['until'])}" if row["until"] > self.at else "Has it, late"
        times = {1: "once", 2: "twice"}.get(row["done"], f"{row['done']} times")
        return f"Done {times}, last {day_in_words(row['last'], at=self.at, zone=self.zone)}"

    def _day(self, moment: datetime) -> str:
        return date_format(moment.astimezone(self.zone), "j F")

    @property
    def names(self) -> str:
        """Who it is for, in words."""
        names = [client.name for client in self.chosen]
        if len(names) > 3:
            return f"{len(names)} clients"
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

    @property
    def first_name(self) -> str:
        return self.chosen[0].first_name if len(self.chosen) == 1 else "your client"

    @property
    def minutes(self) -> int:
        return next((choice.minutes for choice in self._matching if choice.checked), 0)

    @property
    def cover(self) -> Any:
        revision = self.exercise.current.revision if self.exercise and self.exercise.current else None
        return revision.cover if revision else None

    @cached_property
    def timing(self) -> Timing:
        return self.checked.timing

    @cached_property
    def spans(self) -> list[tuple[date, date]]:
        """First and last day of each time."""
        return list(self.timing.spans())

    @property
    def due(self) -> str:
        """When the first one is due."""
        due = self.timing.due
        return f"{date_format(self.spans[0][1], 'l j F')} {'in the evening' if due == EVENING else f'at {due:%H:%M}'}"

    @property
    def starts_later(self) -> str:
        """The day it opens, unless that is today."""
        first = self.spans[0][0]
        return date_format(first, "l j F") if first > self.checked.today else ""

    @property
    def opens(self) -> str:
        opens = self.timing.opens
        return "in the morning" if opens == MORNING else f"at {opens:%H:%M}"

    @property
    def often(self) -> str:
        return often_in_words(self.timing.rule, starts_on=self.timing.dates[0])

    @property
    def last(self) -> str:
        """The last of several days."""
        return date_format(self.spans[-1][1], "l j F Y" if self._other_year else "l j F")

    @property
    def days(self) -> list[str]:
        """Each time in few words: "Mon 16 Nov", "Mon 16 Nov to Sun 22 Nov"."""
        form = "D j M Y" if self._other_year else "D j M"
        return [" to ".join(dict.fromkeys(date_format(day, form) for day in span)) for span in self.spans]

    @property
    def _other_year(self) -> bool:
        return self.spans[-1][1].year != self.checked.today.year

    @property
    def was_seen(self) -> bool:
        """Somebody who gives work several times has seen on which days that is."""
        return self.timing.times == 1 or self.values.get("seen") == self.timing.mark

    @property
    def date_boxes(self) -> list[str]:
        """What stands in the inputs for days, and room for more."""
        filled = [value for value in self.values.getlist("dates") if value.strip()][:MOST_SESSIONS]
        return filled + [""] * min(max(4 - len(filled), 2), MOST_SESSIONS - len(filled))

    @property
    def pauses(self) -> list[str]:
        """Of whom a pause is on or ahead, which changes these days."""
        pages = [(client, PausePage(client, at=self.at)) for client in self.chosen]
        return [
            f"{client.name} has a pause, {page.present}. What would open then is left out, or opens after it."
            for client, page in pages
            if page.present and client.pause_from and client.pause_from <= self.spans[-1][1]
        ]

    @property
    def clock(self) -> str:
        """Whose clock counts, if it is not the clinic's."""
        zones = {client.zone(current_clinic()) for client in self.chosen} - {self.zone}
        if not zones:
            return ""
        return (
            f"By {self.first_name}’s clock: {zones.pop()}." if len(self.chosen) == 1 else "By each client’s own clock."
        )

    @property
    def note(self) -> str:
        return str(self.checked.cleaned_data.get("note", "")).strip()
