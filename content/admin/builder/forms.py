"""The forms of the builder: what an exercise is about, and one prompt of any kind."""

from typing import Any

from django import forms

from content.models import Exercise
from content.prompts.drafting import (
    Document,
    DraftError,
    PromptData,
    add,
    edit,
    find,
    group_of,
    new_draft,
    schema_of_draft,
)
from content.prompts.kinds import Group
from content.prompts.naming import choices_from_lines
from content.prompts.problems import problems

# The kinds that staff choose from; an article makes its own, and a measure comes from its definition.
OWN_KINDS = [
    (Exercise.Kind.WORKSHEET.value, "Worksheet: steps to work through"),
    (Exercise.Kind.REFLECTION.value, "Reflection: something to write about"),
    (Exercise.Kind.CHECK_IN.value, "Check-in: a few short questions, again and again"),
    (Exercise.Kind.PRACTICE.value, "Weekly practice: something to try each day"),
]
# More points than this are chosen as "from … to …", not ticked one by one.
TICKED_UP_TO = 21
_EXAMPLE = {"id": "example", "kind": "yes_no", "text": "Yes?"}
EARLIER_KINDS = ("single_choice", "multiple_choice", "checklist", "yes_no", "scale")


class AboutForm(forms.Form):
    """Title, kind, what it is for, minutes, and what the client reads first."""

    title = forms.CharField(max_length=160, help_text="The client reads this too.")
    kind = forms.ChoiceField(choices=OWN_KINDS, widget=forms.RadioSelect, initial="worksheet")
    summary = forms.CharField(
        label="In a line",
        max_length=300,
        required=False,
        help_text="For your colleagues, when they look for something.",
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=240,
        initial=5,
        label="Minutes it takes",
        help_text="An honest guess, on a tired evening.",
    )
    introduction = forms.CharField(
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What the client reads before the first question. Say what it is for.",
    )

    def __init__(self, *args: Any, draft: Document | None = None, **kwargs: Any) -> None:
        initial = {name: draft[name] for name in self.base_fields} if draft else {}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.draft = draft

    def clean_introduction(self) -> str:
        return plain_lines(self.cleaned_data["introduction"])

    def changed(self, draft: Document) -> Document:
        return draft | self.cleaned_data

    def new_draft(self) -> Document:
        return new_draft(**self.cleaned_data)


def plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(label: str, longest: int, *, required: bool = True, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, **options)


def _whole(label: str, initial: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, **options)


def _decimal(label: str, **options: Any) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, **options)


def _options_of(kind: str) -> dict[str, forms.Field]:
    """The fields that this kind has and others have not."""
    match kind:
        case "single_choice" | "multiple_choice" | "checklist":
            lines = forms.Textarea(attrs={"rows": 6})
            return {"choices": _line("Answers to pick from", 20_000, widget=lines, help_text="One on each line.")}
        case "scale" | "before_after":
            return {
                "min": _whole("Lowest number", 0),
                "low": _line("What the lowest means", 100, required=False, help_text="Such as “not at all”."),
                "max": _whole("Highest number", 10),
                "high": _line("What the highest means", 100, required=False, help_text="Such as “very much”."),
            }
        case "number":
            return {
                "unit": _line("Unit", 40, required=False, help_text="Such as minutes."),
                "min": _decimal("Lowest"),
                "max": _decimal("Highest"),
                "step": _decimal("In steps of"),
            }
        case "group":
            return {
                "min_rows": _whole("Fewest rows", 0, min_value=0, max_value=20),
                "max_rows": _whole("Most rows", 10, min_value=1, max_value=20),
                "add_label": _line("Words on the button for another row", 60, initial=Group.add_label),
            }
        case "day_log":
            line = "What the line of each day asks"
            return {
                "days": _whole("How many days", 7, min_value=1, max_value=28),
                "line_label": _line(line, 200, initial="How was it? One line is plenty"),
            }
    return {}


class PromptForm(forms.Form):
    """One prompt. What it is saved as is checked against the whole draft, so that a condition can't point nowhere."""

    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    help = forms.CharField(
        label="More about it",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands below in smaller letters. May be left out.",
    )

    def __init__(
        self, *args: Any, kind: str, draft: Document, prompt: PromptData | None = None, group: str = "", **kwargs: Any
    ) -> None:
        self.kind, self.draft, self.prompt, self.group = kind, draft, prompt, group
        super().__init__(*args, **{**kwargs, "initial": self._initial()})
        self.fields["text"].label = "Title" if kind == "heading" else "Question"
        self.fields |= _options_of(kind)
        if kind != "heading":
            self.fields["required"] = forms.BooleanField(label="Has to be answered before sending", required=False)
        self.earlier = self._earlier()
        if self.earlier:
            self._offer_conditions()

    @property
    def conditions(self) -> list[tuple[PromptData, list[forms.BoundField]]]:
        """Each earlier prompt with the fields that say which of its answers count."""
        return [(earlier, [self[name] for name in self._names(earlier)]) for earlier in self.earlier]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All fields but those of the condition."""
        return [field for field in self if not field.name.startswith(("show_if", "is_", "from_", "to_"))]

    def clean_choices(self) -> list[dict[str, str]]:
        labels = [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        for label in labels:
            if labels.count(label) > 1:
                raise forms.ValidationError(f"“{label[:60]}” is there twice. Change one of them.")
        return choices_from_lines(labels, (self.prompt or {}).get("choices", []))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("show_if")
        if chosen and cleaned.get(f"is_{chosen}") == []:
            self.add_error(f"is_{chosen}", "Tick the answers that it is shown for, or choose “Always”.")
        if not self.errors:
            self._check()
        return cleaned

    def _check(self) -> None:
        try:
            changed, prompt_id = self._changed(self.draft)
        except DraftError as error:
            self.add_error(None, str(error))
            return
        prompt = find(changed, prompt_id)
        if prompt and prompt.get("prompts") == []:
            prompt["prompts"] = [_EXAMPLE]  # what a group asks comes later
        for problem in problems(schema_of_draft(changed)):
            if problem.prompt_id == prompt_id:
                name = problem.part.partition(".")[0].partition("[")[0]
                self.add_error(name if name in self.fields else None, problem.message)

    def changed(self, draft: Document) -> Document:
        return self._changed(draft)[0]

    def _changed(self, draft: Document) -> tuple[Document, str]:
        if self.prompt is None:
            return add(draft, self.prompt_data(), group=self.group)
        return edit(draft, self.prompt["id"], self.prompt_data()), self.prompt["id"]

    def prompt_data(self) -> PromptData:
        """The prompt as a schema has it, without its id; what was left empty is left out."""
        values = {name: self.cleaned_data.get(name) for name in ("text", "help", "required", *_options_of(self.kind))}
        for name in ("text", "help"):
            values[name] = plain_lines(values[name] or "")
        data = {name: _plain(value) for name, value in values.items() if value or (value == 0 and value is not False)}
        if self.kind == "group":
            data["prompts"] = []
        condition = self._condition()
        return {"kind": self.kind} | data | ({"show_if": condition} if condition else {})

    def _condition(self) -> dict[str, Any] | None:
        chosen = self.cleaned_data.get("show_if")
        target = next((earlier for earlier in self.earlier if earlier["id"] == chosen), None)
        if target is None:
            return None
        if not _is_long(target):
            picked: list[Any] = self.cleaned_data.get(f"is_{chosen}", [])
            return {"prompt": chosen, "is": [int(value) for value in picked] if target["kind"] == "scale" else picked}
        low, high = (self.cleaned_data.get(f"{end}_{chosen}") for end in ("from", "to"))
        low = target["min"] if low is None else max(low, target["min"])
        high = target["max"] if high is None else min(high, target["max"])
        return {"prompt": chosen, "is": list(range(low, high + 1))}

    def _initial(self) -> dict[str, Any]:
        if self.prompt is None:
            return {}
        initial = dict(self.prompt)
        if "choices" in initial:
            initial["choices"] = "\n".join(choice["label"] for choice in initial["choices"])
        condition = initial.pop("show_if", None)
        if condition:
            target, values = condition["prompt"], condition["is"]
            initial |= {"show_if": target, f"is_{target}": [str(value) for value in values]}
            if values and all(isinstance(value, int) for value in values):
                initial |= {f"from_{target}": min(values), f"to_{target}": max(values)}
        return initial

    def _earlier(self) -> list[PromptData]:
        """The prompts that a condition can look at: those before this one, at the top, with answers to pick from."""
        in_group = self.group or (self.prompt and group_of(self.draft, self.prompt["id"]))
        if in_group:
            return []
        before = []
        for prompt in self.draft["prompts"]:
            if self.prompt and prompt["id"] == self.prompt["id"]:
                break
            before.append(prompt)
        return [prompt for prompt in before if prompt["kind"] in EARLIER_KINDS]

    def _names(self, earlier: PromptData) -> list[str]:
        return [f"{part}_{earlier['id']}" for part in (("from", "to") if _is_long(earlier) else ("is",))]

    def _offer_conditions(self) -> None:
        self.fields["show_if"] = forms.ChoiceField(
            label="Show this",
            required=False,
            choices=[("", "Always"), *((item["id"], f"If “{item['text'][:80]}” is …") for item in self.earlier)],
        )
        for earlier in self.earlier:
            for name in self._names(earlier):
                self.fields[name] = _condition_field(earlier, name)


def _condition_field(earlier: PromptData, name: str) -> forms.Field:
    if _is_long(earlier):
        label = "From" if name.startswith("from_") else "To"
        return forms.IntegerField(label=label, required=False, min_value=earlier["min"], max_value=earlier["max"])
    return forms.MultipleChoiceField(
        label=f"“{earlier['text'][:80]}” is",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=_answers_of(earlier),
    )


def _is_long(prompt: PromptData) -> bool:
    return bool(prompt["kind"] == "scale" and prompt["max"] - prompt["min"] >= TICKED_UP_TO)


def _answers_of(prompt: PromptData) -> list[tuple[str, str]]:
    if prompt["kind"] == "scale":
        return [(str(point), str(point)) for point in range(prompt["min"], prompt["max"] + 1)]
    if prompt["kind"] == "yes_no":
        return [("yes", "Yes"), ("no", "No")]
    return [(choice["value"], choice["label"]) for choice in prompt["choices"]]


def _plain(value: Any) -> Any:
    """Whole numbers without a point, as a person wrote them."""
    return int(value) if isinstance(value, float) and value == int(value) else value


class PublishForm(forms.Form):
    """A word to colleagues about what is new."""

    note = forms.CharField(
        label="What is new",
        max_length=300,
        required=False,
        help_text="For your colleagues. Clients don’t see it.",
        widget=forms.TextInput(attrs={"placeholder": "Such as: shorter, and a question about sleep"}),
    )
