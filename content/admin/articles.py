"""Articles: written, published and withdrawn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from content.admin import article_pages, autosave, preview, revisions
from content.admin.base import NamedAdmin, moment_in_words
from content.body import suggested_prompts
from content.editor import EditorAdminMixin
from content.forms import ArticleForm
from content.models import Article, Author, Exercise
from content.services.articles import publish_article
from content.services.workflow import save_article, submit_article, take_back_article
from content.workflow import Step
from practices.accounts.access import deny
from practices.accounts.models import User
from practices.accounts.permissions import Act

CHIPS = {
    Article.Status.DRAFT: {"text": "draft", "icon": "draft", "tone": "line"},
    Article.Status.PUBLISHED: {"text": "published", "icon": "check", "tone": "good"},
    Article.Status.WITHDRAWN: {"text": "withdrawn", "icon": "close", "tone": "warm"},
}

STEP_CHIPS = {
    Step.IN_REVIEW: {"text": "in review", "icon": "eye", "tone": "warm"},
    Step.SCHEDULED: {"text": "scheduled", "icon": "clock", "tone": "accent"},
}
STILL_WRITING = timedelta(minutes=10)
PAGES = (
    ("withdraw", article_pages.withdraw_page, "withdraw"),
    ("schedule", article_pages.schedule_page, "schedule"),
    ("send-back", article_pages.send_back_page, "send_back"),
    ("autosave", autosave.autosave, "autosave"),
    ("preview", preview.preview_page, "preview"),
    ("preview/frame", preview.frame, "frame"),
    ("revisions", revisions.revisions_page, "revisions"),
    ("revisions/<int:number>", revisions.revision_page, "revision"),
    ("revisions/<int:number>/restore", revisions.restore_page, "restore"),
)


def chips_of(article: Article) -> list[dict[str, str]]:
    """What readers see, and what becomes of what is being written; one word where that says both."""
    step = STEP_CHIPS.get(Step(article.step))
    if step and article.status == Article.Status.DRAFT:
        return [step]
    return [CHIPS[Article.Status(article.status)], *([step] if step else [])]


def other_writer(article: Article, *, user: Any, at: datetime) -> User | None:
    """Whoever else saved it a moment ago, and is probably still writing."""
    writer: User | None = article.changed_by
    return writer if writer and writer != user and at - article.changed_at < STILL_WRITING else None


class StepFilter(admin.ChoicesFieldListFilter):
    """The first step has no name in the database; as a link it needs one."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "being written"}


@admin.register(Article)
class ArticleAdmin(EditorAdminMixin, NamedAdmin):
    name_field = "title"
    act_to_view = act_to_add = act_to_change = Act.WRITE_ARTICLES
    form = ArticleForm
    list_display = ("title", "byline_text", "state", "audience", "questions", "changed")
    list_filter = ("status", ("step", StepFilter), "audience")
    list_select_related = ("byline",)
    search_fields = ("title", "byline__name")
    ordering = ("-changed_at", "-pk")
    fieldsets = (
        (None, {"fields": ("title", "body", "seen")}),
        ("Who wrote it", {"fields": ("byline", ("guest_name", "guest_credentials"))}),
        ("Cover", {"fields": ("cover", "cover_file", "cover_alt", "cover_credit")}),
        (
            "What it is about",
            {"fields": ("topics", ("series", "part"), "related", "related_more", "goes_with", "goes_with_more")},
        ),
        ("In lists, and for whom", {"fields": ("excerpt", "audience", "commenting", "slug")}),
    )

    @admin.display(description="author", ordering="byline__name")
    def byline_text(self, article: Article) -> str:
        return article.byline.byline

    @admin.display(description="state", ordering="status")
    def state(self, article: Article) -> SafeString:
        return render_to_string("admin/content/article/chips.html", {"chips": chips_of(article)})

    @admin.display(description="questions")
    def questions(self, article: Article) -> str:
        count = article.question_count
        return f"{count}\u00a0question{'' if count == 1 else 's'}" if count else "none"

    @admin.display(description="changed", ordering="changed_at")
    def changed(self, article: Article) -> str:
        return moment_in_words(article.changed_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.select_related("byline", "current", "step_by", "changed_by").defer("current__search")

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(f"<uuid:pk>/{route}/", self.admin_site.admin_view(view), name=f"content_article_{name}")
            for route, view, name in PAGES
        ]
        begin = self.admin_site.admin_view(autosave.autosave)
        return [path("add/autosave/", begin, name="content_article_begin"), *pages, *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"byline": Author.objects.filter(user=request.user.pk).first()}

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        user = request.user
        may_publish = isinstance(user, User) and user.may(Act.PUBLISH_ARTICLES)
        if request.POST.keys() & {"_publish", "_schedule", "_send_back"} and isinstance(user, User) and not may_publish:
            deny(user)
        return super().changeform_view(request, object_id, form_url, {"may_publish": may_publish})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context["original"]
        user = request.user
        may_assign = isinstance(user, User) and user.may(Act.ASSIGN_WORK)
        linked = (
            Exercise.objects.assignable().select_related("current").filter(article=article).first() if article else None
        )
        added = {
            "chips": chips_of(article) if article else [],
            "autosave": self.autosave_address(article),
            "other_writer": other_writer(article, user=user, at=timezone.now()) if article else None,
            "may_assign": may_assign and linked is not None,
            "linked": linked,
            "suggestions": suggested_prompts(article.body) if article else [],
        }
        return super().render_change_form(request, context | added, *args, **kwargs)

    def autosave_address(self, article: Article | None) -> str:
        """Where the page saves what is typed; nowhere while the article is scheduled, for it appears as it is saved."""
        if article is None:
            return reverse("admin:content_article_begin")
        if article.step == Step.SCHEDULED:
            return ""
        return reverse("admin:content_article_autosave", args=[article.pk])

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)
        now = timezone.now()
        if "_take_back" in request.POST and obj.step != Step.WRITING:
            take_back_article(obj, by=request.user, at=now)
            obj.refresh_from_db(fields=("step", "step_by", "step_at", "publish_at"))
        save_article(obj, guest=form.guest, cover=form.new_cover, by=request.user, at=now)
        if "_publish" in request.POST:
            publish_article(obj, by=request.user, at=now)
        elif "_submit" in request.POST and obj.step == Step.WRITING:
            submit_article(obj, by=request.user, at=now)
        obj.refresh_from_db()

    def response_saved(self, request: HttpRequest, row: Article) -> HttpResponse:
        """Stay with the article, saying what readers see now."""
        if "_prompt" in request.POST or "_suggest" in request.POST:
            return self.response_questions(request, row)
        for button in ("_schedule", "_send_back"):
            if button in request.POST:
                return redirect(f"admin:content_article{button}", row.pk)
        if "_publish" in request.POST:
            messages.success(request, f"“{row.title}” is published. Readers see it now.")
        elif row.step == Step.IN_REVIEW:
            messages.success(request, "Saved. An editor or an owner reads it before it appears.")
        elif row.publish_at:
            messages.success(request, f"Saved. It appears like this on {moment_in_words(row.publish_at)}.")
        elif row.status == Article.Status.PUBLISHED and row.has_unpublished_changes:
            messages.success(request, "Saved. Readers see your changes when you publish them.")
        elif row.status == Article.Status.PUBLISHED:
            messages.success(request, "Saved. Readers see the same.")
        else:
            messages.success(request, "Saved. Readers don’t see it yet.")
        return redirect("admin:content_article_change", row.pk)

    def response_questions(self, request: HttpRequest, row: Article) -> HttpResponse:
        """Down to the questions that were found in what is saved now."""
        if "_prompt" in request.POST:
            messages.success(request, "Saved, with the question as a prompt. Readers see it so when you publish.")
        else:
            found = len(suggested_prompts(row.body))
            messages.success(request, f"Saved. {found or 'No'} question{'' if found == 1 else 's'} found in the text.")
        return redirect(reverse("admin:content_article_change", args=[row.pk]) + "#questions")
