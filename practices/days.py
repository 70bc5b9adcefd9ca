"""Days and the moments at which they end: what goes on "until the 15th" ends as the 16th begins."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is no longer this day."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def last_day_before(moment: datetime, zone: ZoneInfo) -> date:
    """The last day on which something that ends at this moment goes on."""
    return (moment - timedelta(microseconds=1)).astimezone(zone).date()
