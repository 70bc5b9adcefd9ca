"""A request once the middleware has seen it, for type checkers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from practices.models import Clinic


class ClinicRequest(HttpRequest):
    """Numbered, and at a clinic's host."""

    id: UUID
    tenant: Clinic
    urlconf: Any
