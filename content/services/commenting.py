"""What a reader can do: send a comment, and erase it again."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction

from content.models import Article, Comment, CommentSettings
from content.pages import forget_pages
from content.screening import Reason, fingerprint_of, reasons_in, speaks_of_crisis
from content.services.outside import ask_about
from content.services.tending import wake_to_tend
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.tenancy import current_clinic
from practices.vault import blind_mark

# From one address, and at one clinic from all of them.
MOST_AN_HOUR, MOST_A_DAY, MOST_AT_THE_CLINIC = 5, 20, 120
# No vowels, so that no code spells a word, and nothing that looks like something else.
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
CODE_LENGTH = 16


class CommentsClosedError(Exception):
    """This article takes no comments, or no longer."""


class TooManyCommentsError(Exception):
    """One address, or all together, sent more than anybody could read."""


class CommentAlreadySentError(Exception):
    """The same words came from the same address for the same article."""


class NoSuchCommentError(Exception):
    """No comment here has this code."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A comment that was taken, and the code by which its writer can erase it; the code is stored nowhere."""

    comment: Comment
    code: str


@transaction.atomic
def post_comment(
    article: Article,
    *,
    pseudonym: str,
    body: str,
    address: str | None,
    by: User | None,
    at: datetime,
    is_trapped: bool = False,
    is_fast: bool = False,
) -> Sent:
    """Hold a comment until somebody has read it; what fell into the trap, or was called spam before, is spam at once.

    `address` is the sender's network address, of which only a keyed hash is kept; `by` a member of staff who chose to be named.
    Raises CommentsClosedError, TooManyCommentsError and CommentAlreadySentError.
    """
    rules = CommentSettings.here()
    if not rules.is_open_on(article, at=at):
        raise CommentsClosedError("Comments on this article are closed.")
    sender, fingerprint = sender_index(address), fingerprint_of(body)
    check_limits(article, sender=sender, fingerprint=fingerprint, at=at)
    same = Comment.objects.filter(fingerprint=fingerprint)
    reasons = [
        *([Reason.CRISIS] if speaks_of_crisis(body, locale=current_clinic().locale) else []),
        *reasons_in(body, name=pseudonym, locale=current_clinic().locale, blocked=rules.blocked),
        *([Reason.REPEATED] if same.exists() else []),
        *([Reason.FAST] if is_fast else []),
        *([Reason.TRAP] if is_trapped else []),
    ]
    is_spam = is_trapped or same.filter(state=Comment.State.SPAM).exists()
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    comment = Comment.objects.create(
        article=article,
        pseudonym=by.byline if by else pseudonym,
        body=body,
        is_by_staff=by is not None,
        state=Comment.State.SPAM if is_spam else Comment.State.HELD,
        decided_at=at if is_spam else None,
        reasons=reasons,
        sent_at=at,
        sender=sender,
        fingerprint=fingerprint,
        code_index=code_index(code),
    )
    record(Action.COMMENT_SENT, subject=comment, by=by, at=at)
    if rules.has_akismet and not is_spam:
        ask_about(comment, at=at)
    wake_to_tend(at=at)
    return Sent(comment, "-".join(re.findall("....", code)))


def check_limits(article: Article, *, sender: bytes, fingerprint: bytes, at: datetime) -> None:
    """Raise TooManyCommentsError or CommentAlreadySentError."""
    mine = Comment.objects.by_sender(sender)
    if mine.filter(article=article, fingerprint=fingerprint).exists():
        raise CommentAlreadySentError("This comment is here already.")
    hour, day = at - timedelta(hours=1), at - timedelta(days=1)
    if (
        mine.sent_since(hour).count() >= MOST_AN_HOUR
        or mine.sent_since(day).count() >= MOST_A_DAY
        or Comment.objects.sent_since(hour).count() >= MOST_AT_THE_CLINIC
    ):
        raise TooManyCommentsError("Too many comments in a short time.")


def sender_index(address: str | None) -> bytes:
    """A keyed hash of where a comment came from: the address, or of version 6 the network that one household has."""
    if address is None:
        return blind_mark("comment sender unknown")
    place = ip_address(address)
    if place.version == 6:
        return blind_mark(f"comment sender {ip_network((place, 64), strict=False)}")
    return blind_mark(f"comment sender {place}")


def code_index(code: str) -> bytes:
    """By which a comment is found from its code, however that was typed; the key is this clinic's own."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return blind_mark(f"comment code {letters}")


@transaction.atomic
def erase_by_code(code: str, *, at: datetime) -> None:
    """Whoever has the code erases the comment. Raises NoSuchCommentError."""
    comment = Comment.objects.select_for_update().filter(code_index=code_index(code)).first()
    if comment is None:
        raise NoSuchCommentError("No comment here has this code.")
    erase_comment(comment, by=None, at=at)


@transaction.atomic
def erase_comment(comment: Comment, *, by: User | None, at: datetime) -> None:
    """Nothing of the comment is left but that there was one; `by` is who did it on request, or nobody by code."""
    record(Action.COMMENT_ERASED, subject=comment, by=by, at=at)
    comment.delete()
    forget_pages()
