"""What clients see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_safe
@allowed(Act.USE_PORTAL)
def today(request: UserRequest) -> HttpResponse:
    return render(request, "clients/portal/today.html", {"title": "Today"})


@require_safe
@allowed(Act.USE_PORTAL)
def mine(request: UserRequest) -> HttpResponse:
    return render(request, "clients/portal/today.html", {"title": "Mine"})
