"""Browsers that are signed in, without a password typed or a code mailed."""

from django.conf import settings
from django.test import Client as Browser

from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import inside


def host_of(clinic: Clinic) -> str:
    return f"{clinic.schema_name}.localhost"


def browser_of(clinic: Clinic, user: User | None = None) -> Browser:
    """A browser of this process, at the clinic's host; its session is a real one, so the servers know it too."""
    browser = Browser(headers={"host": host_of(clinic)})
    if user:
        with inside(clinic):
            browser.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    return browser


def session_of(clinic: Clinic, user: User) -> str:
    """The key of a new session of this user."""
    return str(browser_of(clinic, user).cookies[settings.SESSION_COOKIE_NAME].value)
