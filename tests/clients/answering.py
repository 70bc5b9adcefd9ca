"""What a client's browser does with a piece of work."""

import json
from typing import Any
from uuid import UUID, uuid4

from clients.models import Occurrence, Response
from tests.harness.browsers import Browser


def autosave(browser: Browser, url: str, fields: dict[str, list[str]], version: int = 0) -> Any:
    return browser.post(
        f"{url}draft/", json.dumps({"version": version, "fields": fields}), content_type="application/json"
    )


def send(browser: Browser, url: str, *, version: int = 1, request_id: UUID | None = None) -> Any:
    return browser.post(f"{url}send/", {"version": version, "request_id": request_id or uuid4()})


def stored(occurrence: Occurrence) -> Response:
    return Response.objects.get(occurrence=occurrence)
