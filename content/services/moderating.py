"""What moderators decide: a comment appears, or does not; and how the clinic takes comments at all."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from content.models import Comment, CommentSettings
from content.models.comments import AKISMET_NOTICE, CHANGES
from content.pages import forget_pages
from content.services.outside import tell_about
from content.services.tending import wake_to_tend
from practices.accounts.models import User
from practices.audit.models import Action, record

ACTIONS = {
    Comment.State.HELD: Action.COMMENT_HELD,
    Comment.State.APPROVED: Action.COMMENT_APPROVED,
    Comment.State.SPAM: Action.COMMENT_SPAM,
    Comment.State.REMOVED: Action.COMMENT_REMOVED,
}


class CommentStateError(Exception):
    """The comment can't become this from what it is now, or is gone."""


def approve_comment(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Readers see it from now on. Raises CommentStateError."""
    return change_state(comment, to=Comment.State.APPROVED, by=by, at=at)


def mark_spam(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Nobody sees it, and the same words will be spam at once. Raises CommentStateError."""
    return change_state(comment, to=Comment.State.SPAM, by=by, at=at)


def remove_comment(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Nobody sees it; no spam, but not for this page. Raises CommentStateError."""
    return change_state(comment, to=Comment.State.REMOVED, by=by, at=at)


def hold_comment(comment: Comment, *, by: User, at: datetime) -> Comment:
    """Back among those that wait. Raises CommentStateError."""
    return change_state(comment, to=Comment.State.HELD, by=by, at=at)


DECISIONS: dict[str, Callable[..., Comment]] = {
    Comment.State.APPROVED: approve_comment,
    Comment.State.SPAM: mark_spam,
    Comment.State.REMOVED: remove_comment,
    Comment.State.HELD: hold_comment,
}


@transaction.atomic
def change_state(comment: Comment, *, to: Comment.State, by: User, at: datetime) -> Comment:
    """The one way from state to state; the row is locked, so of two moderators the second sees what the first did."""
    found = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if found is None or to not in CHANGES[found.state]:
        raise CommentStateError("Somebody else decided about this comment meanwhile.")
    was = found.state
    found.state, is_held = to, to == Comment.State.HELD
    found.decided_at, found.decided_by = (None, None) if is_held else (at, by)
    found.save(update_fields=["state", "decided_at", "decided_by"])
    record(ACTIONS[to], subject=found, by=by, at=at)
    if Comment.State.APPROVED in (was, to):
        forget_pages()
    tell_about(found, at=at)
    wake_to_tend(at=at)
    return found


@transaction.atomic
def save_settings(
    *,
    is_on: bool,
    closes_after_days: int | None,
    by: User | None,
    at: datetime,
    blocked_words: str = "",
    akismet_notice: str = AKISMET_NOTICE,
    new_key: str | None = None,
) -> CommentSettings:
    """Keep how the clinic takes comments; a new key replaces the old one, an empty one takes it away, None leaves it.

    The one row is made when first needed; of two who do so at once, the second changes the row of the first.
    """
    CommentSettings.objects.bulk_create([CommentSettings()], ignore_conflicts=True)
    rules = CommentSettings.objects.select_for_update().get(only=True)
    rules.is_on, rules.closes_after_days = is_on, closes_after_days
    rules.blocked_words, rules.akismet_notice = blocked_words, akismet_notice
    if new_key is not None:
        rules.akismet_key = new_key or None
    rules.save()
    record(Action.COMMENT_SETTINGS_CHANGED, subject=rules, by=by, at=at)
    forget_pages()
    return rules
