"""One prompt as a client would see it, while it is being written."""

from typing import Any

from content.admin.builder.forms import PromptForm
from content.prompts.drafting import PromptData
from content.prompts.kinds import Prompt
from content.prompts.problems import readable

_EXAMPLE = {"id": "example", "kind": "short_text", "text": "The questions of this group stand here"}


def prompt_preview(form: PromptForm, *, theirs: PromptData | None = None) -> dict[str, Any]:
    """`preview` is what the form says, or what is saved where nothing was posted; `their_preview` what somebody else saved."""
    data = form.prompt
    if form.is_bound:
        data = form.prompt_data() if form.is_valid() else None
    if data is not None and form.prompt is not None and data["kind"] == "group":
        data = data | {"prompts": form.prompt.get("prompts", [])}
    return {"preview": _read(data, "preview"), "their_preview": _read(theirs, "theirs")}


def _read(data: PromptData | None, prompt_id: str) -> Prompt | None:
    if data is None:
        return None
    if data["kind"] == "group" and not data.get("prompts"):
        data = data | {"prompts": [_EXAMPLE]}
    alone = {key: value for key, value in data.items() if key != "show_if"} | {"id": prompt_id}
    return readable({"prompts": [alone]})[0][1]
