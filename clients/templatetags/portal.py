"""Template filters of the portal: look something up by an id that is itself a variable."""

from collections.abc import Container, Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(mapping: Mapping[str, Any], key: str) -> Any:
    """The answer to this prompt, or None."""
    return mapping.get(key)


@register.filter
def among(item: object, found: Container[object]) -> bool:
    return item in found
