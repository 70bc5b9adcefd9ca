"""What becomes of work: which states there are, who may take them where, and by which service. docs/states.md is drawn from this.

What the clock alone decides (to come, late, closed by the next time) is no state: see clients/models/work.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class AssignmentState(StrEnum):
    """Of work that was given. Not a column: what was taken back has `withdrawn_at`."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class OccurrenceState(StrEnum):
    """Of one time that it is to be done."""

    OPEN = "open"
    STARTED = "started"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class ResponseState(StrEnum):
    """Of what a client writes."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class AlertState(StrEnum):
    """Of what an answer set off. Not a column: what was seen has `acknowledged_at`."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"


class Who(StrEnum):
    """Who takes it further. Which rows are theirs is for the QuerySets to say."""

    CLIENT = "the client"
    CLINICIAN = "a clinician in care"
    CLOCK = "the clock"


class Move(StrEnum):
    """What can be done, by the name of the service that does it."""

    ASSIGN = "assign_work"
    ASK = "ask_for_plan"
    PLAN = "plan_work"
    BEGIN = "begin"
    SAVE = "save_draft"
    PUT_OFF = "put_off"
    SUBMIT = "submit_response"
    MOVE_DUE = "move_due"
    OFFER_SMALLER = "offer_smaller"
    GIVE_WAY = "give_way"
    COME_BACK = "come_back"
    LEAVE_OUT = "leave_out"
    HOLD_OFF = "hold_off"
    BRING_BACK = "bring_back"
    WRITE_NOTE = "write_note"
    WITHDRAW = "withdraw_work"
    ACKNOWLEDGE = "acknowledge_alert"
    PASS_ON = "pass_alerts_on"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, and to which. Without `before` it makes the row; without `after` the row stays where it is."""

    who: Who
    before: tuple[StrEnum, ...] = ()
    after: StrEnum | None = None


class StateError(Exception):
    """This can't be done with it as it is now. The text says why, to whoever tried."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one kind of row. `reasons` says of each why what can't be done any more can't."""

    name: str
    reasons: Mapping[StrEnum, str]
    rules: Mapping[Move, Rule]
    # Whether the state is a column of its own, or follows from a moment that was written down.
    has_column: bool = True

    def before(self, move: Move) -> tuple[StrEnum, ...]:
        """From where it can be done."""
        return self.rules[move].before

    def may(self, move: Move, state: str) -> bool:
        return state in self.before(move)

    def check(self, move: Move, state: str) -> None:
        """Raise StateError unless it can be done from this state."""
        if not self.may(move, state):
            raise StateError(self.reason(state))

    def after(self, move: Move, state: str) -> StrEnum | str:
        """Where it leads from this state. Raises StateError."""
        self.check(move, state)
        return self.rules[move].after or state

    def reason(self, state: str) -> str:
        return next(words for known, words in self.reasons.items() if known == state)

    @property
    def final(self) -> tuple[StrEnum, ...]:
        """The states from which nothing leads elsewhere."""
        leading = {state for rule in self.rules.values() if rule.after for state in rule.before if state != rule.after}
        return tuple(state for state in self.reasons if state not in leading)


ASSIGNMENT = Machine(
    "assignment",
    reasons={
        AssignmentState.GIVEN: "It was given already.",
        AssignmentState.WITHDRAWN: "It was taken back.",
    },
    rules={
        Move.ASSIGN: Rule(Who.CLINICIAN, after=AssignmentState.GIVEN),
        Move.ASK: Rule(Who.CLIENT, (AssignmentState.GIVEN,)),
        Move.PLAN: Rule(Who.CLIENT, (AssignmentState.GIVEN,)),
        Move.WRITE_NOTE: Rule(Who.CLINICIAN, (AssignmentState.GIVEN,)),
        Move.OFFER_SMALLER: Rule(Who.CLINICIAN, (AssignmentState.GIVEN,)),
        Move.WITHDRAW: Rule(Who.CLINICIAN, (AssignmentState.GIVEN,), AssignmentState.WITHDRAWN),
    },
    has_column=False,
)

# What is still to be sent, now or later.
UNFINISHED = (OccurrenceState.OPEN, OccurrenceState.STARTED)
OCCURRENCE = Machine(
    "occurrence",
    reasons={
        OccurrenceState.OPEN: "It is open, and nothing was written yet.",
        OccurrenceState.STARTED: "It was begun already.",
        OccurrenceState.SUBMITTED: "It was sent already.",
        OccurrenceState.SKIPPED: "It was left out, because of a pause.",
        OccurrenceState.REPLACED: "The other version of it is done instead.",
        OccurrenceState.WITHDRAWN: "It was taken back.",
    },
    rules={
        Move.ASSIGN: Rule(Who.CLINICIAN, after=OccurrenceState.OPEN),
        Move.BEGIN: Rule(Who.CLIENT, (OccurrenceState.OPEN,), OccurrenceState.STARTED),
        Move.SAVE: Rule(Who.CLIENT, UNFINISHED),
        Move.PUT_OFF: Rule(Who.CLIENT, UNFINISHED),
        Move.SUBMIT: Rule(Who.CLIENT, UNFINISHED, OccurrenceState.SUBMITTED),
        Move.MOVE_DUE: Rule(Who.CLINICIAN, UNFINISHED),
        Move.GIVE_WAY: Rule(Who.CLIENT, UNFINISHED, OccurrenceState.REPLACED),
        Move.COME_BACK: Rule(Who.CLIENT, (OccurrenceState.REPLACED,), OccurrenceState.STARTED),
        Move.LEAVE_OUT: Rule(Who.CLINICIAN, (OccurrenceState.OPEN,), OccurrenceState.SKIPPED),
        Move.HOLD_OFF: Rule(Who.CLINICIAN, UNFINISHED),
        Move.BRING_BACK: Rule(Who.CLINICIAN, (OccurrenceState.SKIPPED,), OccurrenceState.OPEN),
        Move.WITHDRAW: Rule(Who.CLINICIAN, UNFINISHED, OccurrenceState.WITHDRAWN),
    },
)

RESPONSE = Machine(
    "response",
    reasons={
        ResponseState.DRAFT: "It was not sent yet.",
        ResponseState.SUBMITTED: "It was sent already.",
    },
    rules={
        Move.BEGIN: Rule(Who.CLIENT, after=ResponseState.DRAFT),
        Move.SAVE: Rule(Who.CLIENT, (ResponseState.DRAFT,)),
        Move.SUBMIT: Rule(Who.CLIENT, (ResponseState.DRAFT,), ResponseState.SUBMITTED),
    },
)

ALERT = Machine(
    "alert",
    reasons={
        AlertState.RAISED: "Nobody has seen it yet.",
        AlertState.ACKNOWLEDGED: "Somebody has seen it already.",
    },
    rules={
        Move.SUBMIT: Rule(Who.CLIENT, after=AlertState.RAISED),
        Move.ACKNOWLEDGE: Rule(Who.CLINICIAN, (AlertState.RAISED,), AlertState.ACKNOWLEDGED),
        Move.PASS_ON: Rule(Who.CLOCK, (AlertState.RAISED,)),
    },
    has_column=False,
)

MACHINES = (ASSIGNMENT, OCCURRENCE, RESPONSE, ALERT)


def arrows(machine: Machine) -> Iterator[str]:
    """The machine in Mermaid's words."""
    for move, rule in machine.rules.items():
        for state in rule.before or ("[*]",):
            yield f"    {state} --> {rule.after or state}: {move}, by {rule.who}"
    for state in machine.final:
        yield f"    {state} --> [*]"


HEAD = """# States

Drawn from the tables in `clients/states.py` by `manage.py draw_states`; a test compares. On each arrow stand the service and
who uses it. What the clock decides (to come, late, closed by the next time) is no state.
"""


def drawn() -> str:
    """All of them as a page; docs/states.md holds it, and a test compares."""
    return HEAD + "".join(
        f"\n## {machine.name.capitalize()}\n\n"
        + "\n".join(["```mermaid", "stateDiagram-v2", *arrows(machine), "```"])
        + "\n\n| state | said of what can't be done any more |\n|---|---|\n"
        + "".join(f"| {state} | {words} |\n" for state, words in machine.reasons.items())
        for machine in MACHINES
    )
