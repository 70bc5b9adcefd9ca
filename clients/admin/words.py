"""Moments in the words of the desk."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format


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
