"""Let a suspended clinic go on."""

from practices.management.resting import RestingCommand
from practices.resting import resume_clinic


class Command(RestingCommand):
    help = "A suspended clinic answers again, and its tasks go on."
    act = staticmethod(resume_clinic)
    done, not_done = "is open", "was not suspended"
