"""When a client may be written to: by their own clock, not at night, and not before the hour they chose."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clients.recurrence import moment_on

DAY = timedelta(days=1)


def first_moment(at: datetime, zone: ZoneInfo, *, hour: int | None, quiet_until: int, quiet_from: int) -> datetime:
    """The first moment, now or later, at which a mail may go; hours are 0 to 24, `quiet_until` lies before `quiet_from`.

    An hour that lies in the night counts as the first after it.
    """
    begins = quiet_until if hour is None or not quiet_until <= hour < quiet_from else hour
    local = at.astimezone(zone)
    if begins <= local.hour < quiet_from:
        return at
    day = local.date() if local.hour < begins else local.date() + DAY
    return moment_on(day, time(begins), zone)
