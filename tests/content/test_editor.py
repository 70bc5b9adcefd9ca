"""The article field cleans what it is given and brings its scripts under a strict policy."""

import json

import pytest
from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from content.body import blocks
from content.editor import (
    EXTENSIONS,
    ArticleBodyField,
    ArticleBodyWidget,
    EditorAdminMixin,
)


class ArticleForm(forms.Form):
    body = ArticleBodyField()


def test_the_field_keeps_the_body_in_its_one_form() -> None:
    form = ArticleForm({"body": '<p onclick="x">Text</p><p></p><p data-prompt="">Why?</p>'})

    assert form.is_valid()
    assert [block.kind for block in blocks(form.cleaned_data["body"])] == [
        "prose",
        "prompt",
    ]
    assert "onclick" not in form.cleaned_data["body"]


def test_a_body_that_cannot_be_kept_is_an_error_in_words() -> None:
    form = ArticleForm({"body": "x" * 300_000})

    assert form.errors["body"] == ["This text is too long. Split it into two articles."]


@pytest.mark.parametrize("empty", ["", "<p></p>", "<p>&nbsp;</p>", "<script>alert(1)</script>"])
def test_a_body_without_words_counts_as_missing(empty: str) -> None:
    assert ArticleForm({"body": empty}).errors["body"] == ["This field is required."]


def test_without_scripts_the_field_is_a_textarea_that_holds_the_text() -> None:
    html = str(ArticleForm(initial={"body": "<p>Text</p>"})["body"])

    assert html.startswith("<textarea")
    assert "&lt;p&gt;Text&lt;/p&gt;" in html


def test_what_the_editor_reads_is_cleaned_and_what_is_too_long_is_kept() -> None:
    assert "onerror" not in str(ArticleForm(initial={"body": "<p>Text</p><img src=x onerror=alert(1)>"})["body"])
    assert "onerror" not in str(ArticleForm({"body": "<img src=x onerror=alert(1)>"})["body"])
    assert "x" * 300_000 in str(ArticleForm({"body": "x" * 300_000})["body"])


def test_the_editor_loads_our_own_blocks() -> None:
    context = ArticleBodyWidget().get_context("body", "", {"id": "id_body"})

    config = json.loads(context["widget"]["attrs"]["data-django-prose-editor-configurable"])

    assert [module.rpartition("/")[2].partition(".")[0] for module in config["js_modules"]] == [
        "blocks",
        "pictures",
        "pasting",
        "counting",
        "toolbar",
    ]
    assert {name for name, value in EXTENSIONS.items() if value} <= set(config["extensions"])
    assert "Menu" not in config["extensions"]


def test_the_import_map_carries_the_nonce_of_the_page() -> None:
    class Page(ModelAdmin):  # type: ignore[type-arg]
        def __init__(self) -> None:
            """Needs no model to render its context."""

        def render_change_form(self, request, context, *args, **kwargs):  # type: ignore[no-untyped-def]
            return HttpResponse(str(context["media"]))

    class ArticlePage(EditorAdminMixin, Page):
        """An admin page with the editor on it."""

    media = forms.Media(js=["admin/js/core.js"]) + ArticleForm().media

    request = HttpRequest()
    request.csp_nonce = "abc"  # type: ignore[attr-defined]

    page = ArticlePage().render_change_form(request, {"media": media}).content.decode()

    assert '<script type="importmap" nonce="abc">' in page
    assert page.index("importmap") < page.index("admin/js/core.js")
