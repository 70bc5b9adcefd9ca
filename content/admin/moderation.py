"""The moderation queue: read, decide, take it back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.admin.base import moment_in_words
from content.comment_forms import DecisionForm
from content.models import Comment
from content.models.comments import CHANGES
from content.screening import Reason
from content.services.commenting import erase_comment
from content.services.moderating import DECISIONS, CommentStateError
from practices.accounts.access import UserRequest, allowed
from practices.accounts.models import User
from practices.accounts.permissions import Act

ON_A_PAGE = 50
UNDO = "comments_undo"
State = Comment.State
TABS = ((State.HELD, "Held"), (State.APPROVED, "Approved"), (State.SPAM, "Spam"), (State.REMOVED, "Removed"))
DONE = {State.APPROVED: "approved", State.SPAM: "marked as spam", State.REMOVED: "removed", State.HELD: "held again"}
# Words for the chip, and its tone.
REASONS = {
    Reason.CRISIS: ("May need help", "bad"),
    Reason.LINKS: ("Links", "warm"),
    Reason.MARKUP: ("Code or markup", "warm"),
    Reason.BLOCKED: ("A word on your list", "warm"),
    Reason.SCRIPT: ("Another alphabet", "warm"),
    Reason.LANGUAGE: ("Another language", "warm"),
    Reason.SHOUTING: ("Capitals or repeats", "warm"),
    Reason.REPEATED: ("Sent before", "warm"),
    Reason.FAST: ("Typed very fast", "warm"),
    Reason.TRAP: ("Filled in a hidden field", "warm"),
    Reason.AKISMET: ("Akismet says spam", "warm"),
}
EMPTY = {
    State.HELD: ("Nothing waits to be read", "What readers send appears here before anybody else sees it."),
    State.APPROVED: ("Nothing is approved yet", "What you approve appears below its article, and here."),
    State.SPAM: ("No spam", "What is marked as spam stays here for 30 days, then it is deleted."),
    State.REMOVED: ("Nothing was removed", "What you remove stays here for 30 days, then it is deleted."),
}


@require_safe
@allowed(Act.MODERATE_COMMENTS)
def queue(request: UserRequest) -> HttpResponse:
    """The comments of one state: whoever may need help on top, then the newest."""
    shown = State(request.GET["show"]) if request.GET.get("show") in State.values else State.HELD
    page = page_of(request, shown)
    counts = dict(Comment.objects.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "title": "Comments",
        "shown": shown,
        "tabs": [(state, label, counts.get(state, 0)) for state, label in TABS],
        "page": page,
        "lines": [line_of(comment) for comment in page],
        "choices": [
            state for state in (State.APPROVED, State.SPAM, State.REMOVED, State.HELD) if state in CHANGES[shown]
        ],
        "empty": EMPTY[shown],
        "undo": request.session.get(UNDO) if "done" in request.GET else None,
    }
    return desk_page(request, "queue.html", context)


@require_POST
@allowed(Act.MODERATE_COMMENTS)
def decide(request: UserRequest) -> HttpResponse:
    """One decision about one comment, or about all that are ticked."""
    form = DecisionForm(request.POST)
    back = back_to(form.data.get("show", ""))
    if not form.is_valid():
        messages.warning(request, "Tick the comments first, then choose what happens to them.")
        return redirect(back)
    to, chosen = form.cleaned_data["to"], form.cleaned_data["comments"]
    found = Comment.objects.filter(pk__in=chosen)
    before = decide_about(found, to=to, by=request.user, at=timezone.now())
    if before:
        request.session[UNDO] = {"said": said(len(before), to), "before": before}
        back = back_to(form.data.get("show", ""), done="1")
    if len(before) < len(chosen):
        messages.warning(request, "Somebody else decided about the others meanwhile.")
    return redirect(back)


@require_POST
@allowed(Act.MODERATE_COMMENTS)
def undo(request: UserRequest) -> HttpResponse:
    """Take the last decision back: each comment is again what it was."""
    last = request.session.pop(UNDO, None)
    if last:
        at = timezone.now()
        for state in State.values:
            ids = [UUID(pk) for pk, was in last["before"].items() if was == state]
            decide_about(Comment.objects.filter(pk__in=ids), to=State(state), by=request.user, at=at)
        messages.success(request, "Taken back.")
    return redirect(back_to(request.POST.get("show", "")))


@require_http_methods(["GET", "POST"])
@allowed(Act.MODERATE_COMMENTS)
def erase(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then erase a comment at its writer's request."""
    comment = get_object_or_404(Comment.objects.select_related("article"), pk=pk)
    if request.method == "POST":
        erase_comment(comment, by=request.user, at=timezone.now())
        request.session.pop(UNDO, None)
        messages.success(request, "The comment is erased.")
        return redirect("admin:comments")
    return desk_page(request, "erase.html", {"title": "Erase this comment?", "line": line_of(comment)})


def decide_about(comments: Iterable[Comment], *, to: State, by: User, at: datetime) -> dict[str, str]:
    """Decide about each; gives what each was before, without those that somebody else decided about meanwhile."""
    before = {}
    for comment in comments:
        try:
            DECISIONS[to](comment, by=by, at=at)
        except CommentStateError:
            continue
        before[str(comment.pk)] = comment.state
    return before


def said(count: int, to: State) -> str:
    return f"{count} comment{'' if count == 1 else 's'} {DONE[to]}."


def back_to(shown: str, **query: str) -> str:
    """The queue as it was; `done` has it offer to take the last decision back."""
    if shown in State.values and shown != State.HELD:
        query["show"] = shown
    return reverse("admin:comments") + (f"?{urlencode(query)}" if query else "")


def page_of(request: HttpRequest, shown: State) -> Page[Comment]:
    found = Comment.objects.filter(state=shown).select_related("article", "decided_by")
    # Whoever was taken for spam may need help, too.
    comments = found.to_be_read() if shown in (State.HELD, State.SPAM) else found.newest_first()
    try:
        return Paginator(comments, ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


def line_of(comment: Comment) -> dict[str, Any]:
    """A comment as the queue shows it."""
    by = comment.decided_by
    return {
        "comment": comment,
        "sent": moment_in_words(comment.sent_at),
        "reasons": [REASONS[Reason(reason)] for reason in comment.reasons],
        "decided": f"{by.display_name}, {moment_in_words(comment.decided_at)}" if by and comment.decided_at else "",
    }


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = admin.site.each_context(request) | {"subtitle": None}
    return render(request, f"admin/content/comments/{template}", frame | context, status=status)
