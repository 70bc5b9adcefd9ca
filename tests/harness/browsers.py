"""Django's test client as a browser at one clinic."""

import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.db import connections
from django.http import HttpResponse
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from practices.accounts.models import User
from practices.connections import connection
from practices.models import Clinic
from practices.tenancy import inside
from tests.harness.lints import check_forms


class Browser(TestClient):
    """A browser that is at a clinic's host; the test stays in the clinic it was in."""

    def __init__(self, clinic: Clinic, **extra: Any) -> None:
        super().__init__(headers={"host": f"{clinic.schema_name}.localhost"}, **extra)
        self.clinic = clinic

    def sign_in(self, user: User) -> "Browser":
        """A session without typing anything."""
        with inside(self.clinic):
            self.force_login(user)
        return self

    def confirm(self, user: User) -> "Browser":
        """As if they had just shown once more who they are."""
        with inside(self.clinic):
            session = self.session
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
            session.save()
        return self

    def request(self, **request: Any) -> Any:
        before = connection.tenant
        try:
            response = super().request(**request)
        finally:
            connection.set_tenant(before)
        check_forms(cast(HttpResponse, response))
        return response


# What the fixture `browser_of` is.
Browsers = Callable[..., Browser]


@pytest.fixture
def visitor(north: Clinic) -> Browser:
    """Somebody who is not signed in."""
    return Browser(north)


@pytest.fixture
def browser_of(north: Clinic) -> Browsers:
    """`browser_of(user)` is signed in at north; `browser_of(user, south)` at south."""

    def browser_of(user: User, clinic: Clinic = north) -> Browser:
        return Browser(clinic).sign_in(user)

    return browser_of


@pytest.fixture
def queries_of(north: Clinic) -> Callable[[Callable[[], Any]], int]:
    """How many queries something makes once hosts and keys are known."""

    def queries_of(act: Callable[[], Any]) -> int:
        act()
        with CaptureQueriesContext(connections["default"]) as captured:
            act()
        return len(captured)

    return queries_of
