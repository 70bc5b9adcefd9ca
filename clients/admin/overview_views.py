"""How the clinic as a whole is doing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clients.admin.first_hour import first_hour
from clients.admin.glass import news
from clients.admin.overview import Overview
from clients.admin.pages import desk_page
from clients.models import SafetyAlert
from clients.services.first_hour import put_away
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_safe
@allowed(Act.SEE_OVERVIEW)
def overview(request: UserRequest) -> HttpResponse:
    """Numbers of the last twelve weeks, without anybody's name but that of staff."""
    at = timezone.now()
    context = {
        "title": "Overview",
        "overview": Overview(at=at),
        "news": news(request.user, at=at),
        "unseen": SafetyAlert.objects.passed_on_to_owners(),
        "first_hour": first_hour(request.user),
        "may_list": request.user.may(Act.LIST_CLIENTS),
    }
    return desk_page(request, "overview.html", context)


@require_POST
@allowed(Act.MANAGE_CLINIC)
def put_away_first_hour(request: UserRequest) -> HttpResponse:
    """What it led to stands in the sidebar."""
    put_away()
    messages.success(request, "The list is put away. Everything it led to is in the menu.")
    return redirect("admin:overview")
