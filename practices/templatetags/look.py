"""Template tags of the shared look: navigation links, form fields, telephone numbers, initials."""

import re
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

CONTROL_CLASSES = {
    "select": "select",
    "textarea": "textarea",
    "checkbox": "",
    "radioselect": "",
    "checkboxselectmultiple": "",
}


@register.inclusion_tag("practices/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, label: str, icon: str = "", without: str = "") -> dict[str, Any]:
    """Give a link of the main navigation, or nothing where this host has no page of that name.

    The page itself is marked as current, and so is the section a deeper page belongs to. `without` names a section that
    lies deeper but is another link's.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return {"url": ""}
    path = context["request"].path
    if path == url:
        current = "page"
    elif url != "/" and path.startswith(url) and not (without and path.startswith(reverse(without))):
        current = "true"
    else:
        current = ""
    return {"url": url, "label": label, "icon": icon, "current": current}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Give one icon, for the eye only: a symbol of icons.svg without its "i-"."""
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    symbol = f"{static('practices/icons.svg')}#i-{name}"
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', symbol)


@register.filter
def control(field: BoundField) -> SafeString:
    """Give the field's input with our class on it; classes set in the form are kept."""
    own = field.field.widget.attrs.get("class", "")
    look = CONTROL_CLASSES.get(field.widget_type, "input")
    return field.as_widget(attrs={"class": f"{look} {own}".strip()} if look else None)


@register.filter
def named(field: BoundField) -> SafeString:
    """Give the field's input with its label said in aria-label, for a table whose cells have no labels."""
    return field.as_widget(attrs={"aria-label": str(field.label)})


@register.filter
def tel(number: str) -> str:
    """Give the number as a tel: link wants it: digits and a leading plus."""
    return re.sub(r"[^0-9+]", "", number)


@register.filter
def initials(name: str) -> str:
    """Give the first letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
