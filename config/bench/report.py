"""What is printed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.bench.rounds import Target, ratio


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many times what the base costs."""

    target: str
    base: str
    times: float | None


LIMITS = (
    Limit("article", "bare", 2.0),
    Limit("unchanged", "bare", 1.5),
    Limit("cold", "bare", None),
    Limit("search", "bare", None),
    Limit("today", "plain", 2.5),
    Limit("autosave", "plain", 2.0),
    Limit("queue", "plain", None),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """How many queries a list makes with one row and with fifty."""

    name: str
    one: int
    fifty: int


def timing_lines(targets: Mapping[str, Target]) -> Iterator[str]:
    yield f"  {'':<28}{'times':>7}  {'half of the rounds':<20}{'target':<16}"
    for limit in LIMITS:
        target, base = targets[limit.target], targets[limit.base]
        found = ratio(target, base)
        wanted = f"≤ {limit.times:.1f} {limit.base}" if limit.times else f"(of {limit.base})"
        verdict = "" if limit.times is None else "PASS" if found.median <= limit.times else "over"
        between = f"{found.low:.2f} to {found.high:.2f}"
        yield f"  {target.name:<28}{found.median:>6.2f}×  {between:<20}{wanted:<16}{verdict}".rstrip()
    yield from compared(targets)


# What a stock project costs, and how our pages stand to one that keeps its connections.
COMPARED = (("plain", "bare"), ("kept", "bare"), ("today", "kept"), ("autosave", "kept"))


def compared(targets: Mapping[str, Target]) -> Iterator[str]:
    yield "For comparison"
    for name, base in COMPARED:
        found = ratio(targets[name], targets[base])
        between = f"{found.low:.2f} to {found.high:.2f}"
        yield f"  {targets[name].name:<28}{found.median:>6.2f}×  {between:<20}(of {targets[base].name})"


def query_lines(lists: Sequence[Listed]) -> Iterator[str]:
    yield f"  {'':<28}{'1 row':>7}{'50 rows':>9}"
    for one in lists:
        verdict = "PASS" if one.one == one.fifty else "over"
        yield f"  {one.name:<28}{one.one:>7}{one.fifty:>9}  {verdict}"
