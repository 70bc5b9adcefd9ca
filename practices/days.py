"""Days and the moments at which they end: what goes on "until the 15th" ends as the 16th begins."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is no longer this day."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def last_day_before(moment: datetime, zone: ZoneInfo) -> date:
    """The last day on which something that ends at this moment goes on."""
    return (moment - timedelta(microseconds=1)).astimezone(zone).date()


class NoSuchMomentError(ValueError):
    """The clocks jump over this moment; the text says so."""


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock on the wall shows this, in UTC; of two such moments, as clocks go back, the first.

    Raises NoSuchMomentError, also for a day so far away that no calendar has it.
    """
    moment = datetime.combine(day, at.replace(tzinfo=None, fold=0), zone)
    try:
        exact = moment.astimezone(UTC)
        again = exact.astimezone(zone)
    except OverflowError:
        raise NoSuchMomentError("Choose a day within the next years.") from None
    if again.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise NoSuchMomentError("The clocks go forward that day, and jump over this time. Choose another one.")
    return exact
