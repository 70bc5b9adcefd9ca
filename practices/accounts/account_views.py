"""What somebody who works here finds about their own account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from practices.accounts.access import UserRequest
from practices.accounts.models import Supervision


@require_safe
@login_required
def account(request: UserRequest) -> HttpResponse:
    """Name, roles, and who supervises whom. Clients find theirs in the portal."""
    user = request.user
    if user.is_client:
        return redirect("mfa_index")
    supervisions = Supervision.objects.current().of(user)
    return render(request, "account/account.html", {"supervisions": supervisions})
