"""Where somebody goes after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from practices.accounts.models import User
from practices.accounts.permissions import Kind

DOORS = {Kind.STAFF: "admin:index", Kind.CLIENT: "portal:today", Kind.OPERATOR: "platform:index"}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Staff to their desk, clients to Today, visitors to the sign-in page."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    return redirect(DOORS[Kind(request.user.kind)])
