"""The body of an article: what it may hold, and what its prompts and practices become."""

from content.body.cleaning import BodyError, sanitise
from content.body.figures import Figure, figures_in, with_figures
from content.body.parts import (
    Block,
    PracticeBlock,
    PromptBlock,
    Prose,
    blocks,
    normalise,
    practice_of,
    practices_of,
    prompts_of,
    schema_of,
)
from content.body.reading import (
    plain_text,
    readability_grade,
    reading_minutes,
    word_count,
)
from content.body.suggesting import make_prompt, suggested_prompts

__all__ = [
    "Block",
    "BodyError",
    "Figure",
    "PracticeBlock",
    "PromptBlock",
    "Prose",
    "blocks",
    "figures_in",
    "make_prompt",
    "normalise",
    "plain_text",
    "practice_of",
    "practices_of",
    "prompts_of",
    "readability_grade",
    "reading_minutes",
    "sanitise",
    "schema_of",
    "suggested_prompts",
    "with_figures",
    "word_count",
]
