"""How the clinic as a whole is doing."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clients.admin.pages import desk_page
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_safe
@allowed(Act.SEE_OVERVIEW)
def overview(request: UserRequest) -> HttpResponse:
    return desk_page(request, "overview.html", {"title": "Overview"})
