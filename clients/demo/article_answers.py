"""Answer sets for the demo's articles, keyed by slug; days are day numbers that `words.dated` turns into dates."""

from typing import Any

ARTICLE_ANSWERS: dict[str, list[dict[str, Any]]] = {}
