"""A page of the console in the admin's frame."""

from typing import Any

from django.contrib.admin.sites import all_sites
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def console_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """With the operator's sidebar; the site itself is made on the roof."""
    site = next(site for site in all_sites if site.name == "platform")
    frame = site.each_context(request) | {"subtitle": None}
    return render(request, f"admin/console/{template}", frame | context, status=status)
