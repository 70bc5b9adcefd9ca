"""A page about staff in the admin's frame."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def staff_page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = admin.site.each_context(request) | {"subtitle": None}
    return render(request, f"admin/accounts/user/{template}", frame | context, status=status)
