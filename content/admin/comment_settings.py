"""How the clinic takes comments: the owner's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.admin.settings_pages import settings_page
from content.comment_forms import CommentSettingsForm
from content.models import CommentSettings
from content.services.moderating import save_settings
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_CLINIC)
def comment_settings(request: UserRequest) -> HttpResponse:
    """On or off, for how long, which words, and whether Akismet is asked."""
    form = CommentSettingsForm(request.POST if request.method == "POST" else None, instance=CommentSettings.here())
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in form.Meta.fields}
        save_settings(**chosen, new_key=form.new_key, by=request.user, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("admin:comment_settings")
    context = {"title": "Comment settings", "form": form, "has_key": CommentSettings.here().has_akismet}
    return settings_page(request, "comments.html", context, status=422 if form.errors else 200)
