"""The owner takes away a colleague's second step, so that they can set up a new one."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, allowed
from practices.accounts.confirming import recently_confirmed
from practices.accounts.factors import reset_second_factor
from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
@recently_confirmed
def reset_factor(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then do it."""
    person = get_object_or_404(User.objects.filter(kind=Kind.STAFF), pk=pk)
    if request.method == "POST":
        reset_second_factor(person, by=request.user, at=timezone.now())
        messages.success(request, "Done. They set up a new second step when they next sign in.")
        return redirect("admin:accounts_user_changelist")
    page = {"title": person.display_name, "subtitle": None, "person": person, "refusal": ""}
    return render(request, "admin/accounts/user/reset_factor.html", admin.site.each_context(request) | page)
