"""How the portal says things: pure functions of facts, so that each sentence can be tested."""

from collections.abc import Sequence
from datetime import date, datetime

from content.models import Exercise
from content.prompts.kinds import DayLog, Group, Prompt
from content.prompts.schema import SafetyRule, Schema
from content.prompts.words import Shown

VERBS = {
    Exercise.Kind.ARTICLE: "Read and answer",
    Exercise.Kind.CHECK_IN: "Answer",
    Exercise.Kind.MEASURE: "Answer",
    Exercise.Kind.PRACTICE: "Practise",
    Exercise.Kind.REFLECTION: "Write down",
    Exercise.Kind.WORKSHEET: "Work through",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def greeting(now: datetime) -> str:
    if 5 <= now.hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= now.hour < 18 else "Good evening"


def number_in_words(number: int) -> str:
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def count_in_words(number: int, noun: str) -> str:
    """ "one minute", "eight minutes", "20 minutes"."""
    return f"{number_in_words(number)} {noun}{'' if number == 1 else 's'}"


def names_in_words(names: Sequence[str], *, nobody: str) -> str:
    """ "Ruth", "Ruth and Tom", "Ruth, Tom and Ada"."""
    if not names:
        return nobody
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def plain_date(day: date, today: date) -> str:
    """ "Monday 2 November", with the year when it is another one."""
    words = f"{day:%A} {day.day} {day:%B}"
    return words if day.year == today.year else f"{words} {day.year}"


def day_in_words(day: date, today: date) -> str:
    """ "today", "yesterday", "tomorrow", "Monday" within six days, else with its date."""
    distance = (day - today).days
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if distance in near:
        return near[distance]
    return f"{day:%A}" if abs(distance) <= 6 else plain_date(day, today)


def on_day(day: date, today: date) -> str:
    """The same, in a sentence: "on Monday", but "yesterday"."""
    words = day_in_words(day, today)
    return words if abs((day - today).days) <= 1 else f"on {words}"


def part_of_day(moment: datetime) -> str:
    if moment.hour < 12:
        return "morning"
    return "afternoon" if moment.hour < 17 else "evening"


def due_in_words(due: datetime, now: datetime) -> str:
    """When it is wanted; being late is said plainly and closes nothing."""
    today = now.date()
    if due <= now:
        return f"Was due {on_day(due.date(), today)}; you can still send it"
    if due.date() == today:
        return f"By this {part_of_day(due)}"
    near = (due.date() - today).days <= 6
    return f"By {day_in_words(due.date(), today)}{f' {part_of_day(due)}' if near else ''}"


def opens_in_words(opens: datetime, now: datetime) -> str:
    return f"{day_in_words(opens.date(), now.date())} {part_of_day(opens)}"


def clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}"


def moment_in_words(moment: datetime, now: datetime) -> str:
    """ "14:02" today, "Tuesday 21:14" before."""
    if moment.date() == now.date():
        return clock(moment)
    return f"{day_in_words(moment.date(), now.date())} {clock(moment)}"


def saved_in_words(saved: datetime, now: datetime) -> str:
    return f"Saved {moment_in_words(saved, now)}"


def progress_in_words(done: int, questions: int) -> str:
    return f"{done} of {questions} answered" if done else "Not started yet"


def what_to_do(kind: str, title: str) -> str:
    return f"{VERBS[Exercise.Kind(kind)]}: {title}"


def answer_in_words(prompt: Prompt, value: object) -> str:
    """An answer as plain text, for where no layout is at hand."""
    shown = Shown(prompt=prompt, value=value)
    match shown.look:
        case "none":
            return "No answer"
        case "words":
            return str(value)
        case "list":
            return ", ".join(shown.labels)
        case "rows":
            assert isinstance(prompt, Group)
            return "\n".join(
                ", ".join(f"{part.prompt.text}: {answer_in_words(part.prompt, part.value)}" for part in row)
                for row in shown.rows
            )
        case "days":
            assert isinstance(prompt, DayLog)
            return "\n".join(
                ", ".join(part for part in (f"{day.date:%A} {day.date.day}", day.did_in_words, day.line) if part)
                for day in shown.logged
            )
    return shown.plain


def tripping_values(schema: Schema) -> dict[str, list[str]]:
    """For each prompt with a safety rule, the answers that trip it, as a form posts them."""
    found: dict[str, list[str]] = {}
    for rule in schema.safety:
        found.setdefault(rule.prompt, []).extend(str(value) for value in _trips(schema, rule))
    return found


def _trips(schema: Schema, rule: SafetyRule) -> Sequence[str | int]:
    prompt = schema.prompt(rule.prompt)
    if rule.at_least is None or prompt is None:
        return rule.values
    return [number for number in prompt.numbers() if number >= rule.at_least]
