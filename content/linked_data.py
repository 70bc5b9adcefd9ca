"""What a page says about itself to machines: schema.org terms as JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# A script element ends at the first "</script", wherever it stands; none of these is needed to write JSON.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def as_json(about: dict[str, Any]) -> SafeString:
    """JSON that may stand in a script element."""
    text = json.dumps({"@context": "https://schema.org", **about}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPED))  # noqa: S308 - nothing in it can end the element


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """Where a page stands: names and absolute addresses, from the first page down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }
