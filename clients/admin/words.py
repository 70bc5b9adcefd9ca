"""Moments in the words of the desk."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format

from clients.recurrence import WEEKDAYS as BY_NAME
from clients.recurrence import parts_of, times_of


def day_in_words(moment: datetime, *, at: datetime, zone: ZoneInfo) -> str:
    """ "today", "yesterday", "tomorrow", a weekday up to six days away, else the date."""
    day, today = moment.astimezone(zone).date(), at.astimezone(zone).date()
    away = (day - today).days
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if away in near:
        return near[away]
    if abs(away) < 7:
        return date_format(day, "l")
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def moment_in_words(moment: datetime, *, at: datetime, zone: ZoneInfo) -> str:
    """The day in words and the time of day: "yesterday, 19:07"."""
    return f"{day_in_words(moment, at=at, zone=zone)}, {moment.astimezone(zone):%H:%M}"


def short_moment(moment: datetime, *, at: datetime, zone: ZoneInfo) -> str:
    """For the end of a line: the time today, "Yesterday", "Wed", else "12 Nov"."""
    local = moment.astimezone(zone)
    away = (at.astimezone(zone).date() - local.date()).days
    if away <= 0:
        return f"{local:%H:%M}"
    if away == 1:
        return "Yesterday"
    return date_format(local, "D" if away < 7 else "j M")


def capital(words: str) -> str:
    """For the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def names_of_days(numbers: Iterable[int]) -> str:
    """ "Monday", "Monday and Thursday"; from 0, Monday."""
    names = [str(WEEKDAYS[number]) for number in numbers]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def often_in_words(rule: str, *, starts_on: date) -> str:
    """ "once", "every day, 14 times", "every Monday, 4 times", "every 2 weeks on Monday, 4 times", "on 5 days"."""
    times, parts = times_of(rule), parts_of(rule)
    if not parts:
        return f"on {times} days" if times > 1 else "once"
    if parts["FREQ"] == "DAILY":
        return f"every day, {count_of(times, 'time')}"
    named = [BY_NAME.index(name) for name in parts["BYDAY"].split(",")] if "BYDAY" in parts else [starts_on.weekday()]
    every = f"every {parts['INTERVAL']} weeks on" if "INTERVAL" in parts else "every"
    return f"{every} {names_of_days(named)}, {count_of(times, 'time')}"


def count_of(number: int, thing: str) -> str:
    """ "1 day", "3 days"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def days_between(earlier: datetime, later: datetime, *, zone: ZoneInfo) -> int:
    """Whole days of the calendar from one moment to the other."""
    return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


def against_due(sent: datetime, due: datetime, *, zone: ZoneInfo) -> str:
    """How a sending stands to its due date: "on the day it was due", "3 days before it was due"."""
    early = days_between(sent, due, zone=zone)
    if early == 0:
        return "on the day it was due"
    return f"{count_of(abs(early), 'day')} {'before' if early > 0 else 'after'} it was due"
