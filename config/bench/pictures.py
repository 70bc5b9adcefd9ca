"""Takes the pictures in docs/screens, beside a web server that `manage.py screenshots` has started."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

import django
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SIZES = {"phone": ViewportSize(width=390, height=844), "desktop": ViewportSize(width=1280, height=900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 128


@dataclass(frozen=True)
class Screen:
    """A page, as it is seen in a session; `spot` is what is brought to the top of the picture."""

    name: str
    url: str
    session: str = ""
    spot: str = ""


def screens(port: int) -> list[Screen]:
    """The six main pages of the demo's first clinic, chosen by what is on them and not by what they are called."""
    from django.db.models import F
    from django.urls import reverse

    from clients.demo.clinics import CLINICS
    from clients.models import Client, Occurrence, Response
    from config.bench.people import session_of
    from content.models import Article
    from practices.accounts.models import User
    from practices.accounts.permissions import Role
    from practices.models import Clinic
    from practices.tenancy import inside

    clinic = Clinic.objects.get(schema_name=CLINICS[0].schema_name)
    origin = f"http://{CLINICS[0].host}:{port}"
    with inside(clinic):
        clinician = max(
            User.objects.with_role(Role.CLINICIAN).order_by("pk"),
            key=lambda user: Response.objects.in_care_of(user).to_review().count(),
        )
        waiting = Response.objects.in_care_of(clinician).to_review()
        # An article's answers are words, a check-in's are numbers.
        opened = waiting.order_by(F("occurrence__assignment__version__revision").asc(nulls_last=True), "pk")[0]
        begun = Occurrence.objects.of(Client.objects.in_care_of(clinician)).filter(
            state=Occurrence.State.STARTED, assignment__version__revision__isnull=False
        )
        work = begun.select_related("assignment__client__user").order_by("-due_at", "assignment__client__since", "pk")[
            0
        ]
        client = work.assignment.client
        article = Article.objects.published().filter(audience=Article.Audience.PUBLIC).order_by("slug")[0]
        owner = User.objects.with_role(Role.OWNER)[0]
        portal, desk, overview = (session_of(clinic, user) for user in (client.user, clinician, owner))
        pages = [
            Screen("article", article.get_absolute_url()),
            Screen("today", reverse("portal:today"), portal),
            Screen("exercise", reverse("portal:work", kwargs={"pk": work.pk}), portal, spot="[id^=q-]"),
            Screen("queue", reverse("admin:response", kwargs={"pk": opened.pk}), desk),
            Screen("client", reverse("admin:client", kwargs={"pk": client.pk}), desk),
            Screen("overview", reverse("admin:overview"), overview),
        ]
    return [Screen(page.name, origin + page.url, page.session, page.spot) for page in pages]


@contextmanager
def opened(browser: Browser, screen: Screen, size: ViewportSize, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    """The page in a window of its own, still and with its pictures loaded."""
    from django.conf import settings

    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/London"
    )
    if screen.session:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": screen.session, "url": urljoin(screen.url, "/")}
        context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    answer = page.goto(screen.url, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{screen.name} answered {answer.status if answer else 'nothing'}.")
    if screen.spot:
        page.locator(screen.spot).first.evaluate("element => element.scrollIntoView({block: 'center'})")
    yield page
    context.close()


def keep(picture: bytes, file: Path) -> None:
    """Write the picture with few colours, which its flat surfaces do not need more of."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)


def main(port: int, chromium: str, folder: Path) -> None:
    """Write one picture of each page, in each size and scheme."""
    found = screens(port)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for screen in found:
            for device, size in SIZES.items():
                for scheme in SCHEMES:
                    with opened(browser, screen, size, scheme) as page:
                        keep(page.screenshot(), folder / f"{screen.name}-{device}-{scheme}.png")
            print(screen.name, flush=True)
        browser.close()


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
