"""Totals and safety rules of scored exercises; pure, so that an old score can always be computed again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.prompts.schema import SafetyRule, Schema, Scoring

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SubscaleResult:
    label: str
    total: int | None
    maximum: int


@dataclass(frozen=True, kw_only=True)
class ScoreResult:
    """What the rule made of the answers. `total` is None when too many are missing; nothing is guessed then."""

    rule: str
    total: int | None
    maximum: int
    band: str | None
    answered: int
    expected: int
    subscales: tuple[SubscaleResult, ...] = ()


def score(schema: Schema, answers: Answers) -> ScoreResult | None:
    """The score of clean answers by the schema's own rule, or None for an exercise that has no score."""
    if schema.scoring is None:
        return None
    return _RULES[schema.scoring.rule](schema, schema.scoring, answers)


def safety_hits(schema: Schema, answers: Answers) -> list[str]:
    """The ids of the prompts whose answer must be acted on, in the schema's order of rules, each once."""
    hits = [rule.prompt for rule in schema.safety if rule.prompt in answers and _trips(rule, answers[rule.prompt])]
    return list(dict.fromkeys(hits))


def _trips(rule: SafetyRule, answer: Any) -> bool:
    if rule.at_least is not None:
        return int(answer) >= rule.at_least
    return any(value in rule.values for value in (answer if isinstance(answer, list) else [answer]))


def _sum(schema: Schema, scoring: Scoring, answers: Answers) -> ScoreResult:
    """Rule "sum": add the answers up, reversed items counted from the other end.

    If at most the allowed number of answers is missing, the total is prorated: the mean of those given times the number
    of items, to the nearest whole number, halves up (the convention of the PHQ instruction manual). A subscale is
    prorated by its share of the allowance, rounded down.
    """
    values = {prompt_id: _points(schema, scoring, prompt_id, answers) for prompt_id in scoring.prompts}
    given = [value for value in values.values() if value is not None]
    total = _prorated(list(values.values()), scoring.missing_allowed)
    band = next((band.label for band in scoring.bands if total is not None and band.low <= total <= band.high), None)
    subscales = tuple(
        SubscaleResult(
            label=subscale.label,
            total=_prorated(
                [values[prompt_id] for prompt_id in subscale.prompts],
                scoring.missing_allowed * len(subscale.prompts) // len(scoring.prompts),
            ),
            maximum=sum(_numbers(schema, prompt_id)[-1] for prompt_id in subscale.prompts),
        )
        for subscale in scoring.subscales
    )
    return ScoreResult(
        rule=scoring.rule,
        total=total,
        maximum=scoring.maximum,
        band=band,
        answered=len(given),
        expected=len(scoring.prompts),
        subscales=subscales,
    )


def _points(schema: Schema, scoring: Scoring, prompt_id: str, answers: Answers) -> int | None:
    if prompt_id not in answers:
        return None
    points = int(answers[prompt_id])
    numbers = _numbers(schema, prompt_id)
    return numbers[0] + numbers[-1] - points if prompt_id in scoring.reverse else points


def _numbers(schema: Schema, prompt_id: str) -> Sequence[int]:
    return next(prompt.numbers() for prompt in schema.prompts if prompt.id == prompt_id)


def _prorated(values: list[int | None], missing_allowed: int) -> int | None:
    given = [value for value in values if value is not None]
    if not given or len(values) - len(given) > missing_allowed:
        return None
    return (2 * sum(given) * len(values) + len(given)) // (2 * len(given))


_RULES: dict[str, Callable[[Schema, Scoring, Answers], ScoreResult]] = {"sum": _sum}
