"""The tags of the shared look."""

from types import SimpleNamespace

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import include, path

from practices.templatetags.look import initials, tel


def page(request: object) -> HttpResponse:
    """Stand in for a view; only its name is used."""
    return HttpResponse()


articles = [path("", page, name="articles"), path("<slug:slug>/", page, name="article")]
urlpatterns = [path("", page, name="home"), path("articles/", include(articles))]


class VisitForm(forms.Form):
    email = forms.EmailField(label="Your email address", help_text="We will mail you a code.")
    mood = forms.ChoiceField(choices=[("good", "Good"), ("bad", "Bad")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I have read this")


def nav_link(name: str, at: str) -> str:
    context = Context({"request": RequestFactory().get(at)})
    return Template(f'{{% load look %}}{{% nav_link "{name}" "Read" "read" %}}').render(context).strip()


@pytest.mark.parametrize(
    ("at", "current"),
    [("/articles/", 'aria-current="page"'), ("/articles/rest/", 'aria-current="true"'), ("/", "")],
)
@override_settings(ROOT_URLCONF=__name__)
def test_a_navigation_link_knows_where_the_reader_is(at: str, current: str) -> None:
    link = nav_link("articles", at)

    assert 'href="/articles/"' in link
    assert (current in link) if current else ("aria-current" not in link)


@override_settings(ROOT_URLCONF=__name__)
def test_a_navigation_link_without_a_page_is_left_out() -> None:
    assert "<a" not in nav_link("team", "/")


@pytest.mark.parametrize(
    ("number", "link"), [("0808 157 0142", "08081570142"), ("+44 (0)1632 960-311", "+4401632960311")]
)
def test_a_telephone_number_becomes_a_link_target(number: str, link: str) -> None:
    assert tel(number) == link


@pytest.mark.parametrize(
    ("name", "letters"), [("Ruth Adeyemi", "RA"), ("ana", "A"), ("Ana Maria de Sousa", "AS"), ("", "")]
)
def test_initials_are_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_field_with_an_error_names_its_hint_and_its_error() -> None:
    form = VisitForm({"email": "ana@"})

    field = render_to_string("practices/parts/field.html", {"field": form["email"]})

    assert 'class="input"' in field
    assert 'aria-describedby="id_email_helptext id_email_error"' in field
    assert 'id="id_email_helptext"' in field
    assert 'id="id_email_error"' in field


def test_a_choice_is_a_group_with_a_legend() -> None:
    field = render_to_string("practices/parts/field.html", {"field": VisitForm()["mood"]})

    assert "<legend>Mood</legend>" in field
    assert field.count("<label") == 2


def test_the_error_summary_leads_to_each_field() -> None:
    form = VisitForm({"email": "ana@", "agree": "on"})

    summary = render_to_string("practices/parts/error_summary.html", {"form": form})

    assert 'href="#id_email"' in summary
    assert 'href="#id_mood"' in summary
    assert 'href="#id_agree"' not in summary


def test_the_messages_of_a_page_are_told_apart_by_shape() -> None:
    messages = [SimpleNamespace(level_tag=level) for level in ("error", "warning", "success")]

    shown = render_to_string("practices/parts/messages.html", {"messages": messages})

    assert [icon in shown for icon in ("#i-alert", "#i-info", "#i-check")] == [True, True, True]
