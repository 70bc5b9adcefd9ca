"""Every main page behind the sign-in, in the dark: axe measures contrast, which is where dark pages fail."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Response
from clients.services.reviewing import review_response
from content.models import Exercise
from practices.tenancy import inside
from tests import factories
from tests.harness.site import Site
from tests.journeys.conftest import Cast

BODY = (
    "<p>Some weeks feel like one long list.</p>"
    '<p data-prompt="rest">What does rest look like for you?</p>'
    '<section data-practice="week"><p>Take one small break each day.</p></section>'
)

EDITOR_TO_COME = "form:has(#id_body):not(:has([role=toolbar]))"


@pytest.fixture
def pages(site: Site, cast: Cast) -> dict[str, list[str]]:
    """The paths of the main pages, by who sees them; there is something on each."""
    at = timezone.now()
    with inside(site.database.north):
        article = factories.article(body=BODY, by=cast.clara)
        factories.comment(article, body="Some days I want to die, see www.one.example and www.two.example.")
        begun = factories.assignment(cast.cleo, by=cast.clara, exercise=article.exercise, at=at).occurrences.get()
        exercise = factories.exercise(by=cast.clara)
        read, waiting = given_and_sent(cast, exercise), given_and_sent(cast, exercise)
        review_response(read, reply="Thank you.", by=cast.clara, at=at)
    return {
        "nobody": ["/accounts/login/"],
        "cleo": [
            "/portal/",
            f"/portal/occurrences/{begun.pk}/",
            f"/portal/occurrences/{begun.pk}/plan/",
            f"/portal/occurrences/{begun.pk}/send/",
            "/portal/mine/",
            f"/portal/mine/{read.pk}/",
        ],
        "clara": [
            "/admin/queue/",
            f"/admin/queue/{waiting.pk}/",
            "/admin/clients/client/",
            f"/admin/clients/client/{cast.cleo.pk}/page/",
            f"/admin/clients/client/{cast.cleo.pk}/pause/",
            f"/admin/assignments/{begun.assignment_id}/",
            f"/admin/assign/?client={cast.cleo.pk}&exercise={exercise.pk}",
            "/admin/content/article/",
            f"/admin/content/article/{article.pk}/change/",
        ],
        "olive": ["/admin/overview/", "/admin/comments/", "/admin/settings/comments/", "/admin/accounts/user/"],
    }


def test_axe_finds_nothing_on_any_main_page_in_the_dark(
    site: Site,
    cast: Cast,
    pages: dict[str, list[str]],
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    subtests: pytest.Subtests,
) -> None:
    users = {"cleo": cast.cleo.user, "clara": cast.clara, "olive": cast.olive}
    for who, paths in pages.items():
        page = open_page(color_scheme="dark", reduced_motion="reduce")
        if who in users:
            site.sign_in(page, users[who])
        for path in paths:
            with subtests.test(path=path):
                answer = page.goto(site.url(path))
                assert answer is not None
                assert answer.ok
                expect(page.locator(EDITOR_TO_COME)).to_have_count(0)
                axe(page)


def given_and_sent(cast: Cast, exercise: Exercise) -> Response:
    given = factories.assignment(cast.cleo, by=cast.clara, exercise=exercise)
    return factories.response(given.occurrences.get())
