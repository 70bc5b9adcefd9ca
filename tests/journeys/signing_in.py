"""How people get in: staff by password and the code of their app, clients by the code in a mail."""

import re

from playwright.sync_api import Page, expect

from tests.harness.mail import Mailbox
from tests.harness.second_step import app_code
from tests.harness.work import eventually


def sign_in_with_password(page: Page, email: str, password: str) -> None:
    """From the sign-in page, as staff do."""
    door = page.get_by_role("region", name="I work here")
    door.get_by_label("Email").fill(email)
    door.get_by_label("Password").fill(password)
    door.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in_with_code(page: Page, mailbox: Mailbox, email: str) -> None:
    """From the sign-in page, as clients do."""
    door = page.get_by_role("region", name="I am a client")
    door.get_by_label("Your email address").fill(email)
    door.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("Code").fill(code_for(email, mailbox))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Good ")).to_be_visible()


def code_for(email: str, mailbox: Mailbox) -> str:
    """The code in the mail that brings one."""

    def codes() -> list[str]:
        return [code for mail in mailbox.to(email) for code in re.findall(r"Your code is (\S+)", mail.get_content())]

    return eventually(codes)[-1]


def link_for(email: str, mailbox: Mailbox) -> str:
    """Where the first mail leads."""
    [link] = re.findall(r"http\S+", eventually(lambda: mailbox.to(email))[0].get_content())
    return str(link)
