"""Comments on the public site: send one, erase one."""

from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from content.commenting import CommentForm, commenting_on, is_from_elsewhere, staff_of
from content.models import Article
from content.screening import Reason
from content.services.commenting import (
    CommentAlreadySentError,
    CommentsClosedError,
    NoSuchCommentError,
    TooManyCommentsError,
    erase_by_code,
    post_comment,
)
from practices.accounts.addresses import client_address

TOO_MANY = (
    "Many comments came in a short time, more than we can read. Your text is still here: send it again in an hour."
)


@csrf_exempt  # Its own token stands in: a reader who only reads gets no cookie. See is_from_elsewhere and token_age.
@never_cache
@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a comment; what it lacks is said beside the text, which stays."""
    at = timezone.now()
    article = get_object_or_404(Article.objects.public().with_revision(), slug=slug)
    if request.method == "POST" and is_from_elsewhere(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, article=article, staff=staff_of(request.user), at=at)
    if not form.is_valid():
        return form_page(request, article, form, at=at, status=422 if form.is_bound else 200)
    try:
        sent = post_comment(
            article,
            pseudonym=form.cleaned_data["pseudonym"],
            body=form.cleaned_data["body"],
            address=client_address(request),
            is_trapped=form.is_trapped,
            is_fast=form.is_fast,
            by=form.named_staff,
            at=at,
        )
    except CommentsClosedError:
        return form_page(request, article, form, at=at, status=409)
    except CommentAlreadySentError:
        return sent_page(request, article, {"is_again": True, "is_crisis": False, "sent": None})
    except TooManyCommentsError:
        form.add_error(None, TOO_MANY)
        return form_page(request, article, form, at=at, status=429)
    is_crisis = Reason.CRISIS in sent.comment.reasons
    return sent_page(request, article, {"is_again": False, "is_crisis": is_crisis, "sent": sent})


def form_page(request: HttpRequest, article: Article, form: CommentForm, *, at: datetime, status: int) -> HttpResponse:
    commenting = commenting_on(article, user=request.user, at=at, form=form)
    context = {"title": "Add a comment", "article": article, "commenting": commenting, "form": form}
    return render(request, "content/comments/write.html", context, status=status)


def sent_page(request: HttpRequest, article: Article, context: dict[str, object]) -> HttpResponse:
    """Shown once, in the answer itself: the code stands in no address, and nowhere in the database."""
    return render(
        request, "content/comments/sent.html", {"title": "Your comment is held", "article": article} | context
    )


class EraseForm(forms.Form):
    """The code that was shown when the comment was sent."""

    code = forms.CharField(
        label="Your code",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "long"}),
        help_text="Sixteen letters and digits, as in 2B4D-6F8H-3C5G-7J9K. It was shown when you sent the comment.",
        error_messages={"required": "Write the code first."},
    )


@never_cache
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Whoever has a comment's code erases it, whether it was read, shown or refused."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    is_erased = False
    if form.is_valid():
        try:
            erase_by_code(form.cleaned_data["code"], at=timezone.now())
            is_erased = True
        except NoSuchCommentError:
            form.add_error("code", "We know no comment with this code. Look once more, or write to us.")
    context = {"title": "Erase a comment", "form": form, "is_erased": is_erased}
    return render(request, "content/comments/erase.html", context, status=422 if form.errors else 200)
