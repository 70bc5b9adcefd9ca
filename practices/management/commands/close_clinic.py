"""Close a clinic that leaves."""

from practices.erasing import GRACE
from practices.management.resting import RestingCommand
from practices.resting import close_clinic


class Command(RestingCommand):
    help = f"The clinic's pages answer 503; {GRACE.days} days later it may be erased. Until then resume_clinic takes it back."
    act = staticmethod(close_clinic)
    done, not_done = f"is closing, and can be erased in {GRACE.days} days", "is closing already, or is the platform"
