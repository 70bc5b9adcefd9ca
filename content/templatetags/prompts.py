"""Template tags: one prompt as a form field, and one answer as it was given."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import template

from content.prompts.answers import AnswerError
from content.prompts.context import PromptContext
from content.prompts.fields import field_for
from content.prompts.kinds import Prompt
from content.prompts.words import Shown

register = template.Library()


@register.inclusion_tag("content/prompts/field.html")
def prompt_field(
    prompt: Prompt,
    answers: Mapping[str, Any],
    kept: Collection[str] = (),
    errors: Iterable[AnswerError] = (),
    mark: str = "",
    context: PromptContext | None = None,
    can_keep: bool = True,
    plain: bool = False,
    saved: str = "",
) -> dict[str, Any]:
    """One prompt to be answered.

    `mark` is the small line above it ("Question 1 of 3"); `plain` leaves out the card, for a page of scales or inside a
    practice; `can_keep` offers "Only for me"; `saved` is the status when the page is loaded ("Saved 14:02").
    A day log needs `context`.
    """
    condition = prompt.show_if
    return {
        "field": field_for(prompt, answers, errors=errors, context=context),
        "mark": mark,
        "plain": plain,
        "can_keep": can_keep and prompt.takes_answer,
        "kept": prompt.id in kept,
        "saved": saved,
        "depends_on": condition.prompt if condition else "",
        "depends_values": json.dumps([str(value) for value in condition.values]) if condition else "",
    }


@register.inclusion_tag("content/prompts/field.html")
def prompt_preview(prompt: Prompt, today: date) -> dict[str, Any]:
    """One prompt as a client would see it today, with nothing to keep and nothing saved."""
    context = PromptContext(starts_on=today, today=today)
    return prompt_field(prompt, {}, context=context, can_keep=False, plain=True)


@register.inclusion_tag("content/prompts/answer.html")
def answer_view(prompt: Prompt, value: Any, kept: bool = False, context: PromptContext | None = None) -> dict[str, Any]:
    """A clean answer (None when there is none) in words; `kept` adds the mark "Only for me".

    With `kept` and no value only the mark is shown, which is what anybody but the client sees.
    """
    return {"answer": Shown(prompt=prompt, value=value, context=context), "kept": kept}
