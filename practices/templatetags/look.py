"""Template tags of the shared look: navigation links, form fields, telephone numbers, initials."""

import re
from datetime import date, datetime
from functools import cache
from math import floor
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from practices.days import last_day_before
from practices.models import Clinic
from practices.theming import theme_of

register = template.Library()

CONTROL_CLASSES = {
    "select": "select",
    "textarea": "textarea",
    "checkbox": "",
    "radioselect": "",
    "checkboxselectmultiple": "",
}


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str, icon: str = "", without: str = "") -> SafeString:
    """Give a list item with a link of the main navigation, or nothing where this host has no page of that name.

    The page itself is marked as current, and so is the section a deeper page belongs to. `without` names a section that
    lies deeper but is another link's.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    path = context["request"].path
    if path == url:
        current = SafeString(' aria-current="page"')
    elif url != "/" and path.startswith(url) and not (without and path.startswith(reverse(without))):
        current = SafeString(' aria-current="true"')
    else:
        current = SafeString("")
    return format_html('<li><a href="{}"{}>{}{}</a></li>', url, current, _icon(icon) if icon else "", label)


@register.simple_tag
def foot_link(name: str, label: str) -> SafeString:
    """Give a link for the foot of a page, or nothing where this host has no page of that name."""
    try:
        return format_html('<a href="{}">{}</a>', reverse(name), label)
    except NoReverseMatch:
        return SafeString("")


@register.simple_tag(takes_context=True)
def theme_link(context: Context) -> SafeString:
    """Give the link to the clinic's own stylesheet; nothing where there is no clinic, as on some error pages."""
    clinic = context.get("clinic")
    if not isinstance(clinic, Clinic):
        return SafeString("")
    return format_html('<link rel="stylesheet" href="{}">', reverse("theme", args=[theme_of(clinic).version]))


@register.simple_tag(takes_context=True)
def help_now(context: Context) -> SafeString:
    """Give whom to call, which is on every page a client can see; rendered once for as long as the clinic's row is kept."""
    clinic = context["clinic"]
    rendered: dict[str | None, SafeString] = clinic.__dict__.setdefault("_help_now", {})
    language = get_language()
    if language not in rendered:
        rendered[language] = render_to_string("practices/parts/help_now.html", {"clinic": clinic})
    return rendered[language]


@register.simple_tag(takes_context=True)
def session_clock(context: Context) -> SafeString:
    """Give what tells in time that the session ends, and signs in again; nothing to whoever has none."""
    request = context["request"]
    session = getattr(request, "session", None)
    left = session.seconds_left(at=timezone.now()) if session is not None else 0
    if session is None or not left:
        return SafeString("")
    own = {"left": left, "mark": session.mark_of_page(), "is_client": request.user.is_client}
    shared = {name: context.get(name) for name in ("clinic", "csrf_token")}
    return render_to_string("practices/parts/session_clock.html", own | shared)


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
def last_day(moment: datetime) -> date:
    """The last day, here, on which something that ends at this moment goes on."""
    return last_day_before(moment, ZoneInfo(str(timezone.get_current_timezone())))


@register.filter
def initials(name: str) -> str:
    """Give the first letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def ratio(contrast: float) -> str:
    """Give a contrast with one decimal, never better than it is."""
    return f"{floor(contrast * 10) / 10:.1f}"


@register.filter
def in_fours(text: str) -> str:
    """Give a key or code in groups of four, as one reads it aloud."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
