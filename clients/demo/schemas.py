"""Short ways to write an exercise schema down."""

from typing import Any

Prompt = dict[str, Any]
Schema = dict[str, Any]


def schema(minutes: int, introduction: str, *prompts: Prompt, **scored: Any) -> Schema:
    whole: Schema = {"format": 1, "minutes": minutes, "introduction": introduction, "prompts": list(prompts)}
    return whole | {"scoring": None, "safety": []} | scored


def ask(id: str, kind: str, text: str, **more: Any) -> Prompt:
    return {"id": id, "kind": kind, "text": text, **more}


def out_of_ten(id: str, text: str, low: str, high: str, **more: Any) -> Prompt:
    return ask(id, "scale", text, min=0, max=10, low=low, high=high, **more)


def when(prompt: str, *values: str) -> dict[str, Any]:
    return {"prompt": prompt, "is": list(values)}


def choices(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]


def domain(id: str, name: str, example: str) -> list[Prompt]:
    """One part of life for the values exercise: how much it matters, and how much of it there was."""
    return [
        ask(id, "heading", name, help=example),
        out_of_ten(f"{id}_importance", "How much does this matter to you?", "hardly at all", "very much"),
        out_of_ten(f"{id}_consistency", "How much did you live by it this week?", "hardly at all", "very much"),
    ]
