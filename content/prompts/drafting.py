"""The acts of the exercise builder: each takes a draft, leaves it as it was, and gives a new one.

A draft is a document of JSON: title, kind and summary beside what a schema has. Its prompts may not fit together yet;
`problems` says what is missing. What was removed last stays in it, to be put back.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from content.prompts.kinds import KINDS, NOT_IN_GROUPS
from content.prompts.schema import FORMAT, PROMPT_LIMIT

Document = dict[str, Any]
PromptData = dict[str, Any]

IN_GROUP_LIMIT = 20
_SCHEMA = ("minutes", "introduction", "prompts", "scoring", "safety", "measure")


class DraftError(ValueError):
    """An act that can't be done; the text says why, and what to do."""


def new_draft(*, title: str, kind: str, summary: str = "", minutes: int = 5, introduction: str = "") -> Document:
    about = {"title": title, "kind": kind, "summary": summary, "minutes": minutes, "introduction": introduction}
    return about | {"prompts": [], "scoring": None, "safety": []}


def schema_of_draft(draft: Mapping[str, Any]) -> Document:
    """The draft as the JSON that a version stores."""
    return {"format": FORMAT} | {key: draft[key] for key in _SCHEMA if key in draft}


def draft_of_schema(schema: Mapping[str, Any], *, title: str, kind: str, summary: str) -> Document:
    """A published version as a draft to go on from."""
    about = {"title": title, "kind": kind, "summary": summary}
    kept = {key: deepcopy(schema[key]) for key in _SCHEMA if key in schema}
    return {**new_draft(title=title, kind=kind), **kept, **about}


def every_prompt(draft: Mapping[str, Any]) -> Iterator[PromptData]:
    """Each prompt, those in groups after their group."""
    for prompt in draft["prompts"]:
        yield prompt
        yield from prompt.get("prompts", [])


def find(draft: Mapping[str, Any], prompt_id: str) -> PromptData | None:
    return next((prompt for prompt in every_prompt(draft) if prompt["id"] == prompt_id), None)


def group_of(draft: Mapping[str, Any], prompt_id: str) -> PromptData | None:
    """The group that holds this prompt, if one does."""
    groups = (prompt for prompt in draft["prompts"] if "prompts" in prompt)
    return next((group for group in groups if any(sub["id"] == prompt_id for sub in group["prompts"])), None)


def groups_for(draft: Mapping[str, Any], prompt_id: str) -> list[PromptData]:
    """The groups that this prompt can be moved into."""
    prompt = find(draft, prompt_id)
    if prompt is None or not _fits_in_groups(prompt) or group_of(draft, prompt_id):
        return []
    return [other for other in draft["prompts"] if other["kind"] == "group" and len(other["prompts"]) < IN_GROUP_LIMIT]


def add(draft: Document, prompt: PromptData, *, group: str = "") -> tuple[Document, str]:
    """Put a new prompt last, or last in a group. Gives the draft and the prompt's new id."""
    draft = deepcopy(draft)
    _refuse_if_full(draft)
    made = deepcopy(prompt) | {"id": _fresh(draft)}
    siblings = draft["prompts"]
    if group:
        siblings = _group(draft, group)["prompts"]
        if not _fits_in_groups(made):
            raise DraftError("A group can’t hold this. Put it before or after the group.")
        if len(siblings) >= IN_GROUP_LIMIT:
            raise DraftError(f"Keep a group to {IN_GROUP_LIMIT} questions.")
        made.pop("show_if", None)
    siblings.append(made)
    return draft, made["id"]


def edit(draft: Document, prompt_id: str, prompt: PromptData) -> Document:
    """Put this prompt in the place of the one with the id; a group keeps what it holds."""
    draft = deepcopy(draft)
    siblings, position = _place(draft, prompt_id)
    held = siblings[position].get("prompts")
    siblings[position] = deepcopy(prompt) | {"id": prompt_id} | ({} if held is None else {"prompts": held})
    return draft


def move(draft: Document, prompt_id: str, steps: int) -> Document:
    """Up (below zero) or down among its neighbours; at the end it stays."""
    draft = deepcopy(draft)
    siblings, position = _place(draft, prompt_id)
    target = min(max(position + steps, 0), len(siblings) - 1)
    siblings.insert(target, siblings.pop(position))
    return draft


def duplicate(draft: Document, prompt_id: str) -> tuple[Document, str]:
    """The same again, right below. Gives the draft and the copy's id."""
    draft = deepcopy(draft)
    siblings, position = _place(draft, prompt_id)
    copy = deepcopy(siblings[position])
    if siblings is not draft["prompts"] and len(siblings) >= IN_GROUP_LIMIT:
        raise DraftError(f"Keep a group to {IN_GROUP_LIMIT} questions.")
    _refuse_if_full(draft, adding=1 + len(copy.get("prompts", [])))
    siblings.insert(position + 1, copy)
    for prompt in (copy, *copy.get("prompts", [])):
        prompt["id"] = _fresh(draft)
    return draft, copy["id"]


def remove(draft: Document, prompt_id: str) -> Document:
    """Take a prompt out, and keep it to be put back."""
    draft = deepcopy(draft)
    group = group_of(draft, prompt_id)
    siblings, position = _place(draft, prompt_id)
    draft["removed"] = {"prompt": siblings.pop(position), "at": position, "group": group["id"] if group else ""}
    return draft


def put_back(draft: Document) -> Document:
    """Undo the last removal; if its group is gone meanwhile, at the end."""
    draft = deepcopy(draft)
    removed = draft.pop("removed", None)
    if removed is None:
        raise DraftError("There is nothing to put back.")
    _refuse_if_full(draft, adding=1 + len(removed["prompt"].get("prompts", [])))
    group = find(draft, removed["group"])
    siblings = group["prompts"] if group and len(group["prompts"]) < IN_GROUP_LIMIT else draft["prompts"]
    siblings.insert(removed["at"], removed["prompt"])
    return draft


def into_group(draft: Document, prompt_id: str, group_id: str) -> Document:
    """Make a prompt the group's last; what is in a group is always shown, so its condition goes."""
    if all(group["id"] != group_id for group in groups_for(draft, prompt_id)):
        raise DraftError("This can’t go into that group. A heading, a day log or a group stands on its own.")
    draft = deepcopy(draft)
    siblings, position = _place(draft, prompt_id)
    prompt = siblings.pop(position)
    prompt.pop("show_if", None)
    _group(draft, group_id)["prompts"].append(prompt)
    return draft


def out_of_group(draft: Document, prompt_id: str) -> Document:
    """Put a prompt right below the group that held it."""
    draft = deepcopy(draft)
    group = group_of(draft, prompt_id)
    if group is None:
        raise DraftError("This is in no group.")
    siblings, position = _place(draft, prompt_id)
    draft["prompts"].insert(draft["prompts"].index(group) + 1, siblings.pop(position))
    return draft


def without_scoring(draft: Document) -> Document:
    return deepcopy(draft) | {"scoring": None}


def without_safety(draft: Document) -> Document:
    return deepcopy(draft) | {"safety": []}


def copied(draft: Document) -> Document:
    """A document to begin another exercise with: nothing of what was removed comes along."""
    return {key: value for key, value in deepcopy(draft).items() if key != "removed"}


# What a button on the builder's page does to a prompt and nothing else.
MOVES: Mapping[str, Callable[[Document, str], Document]] = {
    "up": lambda draft, prompt_id: move(draft, prompt_id, -1),
    "down": lambda draft, prompt_id: move(draft, prompt_id, 1),
    "remove": remove,
    "out": out_of_group,
}


def _fits_in_groups(prompt: PromptData) -> bool:
    return not issubclass(KINDS[prompt["kind"]], NOT_IN_GROUPS)


def _place(draft: Document, prompt_id: str) -> tuple[list[PromptData], int]:
    """The list that holds this prompt, and where in it."""
    group = group_of(draft, prompt_id)
    siblings: list[PromptData] = group["prompts"] if group else draft["prompts"]
    for position, prompt in enumerate(siblings):
        if prompt["id"] == prompt_id:
            return siblings, position
    raise DraftError("This question is not here any more. Look at the list again.")


def _group(draft: Document, group_id: str) -> PromptData:
    group = find(draft, group_id)
    if group is None or group["kind"] != "group":
        raise DraftError("This group is not here any more. Look at the list again.")
    return group


def _refuse_if_full(draft: Document, adding: int = 1) -> None:
    if sum(1 for _ in every_prompt(draft)) + adding > PROMPT_LIMIT:
        raise DraftError(f"Keep an exercise to {PROMPT_LIMIT} questions, those in groups included.")


def _fresh(draft: Document) -> str:
    """An id that nothing in the draft has, nor what was removed from it."""
    removed = [draft["removed"]["prompt"]] if "removed" in draft else []
    taken = {prompt["id"] for prompt in every_prompt({"prompts": [*draft["prompts"], *removed]})}
    while (identifier := "q" + secrets.token_hex(4)) in taken:
        pass
    return identifier
