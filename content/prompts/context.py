"""Which days a day log covers, and where today stands among them."""

from dataclasses import dataclass
from datetime import date, timedelta

from content.prompts.kinds import DayLog


@dataclass(frozen=True, kw_only=True)
class PromptContext:
    """When the work begins and what day it is now, both in the client's own time zone."""

    starts_on: date
    today: date

    def days(self, prompt: DayLog) -> list[date]:
        return [self.starts_on + timedelta(days=offset) for offset in range(prompt.days)]

    def open_days(self, prompt: DayLog) -> list[date]:
        """The days that can be written about: those up to today."""
        return [day for day in self.days(prompt) if day <= self.today]
