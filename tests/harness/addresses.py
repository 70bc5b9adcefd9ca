"""Every address of a clinic's host, what it is made with, and who asks for it."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone
from PIL import Image

from clients.models import Client, Response
from clients.services.slips import make_slip
from content.models import Article, Exercise
from practices.accounts.models import User
from practices.accounts.services.photos import keep_photo
from practices.identifiers import new_id
from tests import factories
from tests.access_table import ACTORS
from tests.harness.browsers import Browser

ARTICLE_PAGES = (
    "withdraw",
    "schedule",
    "send_back",
    "revisions",
    "revision",
    "restore",
    "preview",
    "frame",
    "autosave",
)
EXERCISE_PAGES = (
    "build",
    "about",
    "prompt_add",
    "prompt",
    "act",
    "discard",
    "publish",
    "try",
    "copy",
    "retire",
    "file",
)


def names(resolver: Any, namespace: str = "") -> Iterator[str]:
    """Each name in the URL map; the admin's catch-alls have none."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield namespace + pattern.name
        elif isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


@pytest.fixture
def things(
    clinician: User,
    other_clinician: User,
    client_person: Client,
    other_client: Client,
    supervisor: User,
    exercise: Exercise,
    article: Article,
) -> SimpleNamespace:
    """One of each, all Cleo's: work to do, a response to read with its alert, and what both are about."""
    keep_photo(clinician, Image.new("RGB", (8, 8)))
    to_do = factories.assignment(client_person, by=clinician, exercise=exercise)
    worrying = factories.ANSWERS | {"safe": "no"}
    done = factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="Another step"))
    response: Response = factories.response(done.occurrences.get(), answers=worrying)
    theirs = factories.client(clinician, first_name="Cora")
    return SimpleNamespace(
        occurrence=to_do.occurrences.get(),
        assignment=to_do,
        response=response,
        alert=response.alert,
        client=client_person,
        relation=client_person.care.get(),
        article=article,
        exercise=exercise,
        user=clinician,
        author=article.byline,
        topic=factories.topic(article),
        series=factories.series(article),
        picture=factories.picture(),
        comment=factories.comment(article),
        content_import=factories.content_import(),
        slip=make_slip(client_person, by=clinician, at=timezone.now())[0],
        glass=factories.broken_glass(theirs, by=other_clinician),
        invitation=factories.invitation(),
        supervision=supervisor.supervisees.get(),
    )


@pytest.fixture
def arguments(things: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """What the address of a row is made with."""
    about = {
        "article": {"slug": things.article.slug},
        "comment": {"slug": things.article.slug},
        "topic": {"slug": things.topic.slug},
        "topic_atom": {"slug": things.topic.slug},
        "series": {"slug": things.series.slug},
        "author": {"slug": things.author.slug},
        "archive_year": {"year": factories.LONG_AGO.year},
        "archive_month": {"year": factories.LONG_AGO.year, "month": factories.LONG_AGO.month},
        "admin:weekly_look": {"monday": factories.LONG_AGO.date().isoformat()},
        "picture_file": {"pk": things.picture.pk, "edition": 1, "width": things.picture.widths[0], "format": "avif"},
        "former_picture": {"pk": things.picture.pk, "width": 480},
        "theme": {"version": "of-another-look"},
        "logo": {"pk": new_id()},
        "account_reset_password_from_key": {"uidb36": things.user.pk.hex, "key": "no-key"},
        "invitation": {"token": "no-token"},
        "admin:app_list": {"app_label": "clients"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "admin:end_supervision": {"pk": things.user.pk, "supervision": things.supervision.pk},
        "admin:content_exercise_library_entry": {"name": "thought-record"},
        "admin:content_exercise_library_copy": {"name": "thought-record"},
        "admin:content_exercise_measure_use": {"key": "phq-9"},
        "admin:export_file": {"kind": "wxr"},
    }
    of = {
        "occurrence": ("portal:work", "portal:draft", "portal:send", "portal:not_now", "portal:plan", "portal:smaller"),
        "response": ("portal:response", "admin:response", "admin:review"),
        "invitation": ("admin:resend_invitation", "admin:revoke_invitation"),
        "alert": ("admin:acknowledge",),
        "assignment": (
            "admin:assignment",
            "admin:move_due",
            "admin:write_note",
            "admin:offer_smaller",
            "admin:withdraw",
        ),
        "client": (
            "admin:client",
            "admin:client_openings",
            "admin:give_care",
            "admin:invite",
            "admin:nudge",
            "admin:pause",
            "admin:resume",
            "admin:break_glass_for",
            "admin:make_slip",
        ),
        "glass": ("admin:end_glass",),
        "slip": ("admin:revoke_slip",),
        "relation": ("admin:end_care",),
        "user": (
            "admin:staff_leaving",
            "admin:staff_staying",
            "admin:accounts_user_reopen",
            "admin:accounts_user_reset_factor",
            "admin:accounts_user_sessions",
            "admin:accounts_user_supervises",
            "admin:accounts_user_supervised",
            "staff_photo",
        ),
        "article": ("admin:article_in_portal", *(f"admin:content_article_{page}" for page in ARTICLE_PAGES)),
        "picture": ("picture", "admin:content_picture_replace", "admin:content_picture_remove"),
        "exercise": tuple(f"admin:content_exercise_{page}" for page in EXERCISE_PAGES),
        "comment": ("admin:comment_erase",),
        "content_import": ("admin:import_run", "admin:import_confirm", "admin:import_stop"),
    }
    for thing, addresses in of.items():
        about |= {name: {"pk": getattr(things, thing).pk} for name in addresses}
    for page in ("revision", "restore"):
        about[f"admin:content_article_{page}"] |= {"number": 1}
    about["admin:content_exercise_prompt"] |= {"prompt_id": "words"}
    for prefix, thing in (
        ("clients_client", "client"),
        ("content_article", "article"),
        ("content_exercise", "exercise"),
        ("content_author", "author"),
        ("content_picture", "picture"),
        ("content_topic", "topic"),
        ("content_series", "series"),
        ("accounts_user", "user"),
    ):
        for page in ("change", "history", "delete"):
            about[f"admin:{prefix}_{page}"] = {"object_id": getattr(things, thing).pk}
    return about


@pytest.fixture
def actors(
    things: SimpleNamespace,
    other_client: Client,
    front_desk: User,
    editor: User,
    clinician: User,
    other_clinician: User,
    supervisor: User,
    owner: User,
) -> dict[str, User | None]:
    clients = (things.client.user, other_client.user)
    users = (None, *clients, front_desk, editor, clinician, other_clinician, supervisor, owner)
    return dict(zip(ACTORS, users, strict=True))


def asked(browser: Browser, method: str, address: str, **request: Any) -> Any:
    """The answer to one request; whatever it changed is undone, in the database and in the browser."""
    cookies = SimpleCookie(browser.cookies.output(header="", sep=";"))
    browser.raise_request_exception = False
    undone = transaction.atomic()
    undone._from_testcase = True  # so that a view may still ask for a transaction of its own
    with undone:
        response = (browser.post if method == "POST" else browser.get)(address, **request)
        response.getvalue()  # to its end, so that a file is closed
        transaction.set_rollback(True)
    browser.cookies = cookies
    return response


def address_of(name: str, arguments: dict[str, dict[str, Any]]) -> str:
    return reverse(name, kwargs=arguments.get(name))
