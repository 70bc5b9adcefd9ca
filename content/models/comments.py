"""Comments below articles: what visitors wrote, and what moderators decided about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Q, When

from content.models.articles import Article
from content.screening import Reason
from practices.models import ClinicModel
from practices.vault import Purpose, SealedTextField

# How long it can be told that two comments came from one address, and how long what nobody will read is kept.
SENDER_KEPT = timedelta(days=2)
REFUSED_KEPT = timedelta(days=30)
AKISMET_NOTICE = (
    "To keep out spam, your comment, the name you give, the address of this article and the time are also sent to Akismet,"
    " a service in the United States. Your internet address and your mail address are not."
)


class CommentSettings(ClinicModel):
    """How this clinic takes comments. One row; without it there are none."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    is_on = models.BooleanField(default=False)
    closes_after_days = models.PositiveSmallIntegerField(null=True, blank=True, default=60)
    blocked_words = models.TextField(blank=True, max_length=4000)
    akismet_key = SealedTextField(purpose=Purpose.CONTACT, null=True)
    akismet_notice = models.TextField(max_length=600, default=AKISMET_NOTICE)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="comment_settings_only_one", condition=Q(only=True))]

    @classmethod
    def here(cls) -> "CommentSettings":
        """Those of the current clinic; nothing is stored until they are changed."""
        return cls.objects.filter(only=True).first() or cls()

    @property
    def has_akismet(self) -> bool:
        """Without opening the key."""
        return bool(self.__dict__.get("akismet_key"))

    @property
    def blocked(self) -> list[str]:
        """Words and phrases, one a line."""
        return [line.strip() for line in self.blocked_words.splitlines() if line.strip()]

    def is_open_on(self, article: Article, *, at: datetime) -> bool:
        """Whether a reader may add a comment: the article's own switch counts first, then the clinic's."""
        if article.status != Article.Status.PUBLISHED or article.is_for_clients or article.first_published_at is None:
            return False
        says = article.commenting
        is_on = self.is_on if says == Article.Commenting.INHERIT else says == Article.Commenting.ON
        return is_on and not self.is_over_for(article, at=at)

    def is_over_for(self, article: Article, *, at: datetime) -> bool:
        """Whether the article is too old to be commented on."""
        if self.closes_after_days is None or article.first_published_at is None:
            return False
        return at >= article.first_published_at + timedelta(days=self.closes_after_days)


class CommentQuerySet(models.QuerySet["Comment"]):
    def held(self) -> "CommentQuerySet":
        """Waiting for a moderator."""
        return self.filter(state=Comment.State.HELD)

    def approved(self) -> "CommentQuerySet":
        """What readers see."""
        return self.filter(state=Comment.State.APPROVED)

    def by_sender(self, sender: bytes) -> "CommentQuerySet":
        return self.filter(sender=sender)

    def sent_since(self, moment: datetime) -> "CommentQuerySet":
        return self.filter(sent_at__gt=moment)

    def newest_first(self) -> "CommentQuerySet":
        return self.order_by("-sent_at", "-pk")

    def to_be_read(self) -> "CommentQuerySet":
        """As moderators read them: first whoever may need help, then the newest."""
        may_need_help = Case(When(reasons__contains=[Reason.CRISIS], then=0), default=1)
        return self.order_by(may_need_help, "-sent_at", "-pk")

    def with_sender_due(self, at: datetime) -> "CommentQuerySet":
        """Whose sender must be forgotten by now."""
        return self.filter(sender__isnull=False, sent_at__lte=at - SENDER_KEPT)

    def refused(self) -> "CommentQuerySet":
        return self.filter(state__in=[Comment.State.SPAM, Comment.State.REMOVED])

    def refused_due(self, at: datetime) -> "CommentQuerySet":
        """Refused so long ago that nobody will ask."""
        return self.refused().filter(decided_at__lte=at - REFUSED_KEPT)

    def outside_due(self, at: datetime) -> "CommentQuerySet":
        """To be asked or told about outside the house by now."""
        return self.filter(outside_at__lte=at)


class Comment(ClinicModel):
    """What somebody wrote below an article. Nobody's account, mail address or internet address is in it."""

    class State(models.TextChoices):
        HELD = "held"
        APPROVED = "approved"
        SPAM = "spam"
        REMOVED = "removed"

    class Outside(models.TextChoices):
        """What the spam service is still to be asked, or told."""

        CHECK = "check"
        SPAM = "spam"
        HAM = "ham"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    pseudonym = models.CharField(max_length=200)
    body = models.TextField(max_length=3000)
    is_by_staff = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    # Why the checks looked twice: codes of content.screening.
    reasons = ArrayField(models.CharField(max_length=12), default=list)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # A keyed hash of the address it came from, for limits; forgotten after SENDER_KEPT.
    sender = models.BinaryField(max_length=32, null=True)
    # A hash of the words alone, by which the same text is known again.
    fingerprint = models.BinaryField(max_length=32)
    # A keyed hash of the code by which its writer can erase it.
    code_index = models.BinaryField(max_length=32, unique=True)
    outside = models.CharField(max_length=5, choices=Outside, blank=True, default="")
    outside_at = models.DateTimeField(null=True)
    outside_tries = models.PositiveSmallIntegerField(default=0)
    # Whether it was ever sent outside: only then may a moderator's verdict follow it.
    went_outside = models.BooleanField(default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_state_known", condition=Q(state__in=["held", "approved", "spam", "removed"])
            ),
            models.CheckConstraint(
                name="comment_decided_unless_held",
                condition=Q(state="held", decided_at=None) | (~Q(state="held") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="comment_has_words", condition=~Q(pseudonym="") & ~Q(body="")),
            models.CheckConstraint(
                name="comment_outside_has_moment",
                condition=Q(outside="", outside_at=None) | (~Q(outside="") & Q(outside_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["article", "sent_at"], condition=Q(state="approved"), name="comment_shown"),
            models.Index(fields=["state", "-sent_at"], name="comment_queue"),
            models.Index(fields=["fingerprint"], name="comment_fingerprint"),
            models.Index(fields=["sent_at"], condition=Q(sender__isnull=False), name="comment_sender"),
            models.Index(fields=["outside_at"], condition=Q(outside_at__isnull=False), name="comment_outside"),
        ]


# Which decision may follow which: spam and removed are two ways out, and from both the only way is back.
CHANGES: Mapping[str, frozenset[str]] = {
    Comment.State.HELD: frozenset({Comment.State.APPROVED, Comment.State.SPAM, Comment.State.REMOVED}),
    Comment.State.APPROVED: frozenset({Comment.State.HELD, Comment.State.SPAM, Comment.State.REMOVED}),
    Comment.State.SPAM: frozenset({Comment.State.HELD, Comment.State.APPROVED}),
    Comment.State.REMOVED: frozenset({Comment.State.HELD, Comment.State.APPROVED}),
}
