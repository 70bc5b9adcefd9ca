"""A page of the desk in the admin's frame."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.models import Client
from clients.services.reviewing import open_client
from practices.accounts.models import User


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = admin.site.each_context(request) | {"subtitle": None}
    return render(request, f"clients/admin/{template}", frame | context, status=status)


def written_down(client: Client, *, by: User, at: datetime, purpose: str = "client page") -> bool:
    """Commit that they look at this client's page. If that can't be written, nothing of it may be shown."""
    try:
        with transaction.atomic(durable=True):
            open_client(client, by=by, at=at, purpose=purpose)
    except DatabaseError:
        return False
    return True
