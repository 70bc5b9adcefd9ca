"""What every template may use."""

from typing import Any

from django.http import HttpRequest


def clinic(request: HttpRequest) -> dict[str, Any]:
    return {"clinic": getattr(request, "tenant", None)}
