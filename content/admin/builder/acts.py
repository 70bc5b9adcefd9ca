"""What the buttons of the builder do, and what is said when it is done."""

from content.prompts.drafting import (
    MOVES,
    Document,
    DraftError,
    duplicate,
    group_of,
    into_group,
    put_back,
    without_safety,
    without_scoring,
)


def perform(draft: Document, do: str, *, prompt_id: str, group: str) -> Document:
    """The draft after one act. Raises DraftError."""
    if do in MOVES:
        return MOVES[do](draft, prompt_id)
    match do:
        case "duplicate":
            return duplicate(draft, prompt_id)[0]
        case "into":
            return into_group(draft, prompt_id, group)
        case "put_back":
            return put_back(draft)
        case "no_score":
            return without_scoring(draft)
        case "no_alert":
            return without_safety(draft)
    raise DraftError("We don’t know this button. Load the page again.")


def done_in_words(draft: Document, do: str, prompt_id: str) -> str:
    """What an act did, for the eye and for a screen reader."""
    if do in ("up", "down"):
        group = group_of(draft, prompt_id)
        siblings = [prompt["id"] for prompt in (group or draft)["prompts"]]
        return f"Now number {siblings.index(prompt_id) + 1} of {len(siblings)}."
    if do == "into":
        group = group_of(draft, prompt_id)
        name = group["text"] if group else ""
        return f"Moved into “{name[:60]}”. Questions in a group are always shown."
    if do == "remove":
        return f"Removed “{draft['removed']['prompt']['text'][:60]}”. You can put it back."
    plain = {
        "duplicate": "The copy stands right below.",
        "out": "Moved out of the group.",
        "put_back": "It is back.",
        "no_score": "The score is off.",
        "no_alert": "The alert is off.",
    }
    return plain[do]
