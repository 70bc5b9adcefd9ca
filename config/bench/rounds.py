"""Measuring in turns: on a machine with other work, only what was measured side by side can be compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles

from config.bench.wire import Answer, Wire

WARM_UP = 30


class UnexpectedAnswerError(Exception):
    """A page did not answer as it should, so that its time says nothing."""


def ignore(answer: Answer) -> None:
    """Nothing in the answer is needed for the next request."""


@dataclass
class Target:
    """One kind of request. `request` is called before each and not timed; `answered` sees what came back."""

    name: str
    wire: Wire
    request: Callable[[], bytes]
    expected: int = 200
    answered: Callable[[Answer], None] = ignore
    rounds: list[float] = field(default_factory=list)

    def once(self) -> float:
        """Seconds of one request. Raises UnexpectedAnswerError."""
        answer = self.wire.ask(self.request())
        if answer.status != self.expected:
            raise UnexpectedAnswerError(f"{self.name} answered {answer.status} instead of {self.expected}.")
        self.answered(answer)
        return answer.seconds


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the other's time, round by round: the median, and between what half of the rounds lay."""

    median: float
    low: float
    high: float


def measure(targets: Sequence[Target], *, rounds: int, each: int) -> None:
    """Give every target a few requests in each round, in an order that changes."""
    order = list(targets)
    chance = Random(rounds)  # noqa: S311 - only the order
    for target in order:
        for _ in range(WARM_UP):
            target.once()
    for _ in range(rounds):
        chance.shuffle(order)
        for target in order:
            target.once()  # another server has just had the processor's caches
            target.rounds.append(median(target.once() for _ in range(each)))


def ratio(target: Target, base: Target) -> Ratio:
    return ratio_of(target.rounds, base.rounds)


def ratio_of(times: Sequence[float], base: Sequence[float]) -> Ratio:
    low, middle, high = quantiles((a / b for a, b in zip(times, base, strict=True)), n=4)
    return Ratio(middle, low, high)
