"""That what does not open closes the page, whatever the template does with the error; and that codes have no blind index."""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from clients.models import Response
from clients.services.reviewing import review_response
from practices.accounts.models import User
from practices.identifiers import new_id
from practices.middleware import SealedMiddleware
from practices.models import Clinic
from practices.vault import BlindIndexField, SealedTextField, VaultError, blind_index, blind_mark
from practices.vault.fields import Sealed
from tests import factories
from tests.harness.browsers import Browser

RAISES = [
    "{{ user.email }}",
    "{{ user.email|default:'none' }}",
    "{{ user.email|default_if_none:'none' }}",
    "{% if user.email %}a{% else %}none{% endif %}",
    "{% with address=user.email %}{{ address }}{% endwith %}",
    "{% for letter in user.email %}{{ letter }}{% empty %}none{% endfor %}",
    "{% firstof user.email 'none' %}",
    "{% ifchanged user.email %}a{% else %}none{% endifchanged %}",
]
SWALLOWED = [
    "{% if not user.email %}none{% endif %}",
    "{% if user.email == '' %}none{% else %}a{% endif %}",
    "{% if user.email and user %}a{% else %}none{% endif %}",
    "{% if user or user.email %}a{% endif %}{% if user.email or user %}b{% else %}none{% endif %}",
    "{% if 'x' in user.email %}a{% else %}none{% endif %}",
    "{% if user.email is not None %}a{% else %}none{% endif %}",
]


@pytest.fixture
def damaged(north: Clinic) -> User:
    """Their address does not open."""
    made = factories.staff()
    value = bytearray(User.objects.values_list("email", flat=True).get(pk=made.pk))
    value[-1] ^= 1
    User.objects.filter(pk=made.pk).update(email=Sealed(value))
    return User.objects.get(pk=made.pk)


def page(template: str, user: User) -> HttpResponse:
    """What the page becomes that this template makes."""
    request = RequestFactory().get("/")
    request.id = new_id()

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(Template(template).render(Context({"user": user})))

    return SealedMiddleware(view)(request)


@pytest.mark.parametrize("template", RAISES)
def test_django_lets_the_error_out(template: str, damaged: User) -> None:
    with pytest.raises(VaultError):
        page(template, damaged)


@pytest.mark.parametrize("template", SWALLOWED)
def test_what_django_swallows_in_a_condition_closes_the_page_all_the_same(
    template: str, damaged: User, caplog: pytest.LogCaptureFixture
) -> None:
    Template(template).render(Context({"user": damaged}))

    with caplog.at_level(logging.CRITICAL):
        answer = page(template, damaged)

    assert answer.status_code == 503
    assert "can’t be opened just now" in answer.content.decode()
    assert str(damaged.pk) in caplog.text


@pytest.mark.parametrize("template", [*RAISES, *SWALLOWED])
def test_what_opens_is_shown(template: str, north: Clinic) -> None:
    assert page(template, factories.staff()).status_code == 200


def test_the_next_page_is_not_closed_by_the_last(damaged: User) -> None:
    assert page(SWALLOWED[0], damaged).status_code == 503

    assert page("{{ user.pk }}", damaged).status_code == 200


def test_a_reply_that_does_not_open_is_not_taken_for_none(north: Clinic, clinician: User, submitted: Response) -> None:
    """On a real page, and with every header that a page has."""
    review = review_response(submitted, reply="Thank you.", by=clinician, at=factories.AT)
    value = bytearray(type(review).objects.values_list("reply", flat=True).get(pk=review.pk))
    value[-1] ^= 1
    type(review).objects.filter(pk=review.pk).update(reply=Sealed(value))

    answer = Browser(north).sign_in(clinician).get(f"/admin/queue/{submitted.pk}/")

    assert answer.status_code == 503
    assert "Without a reply" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


# ── Codes ──


def calls_of(name: str) -> Iterator[tuple[str, str]]:
    """Where the function is called, and with what."""
    for floor in ("practices", "content", "clients", "config"):
        for file in sorted(Path(settings.BASE_DIR, floor).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                    yield file.relative_to(settings.BASE_DIR).as_posix(), ast.unparse(node.args[0])


def test_only_addresses_have_a_blind_index() -> None:
    """It is made anew when its key rotates, which takes the sealed value beside it; of a code there is none."""
    assert set(calls_of("blind_index")) == {
        ("practices/accounts/models.py", "email"),
        ("practices/accounts/services/invitations.py", "email"),
        ("practices/vault/columns.py", "getattr(row, self.field.of)"),
        # Of the address that lies in the same row, which came from elsewhere.
        ("practices/vault/columns.py", "str(address)"),
    }


def test_every_blind_index_lies_beside_the_sealed_value_that_it_is_of() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    indexes = [field for field in fields if isinstance(field, BlindIndexField)]

    assert indexes
    for field in indexes:
        assert isinstance(field.model._meta.get_field(field.of), SealedTextField)
        assert not any(word in field.name for word in ("code", "token", "hash"))


def test_a_code_and_an_address_that_read_the_same_are_not_marked_the_same(north: Clinic) -> None:
    assert blind_index("a@example.org") != blind_mark("a@example.org")
