"""The owner's weekly look, as it is read: what was unusual, why it is shown, and which weeks there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format

from clients.admin.audit_log import Names, names_of
from clients.services.weekly import Week, first_week, week_with
from clients.unusual import MANY_CLIENTS, MANY_COPIES, MANY_REFUSALS, NIGHT_BEGINS, NIGHT_ENDS, Finding, Rule
from practices.accounts.models import User

MOST_NAMES = 5
WEEKS_LISTED = 12
WHY: dict[Rule, tuple[str, str]] = {
    Rule.GLASS: ("Opened with a reason", "Somebody opened a colleague’s client. All of these are shown."),
    Rule.AFTER_CARE: ("After care ended", "Somebody opened a client who was no longer in their care."),
    Rule.MANY_CLIENTS: ("Many clients at once", f"More than {MANY_CLIENTS} different clients within one hour."),
    Rule.AT_NIGHT: ("At night", f"Between {NIGHT_BEGINS:%H:%M} and {NIGHT_ENDS:%H:%M}, by the clinic’s clock."),
    Rule.COPIES: ("Copies", f"{MANY_COPIES} copies or more in this week."),
    Rule.REFUSALS: ("Refused again and again", f"{MANY_REFUSALS} times or more within ten minutes."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding, as it is read; `clients` are names with the addresses of their pages."""

    when: str
    who: str
    role: str
    what: str
    clients: list[tuple[str, str]]
    more: int
    log: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one rule found."""

    title: str
    why: str
    lines: list[Line]


def sections_of(findings: Sequence[Finding], *, reader: User, zone: ZoneInfo) -> list[Section]:
    """Rule by rule, with the names that the reader may see. Two queries."""
    clients = {client for finding in findings for client in finding.clients}
    names = names_of(reader, {finding.actor for finding in findings}, {*clients})
    return [
        Section(*WHY[rule], [line_of(finding, names, zone) for finding in some])
        for rule, some in groupby(findings, key=lambda finding: finding.rule)
    ]


def line_of(finding: Finding, names: Names, zone: ZoneInfo) -> Line:
    first, last = finding.first.astimezone(zone), finding.last.astimezone(zone)
    asked = {"since": first.date().isoformat(), "until": last.date().isoformat()}
    if finding.actor in names.staff:
        asked["who"] = str(finding.actor)
    return Line(
        when=span(first, last),
        who=names.who(finding.actor, finding.role),
        role=finding.role,
        what=what_was_done(finding),
        clients=[(names.client(pk), names.url(pk)) for pk in finding.clients[:MOST_NAMES]],
        more=max(0, len(finding.clients) - MOST_NAMES),
        log=f"{reverse('admin:audit_log')}?{urlencode(asked)}",
    )


def span(first: datetime, last: datetime) -> str:
    """ "Tue 17 Nov, 23:10 to 23:40"."""
    begun = date_format(first, "D j M, H:i")
    if first.replace(second=0, microsecond=0) == last.replace(second=0, microsecond=0):
        return begun
    return f"{begun} to {date_format(last, 'H:i' if first.date() == last.date() else 'D j M, H:i')}"


def what_was_done(finding: Finding) -> str:
    often = "once" if finding.times == 1 else f"{finding.times} times"
    match finding.rule:
        case Rule.GLASS:
            return "Opened a colleague’s client"
        case Rule.COPIES:
            return f"Took {finding.times} copies"
        case Rule.REFUSALS:
            return f"Was refused {often}"
        case Rule.MANY_CLIENTS:
            return f"Opened {len(finding.clients)} different clients"
        case _:
            return f"Looked at clients’ work {often}"


@dataclass(frozen=True, slots=True)
class Weeks:
    """Where this week stands among those that can be looked at: the ones next to it, and the newest."""

    earlier: Week | None
    later: Week | None
    newest: list[Week]


def newest_week(*, at: datetime, zone: ZoneInfo) -> Week:
    """The last that is over."""
    return week_with(at, zone).moved(-1)


def week_of(monday: str, *, at: datetime, zone: ZoneInfo) -> tuple[Week, Weeks] | None:
    """The week that begins on this day, if it is over and something had happened by then; and its neighbours."""
    newest, first = newest_week(at=at, zone=zone), first_week(zone)
    try:
        week = Week(date.fromisoformat(monday), zone)
    except ValueError:
        return None
    begun = first.monday if first and first.monday < newest.monday else newest.monday
    # One address for each week: other ways to write the same day are none.
    if week.monday.isoformat() != monday or week.monday.weekday() or not begun <= week.monday <= newest.monday:
        return None
    listed = [newest.moved(-back) for back in range(WEEKS_LISTED)]
    return week, Weeks(
        week.moved(-1) if week.monday > begun else None,
        week.moved(1) if week.monday < newest.monday else None,
        [week for week in listed if week.monday >= begun],
    )
