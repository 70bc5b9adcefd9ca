"""What no page may do, checked wherever a test renders one."""

import sys
from html.parser import HTMLParser
from types import FrameType

from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.template.base import Node, Template

# Django's own, and that of the form below public articles, which must work without a cookie.
TOKENS = ("csrfmiddlewaretoken", "token")


class UndefinedVariableError(Exception):
    """One of our templates used a variable that its view did not give it."""


class MissingTokenError(Exception):
    """A form that posts carries no CSRF token."""


class Undefined(str):
    """What Django puts in place of an undefined variable; it refuses to stand there. Other people's templates may do so."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        template = rendering()
        if template.startswith(str(settings.BASE_DIR)) and "/.venv/" not in template:
            raise UndefinedVariableError(f"{variable} in {template.removeprefix(str(settings.BASE_DIR))}")
        return ""


def rendering() -> str:
    """The file of the template that is being rendered, found on the stack."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        rendered = frame.f_locals.get("self")
        if isinstance(rendered, Node | Template) and getattr(rendered, "origin", None):
            return str(rendered.origin.name)
        frame = frame.f_back
    return ""


def pytest_configure() -> None:
    engines["django"].engine.string_if_invalid = Undefined("%s")  # type: ignore[attr-defined]


class Forms(HTMLParser):
    """Posting forms without a token."""

    def __init__(self) -> None:
        super().__init__()
        self.current: dict[str, str | None] | None = None
        self.has_token = False
        self.without_token: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.current, self.has_token = given, False
        elif tag == "input" and given.get("name") in TOKENS:
            self.has_token = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.current is not None:
            if (self.current.get("method") or "get").lower() == "post" and not self.has_token:
                self.without_token.append(self.current.get("action") or "")
            self.current = None


def check_forms(response: HttpResponse) -> None:
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        forms = Forms()
        forms.feed(response.content.decode())
        if forms.without_token:
            raise MissingTokenError(f"no token in the form to {forms.without_token}")
