"""What stands on the page of a piece of work, in order: prose, questions, the practice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.portal.work import Work
from content.body import PracticeBlock, PromptBlock
from content.figures import blocks_of
from content.prompts.kinds import Prompt


@dataclass(frozen=True, kw_only=True)
class Question:
    """A prompt as it is asked on the page.

    `saved` says when its answer was stored last. `safety_values` are the answers upon which the page shows at once whom to
    call, as JSON; `trips` is whether one of them is picked now. Such an answer can't be kept to oneself: whoever must act
    on it would not see it.
    """

    prompt: Prompt
    mark: str = ""
    saved: str = ""
    safety_values: str = ""
    trips: bool = False

    @property
    def can_keep(self) -> bool:
        return not self.safety_values


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of an article: prose, or a question in its place; `html` is the prose, or the text of the practice."""

    kind: str
    id: str = ""
    html: str = ""
    question: Question | None = None


def questions(work: Work, answers: Mapping[str, Any]) -> list[Question]:
    """Every prompt of the work; the page hides those that an earlier answer has not called for."""
    total = len(work.questions)
    numbers = {prompt.id: number for number, prompt in enumerate(work.questions, start=1)}
    return [
        Question(
            prompt=prompt,
            mark=f"Question {numbers[prompt.id]} of {total}" if prompt.id in numbers and work.is_article else "",
            saved=work.saved if prompt.id in work.answers else "",
            safety_values=json.dumps(work.tripping[prompt.id]) if prompt.id in work.tripping else "",
            trips=_trips(answers.get(prompt.id), work.tripping.get(prompt.id, [])),
        )
        for prompt in work.schema.prompts
    ]


def pieces(work: Work, answers: Mapping[str, Any]) -> list[Piece]:
    """The article as it was published with this version, its questions in their places."""
    revision = work.occurrence.assignment.version.revision
    asked = {question.prompt.id: question for question in questions(work, answers)}
    found = []
    for block in blocks_of(revision.body) if revision else []:
        if isinstance(block, PracticeBlock | PromptBlock):
            found.append(Piece(kind=block.kind, id=block.id, html=block.html, question=asked.get(block.id)))
        else:
            found.append(Piece(kind=block.kind, html=block.html))
    return found


def _trips(answer: object, values: list[str]) -> bool:
    picked = answer if isinstance(answer, list) else [answer]
    return any(str(value) in values for value in picked)
