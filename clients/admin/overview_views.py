"""How the clinic as a whole is doing."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.admin.glass import news
from clients.admin.overview import Overview
from clients.admin.pages import desk_page
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
        "may_list": request.user.may(Act.LIST_CLIENTS),
    }
    return desk_page(request, "overview.html", context)
