"""The owner sees where a colleague is signed in, and ends it."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, allowed
from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind
from practices.accounts.session_views import end_session, sessions_of


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def staff_sessions(request: UserRequest, pk: UUID) -> HttpResponse:
    """A member of staff's sessions, each with a way to end it."""
    person = get_object_or_404(User.objects.filter(kind=Kind.STAFF), pk=pk)
    if request.method == "POST":
        if end_session(person, handle=request.POST.get("which", ""), by=request.user):
            messages.success(request, "That browser is signed out.")
        return redirect("admin:accounts_user_sessions", pk=pk)
    own = request.session.session_key
    page = {"title": person.display_name, "subtitle": None, "person": person, "sessions": sessions_of(person, own=own)}
    return render(request, "admin/accounts/user/sessions.html", admin.site.each_context(request) | page)
