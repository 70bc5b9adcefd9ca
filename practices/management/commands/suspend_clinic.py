"""Let a clinic rest."""

from practices.management.resting import RestingCommand
from practices.resting import suspend_clinic


class Command(RestingCommand):
    help = "The clinic's pages answer 503 and its tasks wait, until it is resumed; nothing is deleted."
    act = staticmethod(suspend_clinic)
    done, not_done = "is suspended", "was not open"
