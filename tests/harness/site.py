"""The whole site on a port, and Chromium in front of it."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from django.conf import settings as django_settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect, sync_playwright
from pytest_django import Settings

from config.wsgi import application
from practices.accounts.models import User
from practices.models import Clinic
from tests.harness.browsers import Browser as TestBrowser
from tests.harness.databases import Database

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
PATIENCE = 30_000  # milliseconds that a browser may take for anything; many tests run at once
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WHAT_AND_WHERE = ".map((rule) => [rule.id, rule.nodes.map((node) => node.html)])"
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not worth a line."""


class Server(ThreadedWSGIServer):
    """Each connection is a thread; its database connection is closed with it."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up in the middle is no error; a page that fails is seen as its 500."""


@dataclass(frozen=True)
class Site:
    """Where the clinics answer."""

    port: int
    database: Database

    def url(self, path: str, clinic: Clinic | None = None) -> str:
        return f"http://{(clinic or self.database.north).schema_name}.localhost:{self.port}{path}"

    def sign_in(self, page: Page, user: User, clinic: Clinic | None = None) -> None:
        """Give the browser a session, for journeys that are about something else."""
        clinic = clinic or self.database.north
        cookie = TestBrowser(clinic).sign_in(user).cookies[django_settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url("/", clinic)}])


@pytest.fixture
def site(fresh_database: Database, settings: Settings) -> Iterator[Site]:
    """The site on the test's own database."""
    server = Server(("127.0.0.1", 0), QuietHandler)
    server.set_app(application)
    settings.PORT = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield Site(server.server_port, fresh_database)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this worker. Without Chromium they are skipped, in CI they fail."""
    if not CHROMIUM.exists():
        reason = f"There is no Chromium at {CHROMIUM}: install it, or set CHROMIUM."
        required = os.environ.get("CI") == "true" or os.environ.get("REQUIRE_BROWSER") == "1"
        pytest.fail(reason, pytrace=False) if required else pytest.skip(reason)
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What a page must never do: log an error, break the policy, throw, or ask another host for anything."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def on(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self.request)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and not (address.hostname or "").endswith(".localhost"):
            self.complaints.append(f"asked a foreign host: {request.url}")


@pytest.fixture
def expected_errors() -> list[str]:
    """Parts of console errors that the test provokes: it appends them."""
    return []


@pytest.fixture
def open_page(chromium: Browser, site: Site, expected_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """`open_page(PHONE)` is a page in a browser of its own."""
    watch = Watch()
    contexts = []

    def open_page(viewport: ViewportSize = DESKTOP, **options: object) -> Page:
        phone = viewport["width"] < 600
        context = chromium.new_context(viewport=viewport, has_touch=phone, locale="en-GB", **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", watch.on)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    unexpected = [line for line in watch.complaints if not any(part in line for part in expected_errors)]
    assert unexpected == []


@pytest.fixture
def desktop(open_page: Callable[..., Page]) -> Page:
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(PHONE)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: no rule of WCAG 2.2 AA, nor of good practice, is broken on the page as it stands."""

    def axe(page: Page) -> None:
        if not page.evaluate("typeof window.axe === 'object'"):
            # Through the debugger, not as a script element: the page's own policy stays as strict as it is.
            page.evaluate(AXE.read_text())
        # Without preload, which fetches what stylesheets import from the wrong place.
        options = {"runOnly": {"type": "tag", "values": AXE_RULES}, "preload": False, "resultTypes": ["violations"]}
        found = f"axe.run(document, {json.dumps(options)}).then((result) => result.violations{WHAT_AND_WHERE})"
        assert page.evaluate(found) == []

    return axe


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """`fits(page)`: nothing has to be scrolled sideways."""

    def fits(page: Page) -> None:
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(too_wide) <= 0

    return fits
