"""A second factor for staff who sign in by the pages: an authenticator app whose seed the test knows."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from practices.accounts.factors import add_authenticator_app
from practices.accounts.models import User

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_app(user: User) -> User:
    """This member of staff has an authenticator app. Call inside a clinic."""
    add_authenticator_app(user, seed=SEED)
    return user


def app_code(*, seed: str = SEED, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    code: str = format_hotp_value(hotp_value(seed, int(time.time()) // 30 + steps))
    return code


def type_second_step(browser: Any, **form: Any) -> Any:
    """The newest code that was not used yet: each works once."""
    for steps in (0, 1, -1):
        response = browser.post(reverse("mfa_authenticate"), {"code": app_code(steps=steps), **form})
        if response.status_code == 302:
            break
    return response
