"""What staff read for each kind of prompt, and the names by which choices are stored."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

# Title, and when to use it.
KIND_WORDS: Mapping[str, tuple[str, str]] = {
    "short_text": ("Short answer", "One line of words"),
    "long_text": ("Long answer", "As many words as they like"),
    "single_choice": ("One choice", "Pick one of several answers"),
    "multiple_choice": ("Several choices", "Pick as many as fit"),
    "checklist": ("Checklist", "Tick what is done"),
    "yes_no": ("Yes or no", "One of two"),
    "scale": ("Scale", "A row of numbers with words at both ends"),
    "before_after": ("Before and after", "The same scale twice"),
    "number": ("Number", "Minutes, cups, hours"),
    "date": ("Day", "A day in the calendar"),
    "time": ("Time", "A time on the clock"),
    "day_log": ("Day log", "One small entry each day"),
    "group": ("Repeating group", "The same few questions, a row each time"),
    "heading": ("Heading", "A title or an instruction; nothing to answer"),
}


def choices_from_lines(labels: Iterable[str], before: Iterable[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """Choices for these labels. A label keeps its value, and so does one that was reworded in its place.

    Conditions name values, so they go on working when words change.
    """
    known = list(before)
    labels = list(labels)
    values = {choice["label"]: choice["value"] for choice in known}
    if len(labels) == len(known):
        for label, choice in zip(labels, known, strict=True):
            if label not in values and choice["label"] not in labels:
                values[label] = choice["value"]
    taken = {values[label] for label in labels if label in values}
    choices = []
    for label in labels:
        value = values.get(label) or _free(label, taken)
        taken.add(value)
        choices.append({"value": value, "label": label})
    return choices


def condition_in_words(prompt: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> str:
    """When a prompt is shown, as in “Shown if “Are you well?” is yes”; empty if always."""
    condition = prompt.get("show_if")
    if not condition:
        return ""
    target = earlier.get(condition["prompt"])
    if target is None:
        return "Shown only after an answer that is gone"
    labels = {choice["value"]: choice["label"] for choice in target.get("choices", [])}
    values = list(condition["is"])
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        answers = f"{numbers[0]} to {numbers[-1]}"
    else:
        answers = " or ".join(str(labels.get(value, value)) for value in values)
    return f"Shown if “{target['text']}” is {answers}"


def _free(label: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "answer"
    numbered = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(value for value in numbered if value not in taken)
