"""How one time of some work stands, as a chip: its words, and its icon."""

from datetime import datetime

from clients.models import Occurrence

State = Occurrence.State
FIXED = {
    State.SUBMITTED: ("Sent", "check"),
    State.SKIPPED: ("Left out", "clock"),
    State.REPLACED: ("Smaller version", "down"),
    State.WITHDRAWN: ("Taken back", "close"),
}


def chip_of(occurrence: Occurrence, *, at: datetime) -> tuple[str, str]:
    """What was missed is said, not shouted: no chip of a time is red."""
    if occurrence.state in FIXED:
        return FIXED[State(occurrence.state)]
    if occurrence.opens_at > at:
        return "To come", "calendar"
    if occurrence.is_put_off:
        return "Put off", "reply"
    if not occurrence.is_answerable(at):
        return "Not done", "half"
    return ("Begun", "draft") if occurrence.state == State.STARTED else ("Open", "open")


def in_hand(unfinished: list[Occurrence], *, at: datetime) -> Occurrence | None:
    """Of these times, in order, the latest that can be answered, else the next to come; nothing if all of them were missed."""
    answerable = (time for time in reversed(unfinished) if time.is_answerable(at))
    return next(answerable, None) or next((time for time in unfinished if time.opens_at > at), None)
