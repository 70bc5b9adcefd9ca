"""What an event says, in words that an owner reads."""

from practices.audit.models import ANCHORS_MISSING, Action, AuditEvent

WORDS: dict[Action, str] = {
    Action.DENIED: "was refused something they may not do",
    Action.SIGN_IN_REFUSED: "tried to sign in and was refused",
    Action.CLIENT_OPENED: "opened a client’s page",
    Action.RESPONSE_OPENED: "read what a client sent",
    Action.RESPONSE_SUBMITTED: "sent their work",
    Action.RESPONSE_REVIEWED: "marked what a client sent as read",
    Action.GLASS_BROKEN: "opened a colleague’s client with a reason",
    Action.GLASS_CLOSED: "closed a colleague’s client again",
    Action.ALERT_RAISED: "an answer raised an alert",
    Action.ALERT_PASSED_ON: "an alert was passed on, since nobody had seen it",
    Action.ALERT_ACKNOWLEDGED: "said that they saw an alert",
    Action.CARE_GIVEN: "gave a client to a clinician",
    Action.CARE_ENDED: "took a client from a clinician",
    Action.WORK_ASSIGNED: "gave a client work",
    Action.WORK_WITHDRAWN: "took work back",
    Action.WORK_MOVED: "moved the day on which work is due",
    Action.NOTE_WRITTEN: "wrote a client a note with their work",
    Action.WORK_PLANNED: "said when and where they will do their work",
    Action.SMALLER_OFFERED: "offered a client a smaller version of their work",
    Action.SMALLER_TAKEN: "chose the smaller version of their work",
    Action.FULL_TAKEN: "chose the full version of their work again",
    Action.WORK_PAUSED: "gave a client a pause from their work",
    Action.WORK_RESUMED: "ended a client’s pause",
    Action.AUDIT_VERIFIED: "nightly check: no change to this log was found",
    Action.AUDIT_BROKEN: "nightly check: this log was changed",
    Action.AUDIT_EXPORTED: "took a copy of this log",
    Action.LOOK_CHANGED: "changed how the site looks",
    Action.SETTINGS_CHANGED: "changed the practice’s settings",
    Action.CONTENT_IMPORTED: "began to take in what another site has exported",
    Action.CONTENT_EXPORTED: "took a copy of all articles",
    Action.WEEK_READY: "the weekly look at who opened what was made ready",
}
# What was done for another reason than the usual one.
GROUNDS = {
    "supervision": ", as a supervisor",
    "handing over": ", after handing over",
    "break-glass": ", with a reason",
    "export": ", and took a copy",
    "print": ", and printed it",
}

# What an opening was for, said beside it.
PURPOSES = {
    "review": "To review it",
    "client page": "In their care",
    "supervision": "As a supervisor",
    "break-glass": "With a reason, for one hour",
    "export": "To take a copy",
    "print": "To print it",
}


def in_words(event: AuditEvent) -> str:
    """Without a name in it: who it was and whose it is stand beside it."""
    action = Action(event.action) if event.action in set(Action) else None
    said = WORDS.get(action, event.action) if action else event.action
    if action is Action.AUDIT_BROKEN:
        return f"nightly check: {fault_in_words(event)}"
    if action is Action.SETTINGS_CHANGED and event.purpose:
        return f"{said}: {event.purpose}"
    return said + (GROUNDS.get(event.purpose, "") if action in (Action.CLIENT_OPENED, Action.RESPONSE_OPENED) else "")


def fault_in_words(event: AuditEvent) -> str:
    """What a nightly check found, and what to do."""
    if event.purpose == ANCHORS_MISSING:
        return "the notes about this log that are kept elsewhere are missing. Speak to whoever runs the server"
    return f"this log was changed ({event.purpose}). Speak to whoever runs the server"


def choices() -> list[tuple[str, str]]:
    """Every kind of event, by its words."""
    return sorted(((str(action), WORDS.get(action, str(action))) for action in Action), key=lambda choice: choice[1])
