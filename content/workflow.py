"""How an article comes to be published: which step may follow which, and what it takes. Readers see what was published last,
whatever step its next revision is at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from practices.accounts.permissions import Act


class Step(StrEnum):
    """What becomes of what is being written."""

    WRITING = ""
    IN_REVIEW = "in review"
    SCHEDULED = "scheduled"


class Move(StrEnum):
    """What staff do with it, besides writing."""

    SUBMIT = "send for review"
    TAKE_BACK = "take back from review"
    SEND_BACK = "send back to its writer"
    SCHEDULE = "schedule"
    UNSCHEDULE = "take off the schedule"
    LOOK_AGAIN = "change what was scheduled"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which steps, to which, and who may."""

    before: frozenset[Step]
    after: Step
    act: Act


RULES: Mapping[Move, Rule] = {
    Move.SUBMIT: Rule(frozenset({Step.WRITING}), Step.IN_REVIEW, Act.WRITE_ARTICLES),
    Move.TAKE_BACK: Rule(frozenset({Step.IN_REVIEW}), Step.WRITING, Act.WRITE_ARTICLES),
    Move.SEND_BACK: Rule(frozenset({Step.IN_REVIEW}), Step.WRITING, Act.PUBLISH_ARTICLES),
    Move.SCHEDULE: Rule(frozenset(Step), Step.SCHEDULED, Act.PUBLISH_ARTICLES),
    Move.UNSCHEDULE: Rule(frozenset({Step.SCHEDULED}), Step.WRITING, Act.PUBLISH_ARTICLES),
    # Somebody who may not publish changed it: whoever may looks once more before it appears.
    Move.LOOK_AGAIN: Rule(frozenset({Step.SCHEDULED}), Step.IN_REVIEW, Act.WRITE_ARTICLES),
    Move.PUBLISH: Rule(frozenset(Step), Step.WRITING, Act.PUBLISH_ARTICLES),
}


class StepError(Exception):
    """This can't be done with the article as it is now; somebody was quicker. The text says what it is."""


def after(move: Move, step: str) -> Step:
    """The step that follows. Raises StepError."""
    rule = RULES[move]
    if Step(step) not in rule.before:
        raise StepError(f"It is {step or 'a draft'} now, so this was not done.")
    return rule.after
