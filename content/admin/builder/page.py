"""What the builder's page shows of a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from content.admin.builder.forms import OWN_KINDS
from content.models import Exercise
from content.prompts.drafting import (
    IN_GROUP_LIMIT,
    Document,
    PromptData,
    every_prompt,
    groups_for,
    schema_of_draft,
)
from content.prompts.kinds import Prompt
from content.prompts.naming import KIND_WORDS, condition_in_words
from content.prompts.problems import Problem, problems, readable
from content.services.drafts import draft_of


@dataclass(frozen=True, kw_only=True)
class Row:
    """One prompt in the list, with what can be done to it."""

    id: str
    number: int
    text: str
    kind: str
    kind_words: str
    details: list[str]
    problems: list[Problem]
    groups: list[PromptData]
    in_group: bool
    is_first: bool
    is_last: bool
    rows: "list[Row]"

    @property
    def has_room(self) -> bool:
        return len(self.rows) < IN_GROUP_LIMIT


class BuilderPage:
    """A draft as a list of rows, with its problems and a preview."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.draft: Document = draft_of(exercise)
        self.schema = schema_of_draft(self.draft)
        self.edition = exercise.draft_edition
        self.problems = problems(self.schema)

    @cached_property
    def rows(self) -> list[Row]:
        earlier: dict[str, Mapping[str, Any]] = {}
        return self._rows(self.draft["prompts"], earlier, in_group=False)

    @property
    def preview(self) -> list[tuple[str, Prompt | None]]:
        return readable(self.schema)

    @property
    def kind_words(self) -> str:
        return str(dict(OWN_KINDS).get(self.draft["kind"], "")).partition(":")[0]

    @property
    def overall(self) -> list[Problem]:
        """The problems that belong to no prompt."""
        return [problem for problem in self.problems if not problem.prompt_id]

    @property
    def counted(self) -> int:
        """How many prompts the score counts."""
        return len((self.draft.get("scoring") or {}).get("prompts", []))

    @property
    def alerts(self) -> list[str]:
        """The texts of the prompts whose answers raise an alert."""
        texts = {prompt["id"]: prompt["text"] for prompt in every_prompt(self.draft)}
        return [texts.get(rule.get("prompt"), "a question that is gone") for rule in self.draft.get("safety") or []]

    @property
    def removed(self) -> str:
        """What can be put back, by its text."""
        return self.draft["removed"]["prompt"]["text"] if "removed" in self.draft else ""

    @property
    def has_changes(self) -> bool:
        """Whether publishing would make something new."""
        return self.exercise.draft is not None

    @property
    def can_publish(self) -> bool:
        return self.has_changes and not self.problems

    def _rows(self, prompts: list[PromptData], earlier: dict[str, Mapping[str, Any]], *, in_group: bool) -> list[Row]:
        made = []
        for position, prompt in enumerate(prompts):
            made.append(
                Row(
                    id=prompt["id"],
                    number=position + 1,
                    text=prompt["text"],
                    kind=prompt["kind"],
                    kind_words=KIND_WORDS[prompt["kind"]][0],
                    details=_details(prompt, earlier),
                    problems=[problem for problem in self.problems if problem.prompt_id == prompt["id"]],
                    groups=[] if in_group else groups_for(self.draft, prompt["id"]),
                    in_group=in_group,
                    is_first=position == 0,
                    is_last=position == len(prompts) - 1,
                    rows=self._rows(prompt.get("prompts", []), earlier, in_group=True),
                )
            )
            if not in_group:
                earlier[prompt["id"]] = prompt
        return made


def _details(prompt: PromptData, earlier: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What tells this prompt from another of its kind, in a few words each."""
    found = []
    match prompt:
        case {"choices": choices}:
            found.append(f"{len(choices)} answers" if len(choices) != 1 else "1 answer")
        case {"kind": "scale" | "before_after", "min": low, "max": high}:
            found.append(f"{low} to {high}")
        case {"kind": "day_log", "days": days}:
            found.append(f"{days} days" if days != 1 else "1 day")
        case {"kind": "group"}:
            found.append(f"{prompt.get('min_rows', 0)} to {prompt.get('max_rows', 20)} rows")
    if prompt.get("required"):
        found.append("has to be answered")
    condition = condition_in_words(prompt, earlier)
    return [*found, condition] if condition else found
