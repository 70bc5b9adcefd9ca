"""An article's revisions: what changed from one to the next, and back to an earlier one."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from content.admin.article_pages import article_page, back_to
from content.body.differences import Passage, changed_line, differences
from content.models import Article, ArticleRevision
from content.services.workflow import restore_revision
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@dataclass(frozen=True, slots=True)
class State:
    """What an article said at one time."""

    title: str = ""
    byline: str = ""
    excerpt: str = ""
    cover: str = ""
    body: str = ""

    @classmethod
    def of(cls, what: Article | ArticleRevision) -> "State":
        byline = what.byline if isinstance(what, ArticleRevision) else what.byline.byline
        return cls(what.title, byline, what.excerpt, what.cover.alt if what.cover else "", what.body)


def changes(before: State, after: State) -> list[Passage]:
    """From the one to the other, the title first."""
    lines = [
        changed_line(name, getattr(before, field), getattr(after, field))
        for name, field in (("Title", "title"), ("Author", "byline"), ("Summary", "excerpt"), ("Cover", "cover"))
    ]
    return [*(line for line in lines if line), *differences(before.body, after.body)]


def with_all(pk: UUID) -> Article:
    return get_object_or_404(Article.objects.select_related("byline", "cover", "current"), pk=pk)


def revision_of(article: Article, number: int) -> ArticleRevision:
    found: ArticleRevision = get_object_or_404(article.revisions.select_related("cover").defer("search"), number=number)
    return found


@require_safe
@allowed(Act.WRITE_ARTICLES)
def revisions_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """All of them, the newest first; above them what is not published."""
    article = with_all(pk)
    revisions = article.revisions.select_related("published_by").defer("search", "body").order_by("-number")
    passages = unpublished(article)
    return article_page(request, "revisions.html", "Revisions", article, {"revisions": revisions, "passages": passages})


def unpublished(article: Article) -> list[Passage]:
    """What readers would see anew; nothing if they see what is saved, or have seen nothing yet."""
    if article.current is None or not article.has_unpublished_changes:
        return []
    return changes(State.of(revision_of(article, article.current.number)), State.of(article))


@require_safe
@allowed(Act.WRITE_ARTICLES)
def revision_page(request: UserRequest, pk: UUID, number: int) -> HttpResponse:
    """What this revision changed."""
    article = with_all(pk)
    revision = revision_of(article, number)
    before = State.of(revision_of(article, number - 1)) if number > 1 else State()
    passages = changes(before, State.of(revision))
    return article_page(
        request, "revision.html", f"Revision {number}", article, {"revision": revision, "passages": passages}
    )


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def restore_page(request: UserRequest, pk: UUID, number: int) -> HttpResponse:
    """Show what would change in what is being written, then change it."""
    article = with_all(pk)
    revision = revision_of(article, number)
    if request.method == "POST":
        restore_revision(article, revision, by=request.user, at=timezone.now())
        messages.success(request, f"The draft is as revision {number} was. Readers see it when you publish.")
        return back_to(article)
    passages = changes(State.of(article), State.of(revision))
    return article_page(
        request, "restore.html", f"Go back to revision {number}?", article, {"revision": revision, "passages": passages}
    )
