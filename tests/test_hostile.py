"""Whatever is sent to whatever address, the answer is one that we meant: never a fault of the server."""

import ast
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django import forms
from django.conf import settings

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from tests.access_table import rows
from tests.harness.addresses import address_of, asked
from tests.harness.browsers import Browser

APPS = ("clients", "config", "content", "practices")
# Of which Django's own change lists make queries.
LISTS = (
    "q",
    "o",
    "p",
    "e",
    "all",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "id__in",
    "pk__gt",
    "name__regex",
    "status",
)
# The gate refuses a request that holds any such at all, so it would keep the others from being seen.
AT_THE_GATE = (b"\x00", b"a\x00b")
HOSTILE = (
    b"\xed\xa0\x80",  # half of a pair
    b"\xff\xfe",
    b"9" * 400,
    b"-1",
    b"NaN",
    b"1e999",
    b"",
    b"[]",
    b'{"a":' * 2000,
    b"a" * 100_000,
    "٣".encode(),
    "\u202e\u2028\ufeff".encode(),
    b"2026-02-30",
    b"0000-00-00",
    b"9999-12-31T23:59:60",
    b"00000000-0000-0000-0000-000000000000",
    b"' OR 1=1 --",
    b"%s%(x)s{0}{x}",
    b"../../../../etc/passwd",
    b"\r\nSet-Cookie: x=1",
    b"=1+1",
)
BODIES = (
    ("application/json", b'{"version": ' + b"[" * 10_000),
    ("application/json", b'{"version": NaN, "fields": {"a-words": ["\\ud800"]}}'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"; filename="\x00"\r\n\r\n1'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=" + "x" * 300, b"--" + b"x" * 300),
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=%D8"),
)


def read_names() -> Iterator[str]:
    """Every name by which the code reads a query or a form: `request.GET.get("x")`, `request.POST["x"]`, and like those."""
    for file in (file for app in APPS for file in (settings.BASE_DIR / app).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="GET" | "POST" | "FILES")),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    yield name
                case ast.Subscript(
                    value=ast.Attribute(attr="GET" | "POST" | "FILES"), slice=ast.Constant(value=str(name))
                ):
                    yield name
                case ast.Compare(left=ast.Constant(value=str(name)), comparators=[ast.Attribute(attr="GET" | "POST")]):
                    yield name


def form_fields(kind: Any = forms.BaseForm) -> Iterator[str]:
    for each in kind.__subclasses__():
        yield from getattr(each, "base_fields", ())
        yield from form_fields(each)


@pytest.fixture(scope="module")
def parameters() -> list[str]:
    found = {*read_names(), *form_fields(), *LISTS, "a-words", "keep-words", "version", "csrfmiddlewaretoken", "next"}
    return sorted(found)


def encoded(parameters: list[str], turn: int) -> bytes:
    """Each parameter with another of the hostile values, which moves on with each turn; some come twice."""
    values = islice(cycle(HOSTILE if turn else AT_THE_GATE), turn, None)
    long = dict(zip(parameters, values, strict=False))
    pairs = [
        (name, value[:400] if turn % 2 else value) for name, value in long.items() if len(value) < 20_000 or name < "c"
    ]
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in [*pairs, *pairs[::7]]).encode()


@pytest.fixture
def everybody(clinician: User, client_person: Any, north: Clinic) -> list[Browser]:
    """A member of staff with every role, who cares for the client; the client; and a visitor."""
    clinician.roles = list(Role)
    clinician.save(update_fields=["roles"])
    staff = Browser(north).sign_in(clinician).confirm(clinician)
    return [staff, Browser(north).sign_in(client_person.user), Browser(north)]


def faults(answers: Iterator[tuple[str, Any]]) -> dict[str, int]:
    return {what: answer.status_code for what, answer in answers if answer.status_code >= 500}


# One turn of each value for every address would take minutes: these shift the values, so that each field gets several.
@pytest.mark.parametrize("turn", [0, 1, 8])
def test_no_address_answers_hostile_input_with_a_fault(
    everybody: list[Browser], arguments: dict[str, dict[str, Any]], parameters: list[str], turn: int
) -> None:
    sent = encoded(parameters, turn)

    def answers() -> Iterator[tuple[str, Any]]:
        for browser in everybody[: 1 if turn > 1 else 3]:
            for method, name, _ in rows():
                address = address_of(name, arguments)
                if method == "POST":
                    form = "application/x-www-form-urlencoded"
                    yield f"POST {name}", asked(browser, "POST", address, data=sent, content_type=form)
                else:
                    yield f"GET {name}", asked(browser, "GET", address, QUERY_STRING=sent.decode()[:6000])

    assert faults(answers()) == {}


@pytest.mark.parametrize(
    ("kind", "body"), BODIES, ids=[f"{kind[:30]} {number}" for number, (kind, _) in enumerate(BODIES)]
)
def test_no_address_answers_a_body_that_is_none_with_a_fault(
    everybody: list[Browser], arguments: dict[str, dict[str, Any]], kind: str, body: bytes
) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        for method, name, cells in rows():
            if method == "POST" and set(cells.values()) != {"405"}:
                browser = everybody[1 if name.startswith("portal:") else 0]
                yield f"POST {name}", asked(browser, "POST", address_of(name, arguments), data=body, content_type=kind)

    assert faults(answers()) == {}


def test_ids_that_are_none_are_not_there(everybody: list[Browser], arguments: dict[str, dict[str, Any]]) -> None:
    """In place of each id in an address: what is no id, or no row's."""
    strange = ["00000000-0000-0000-0000-000000000000", "%00", "x" * 300, "%ED%A0%80"]

    def answers() -> Iterator[tuple[str, Any]]:
        for method, name, _ in rows():
            address = address_of(name, arguments)
            for value in arguments.get(name, {}).values():
                for other in strange:
                    yield f"{method} {name} {other}", asked(everybody[0], method, address.replace(str(value), other))

    assert faults(answers()) == {}


def test_the_names_that_are_read_are_found(parameters: list[str]) -> None:
    assert len(parameters) > 100
    assert {"q", "code", "address", "title", "last_day", "which", "next"} <= set(parameters)
