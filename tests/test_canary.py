"""What a client writes, followed through the whole site: it stands in no table, key, mail or log that somebody could take away."""

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from clients.models import Occurrence, Response
from practices.accounts.permissions import Role
from practices.identifiers import new_id
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database, server
from tests.harness.mail import Mailbox
from tests.harness.work import eventually

# Words that nobody else writes, long enough not to turn up by chance.
WORDS = ANSWER, KEPT, REPLY, NOTE = "zinnoberquokka", "xanthicibexes", "vermeilnarwhal", "umberpangolins"

PLACE = {"id": "place", "kind": "long_text", "text": "Where were you?"}
SCHEMA = factories.SCHEMA | {"prompts": [*factories.SCHEMA["prompts"], PLACE]}


def forms_of(word: str) -> Iterator[bytes]:
    """The word as it is, in hexadecimal, and in base64 wherever in a text it begins."""
    plain = word.encode()
    yield from (plain, plain.hex().encode(), plain.upper())
    for shift in range(3):
        encoded = base64.b64encode(b"?" * shift + plain)
        # The outer characters depend on the neighbours, those in the middle on the word alone.
        yield encoded[4 if shift else 0 : -4]


def found_in(text: bytes) -> list[str]:
    return [word for word in WORDS if any(form in text for form in forms_of(word))]


def dump(name: str) -> bytes:
    """Every table of every schema, as pg_dump would write it."""
    with server(name) as session:
        tables = session.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'north', 'south', 'platform')"
        ).fetchall()
        parts = []
        for table in tables:
            with session.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))) as copy:
                parts += [bytes(part) for part in copy]
    return b"".join(parts)


def valkey() -> bytes:
    """Every key and value of this worker's broker and cache."""
    parts = []
    urls: list[Any] = [settings.CELERY_BROKER_URL, settings.CACHES["default"]["LOCATION"]]
    for url in urls:
        address = urlsplit(url)
        number = int(address.query.rpartition("=")[2] or 0)
        client = redis.Redis(unix_socket_path=address.path, db=number) if address.query else redis.Redis.from_url(url)
        with client:
            for key in client.scan_iter():
                parts += [key, client.dump(key) or b""]
    return b"".join(parts)


def test_the_search_finds_what_it_looks_for() -> None:
    for word in WORDS:
        for neighbours in ("", "a", "ab"):
            text = f"{neighbours}{word} and more".encode()
            assert found_in(text) == found_in(text.hex().encode()) == found_in(base64.b64encode(text)) == [word]


def test_what_a_client_writes_is_readable_nowhere_but_on_its_pages(
    fresh_database: Database, mailbox: Mailbox, worker: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    north = fresh_database.north
    with inside(north):
        clinician = factories.staff(Role.CLINICIAN, email="clara@example.org")
        client = factories.client(clinician)
        user = client.user
        exercise = factories.exercise(schema=SCHEMA)
        given = factories.assignment(client, by=clinician, exercise=exercise, at=timezone.now(), note=NOTE)
        work: Occurrence = given.occurrences.get()
    portal, desk = Browser(north).sign_in(user), Browser(north).sign_in(clinician)
    page = reverse("portal:work", kwargs={"pk": work.pk})

    # The client writes, keeps one thing to themselves, looks it over and sends it.
    assert portal.get(page).status_code == 200
    fields = {"a-words": [f"It was {ANSWER} today"], "a-place": [KEPT], "keep-place": ["yes"]}
    saved = portal.post(
        reverse("portal:draft", kwargs={"pk": work.pk}),
        json.dumps({"version": 0, "fields": fields}),
        content_type="application/json",
    )
    assert saved.status_code == 200, saved.content
    send = reverse("portal:send", kwargs={"pk": work.pk})
    assert ANSWER in portal.get(send).content.decode()
    portal.post(send, {"request_id": str(new_id()), "version": "1"})
    with inside(north):
        response = Response.objects.get()
        assert (response.state, response.kept) == (Response.State.SUBMITTED, {"place": KEPT})

    # The clinician is told, reads it, and replies; the client reads the reply.
    opened = reverse("admin:response", kwargs={"pk": response.pk})
    shown = desk.get(opened).content.decode()
    assert ANSWER in shown and KEPT not in shown
    desk.post(reverse("admin:review", kwargs={"pk": response.pk}), {"reply": REPLY, "do": "send"})
    assert REPLY in portal.get(reverse("portal:response", kwargs={"pk": response.pk})).content.decode()
    for browser, name in ((desk, "admin:queue"), (portal, "portal:mine"), (portal, "portal:today")):
        browser.get(reverse(name))
    eventually(lambda: mailbox.to("clara@example.org"))

    tables = dump(fresh_database.name)
    assert str(response.pk).encode() in tables  # so we did look in the right place
    assert found_in(tables) == []
    assert found_in(valkey()) == []
    assert found_in(b"".join(bytes(mail) for mail in mailbox.mails)) == []
    assert found_in("\n".join(record.getMessage() for record in caplog.records).encode()) == []
