"""The field in which staff write an article: rich text with prompts and practices, kept in its one form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, Script
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django_prose_editor.widgets import ProseEditorWidget, importmap
from js_asset import Media

from content.body import BodyError, normalise, sanitise

EXTENSIONS: dict[str, Any] = {
    "ArticleToolbar": True,
    "Menu": False,  # ours instead
    "NoSpellCheck": False,  # staff may use their browser's spelling
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "defaultProtocol": "https"},
    "HorizontalRule": True,
    "HardBreak": True,
    "Figure": True,
    "Image": True,
    "Caption": True,
    "ReflectionPrompt": True,
    "WeeklyPractice": True,
    "Callout": True,
    "PlainPaste": True,
    "Counting": True,
}
MODULES = tuple(f"content/editor/{name}.js" for name in ("blocks", "pictures", "pasting", "counting", "toolbar"))


class ArticleBodyWidget(ProseEditorWidget):
    """A textarea that becomes the article editor where scripts run."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"rows": 24, **(attrs or {})},
            config={"extensions": EXTENSIONS},
            preset="configurable",
        )

    @property
    def media(self) -> Media:
        return Media(
            importmap=importmap,
            css={"all": ["django_prose_editor/editor.css", "content/editor.css"]},
            js=[
                Script("django_prose_editor/editor.js", type="module"),
                Script("django_prose_editor/configurable.js", type="module"),
            ],
        )

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        figure = {"chooseAt": reverse("admin:content_picture_choose")}
        return {
            **config,
            "extensions": config["extensions"] | {"Figure": figure},
            "js_modules": [static(module) for module in MODULES],
        }


class ArticleBodyField(CharField):
    """A form field whose value is a body in its one form; what can't be kept is an error in words."""

    widget = ArticleBodyWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "widget": ArticleBodyWidget})

    def to_python(self, value: str | None) -> str:
        try:
            return normalise(super().to_python(value) or "")
        except BodyError as error:
            raise ValidationError(str(error), code="body") from error

    def prepare_value(self, value: Any) -> Any:
        """The editor reads it as HTML of the page it stands in, so it is cleaned on the way out, too.

        What is too long to be cleaned stays as it is, for whoever sent it to make it shorter.
        """
        try:
            return sanitise(value) if isinstance(value, str) else value
        except BodyError:
            return value


class EditorAdminMixin:
    """For the admin of a model with an article body: lets the editor's import map pass the page's script policy."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"], nonce=getattr(request, "csp_nonce", ""))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc,no-any-return]
