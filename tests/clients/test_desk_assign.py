"""Giving work in the admin, and taking it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.models import Assignment, Client, Occurrence, Response
from content.models import Article, Exercise
from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")


def choice(exercise: Exercise, /, *clients: Client, **changes: Any) -> dict[str, Any]:
    usual = {"often": "once", "weeks": "4", "days": "7", "starts_on": "2026-11-16", "note": "", "do": "assign"}
    return usual | {"client": [str(client.pk) for client in clients], "exercise": str(exercise.pk)} | changes


@pytest.fixture
def browser(browser_of: Browsers, clinician: User) -> Browser:
    return browser_of(clinician)


def test_work_is_given_to_a_client(browser: Browser, client_person: Client, exercise: Exercise) -> None:
    answer = browser.post("/admin/assign/", choice(exercise, client_person, note="Take it slowly."))

    assert answer["Location"] == reverse("admin:client", args=[client_person.pk])
    given = Assignment.objects.get()
    assert (given.client, given.version, given.note) == (client_person, exercise.current, "Take it slowly.")
    assert given.occurrences.count() == 1


def test_work_is_given_every_week_to_several(
    browser: Browser, clinician: User, client_person: Client, exercise: Exercise
) -> None:
    second = factories.client(clinician, first_name="Mei")

    browser.post("/admin/assign/", choice(exercise, client_person, second, often="weekly", weeks="3", days="2"))

    assert {given.client for given in Assignment.objects.all()} == {client_person, second}
    assert Occurrence.objects.count() == 6


def test_a_link_brings_client_and_exercise_along(browser: Browser, client_person: Client, exercise: Exercise) -> None:
    page = browser.get(
        "/admin/assign/", {"client": str(client_person.pk), "exercise": str(exercise.pk)}
    ).content.decode()

    assert "What Cleo will see" in page
    assert f'value="{exercise.pk}" checked' in page


def test_a_link_from_an_article_brings_its_exercise_along(browser: Browser, article: Article) -> None:
    page = browser.get("/admin/assign/", {"article": str(article.pk)}).content.decode()

    assert f'value="{article.exercise.pk}" checked' in page


def test_nonsense_in_the_link_is_passed_over(browser: Browser) -> None:
    assert browser.get("/admin/assign/?client=x&exercise=y&article=z&from=//elsewhere").status_code == 200


def test_a_form_that_is_sent_twice_gives_work_once(browser: Browser, client_person: Client, exercise: Exercise) -> None:
    browser.post("/admin/assign/", choice(exercise, client_person))
    answer = browser.post("/admin/assign/", choice(exercise, client_person, note="My line."))

    assert answer.status_code == 422
    assert "it is open already" in answer.content.decode()
    assert "My line." in answer.content.decode()
    assert Assignment.objects.count() == 1


def test_knowing_that_it_is_open_one_can_give_it_once_more(
    browser: Browser, client_person: Client, exercise: Exercise, assignment: Assignment
) -> None:
    again = choice(exercise, client_person, despite=[str(assignment.pk)])

    browser.post("/admin/assign/", again)
    third = browser.post("/admin/assign/", again)

    assert third.status_code == 422
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": "2026-11-15"}, "That day is over"),
        ({"starts_on": "soon"}, "Write the day like"),
        ({"often": "weekly", "weeks": "99"}, "Choose 2 to 26 weeks"),
        ({"often": "weekly", "weeks": ""}, "Write how many weeks"),
        ({"client": []}, "Choose who it is for"),
        ({"exercise": ""}, "Choose what to give"),
        ({"note": "x" * 2001}, "Keep it under 2,000"),
    ],
)
def test_bad_input_is_said_at_the_field(
    browser: Browser, client_person: Client, exercise: Exercise, changes: dict[str, Any], words: str
) -> None:
    answer = browser.post("/admin/assign/", choice(exercise, client_person, **changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("do", ["find", "preview", ""])
def test_looking_gives_nothing_and_loses_nothing(
    browser: Browser, client_person: Client, exercise: Exercise, do: str
) -> None:
    page = browser.post("/admin/assign/", choice(exercise, client_person, do=do, find="zzz", note="My line."))

    assert "My line." in page.content.decode()
    assert f'value="{exercise.pk}" checked' in page.content.decode()
    assert Assignment.objects.count() == 0


def test_a_script_gets_parts_of_the_page(browser: Browser, client_person: Client, exercise: Exercise) -> None:
    headers = {"HX-Request": "true", "HX-Target": "assign-preview"}

    part = browser.post("/admin/assign/", choice(exercise, client_person, do=""), headers=headers).content.decode()

    assert "<html" not in part
    assert exercise.title in part
    assert 'hx-swap-oob="true"' in part


def test_the_list_says_what_the_client_had_before(
    browser: Browser, client_person: Client, submitted: Response, exercise: Exercise
) -> None:
    factories.exercise(title="Something else")

    page = browser.get("/admin/assign/", {"client": str(client_person.pk)}).content.decode()

    assert "Done once, last today" in page
    assert "Not given before" in page


def test_somebody_elses_client_can_not_be_chosen(browser: Browser, other_client: Client, exercise: Exercise) -> None:
    answer = browser.post("/admin/assign/", choice(exercise, other_client))

    assert answer.status_code == 422
    assert "Otto" not in answer.content.decode()
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("role", ["owner", "editor", "front_desk"])
def test_only_clinicians_give_and_take_back(
    browser_of: Browsers, request: pytest.FixtureRequest, assignment: Assignment, role: str
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert browser.get("/admin/assign/").status_code == 403
    assert browser.post(f"/admin/assignments/{assignment.pk}/withdraw/").status_code == 403


def test_open_work_is_taken_back(browser: Browser, assignment: Assignment) -> None:
    browser.post(f"/admin/assignments/{assignment.pk}/withdraw/")

    assignment.refresh_from_db()
    assert assignment.withdrawn_at is not None
    assert assignment.occurrences.get().state == Occurrence.State.WITHDRAWN


def test_work_of_others_can_not_be_taken_back(
    browser_of: Browsers, other_clinician: User, south: Clinic, assignment: Assignment
) -> None:
    with inside(south):
        stranger = factories.staff()

    for browser in (browser_of(other_clinician), browser_of(stranger, south)):
        assert browser.post(f"/admin/assignments/{assignment.pk}/withdraw/").status_code == 404


def test_assigning_costs_the_same_for_one_and_for_many(
    browser: Browser, clinician: User, client_person: Client, exercise: Exercise, queries_of: Callable[..., int]
) -> None:
    def look() -> Any:
        return browser.get("/admin/assign/", {"client": str(client_person.pk), "exercise": str(exercise.pk)})

    few = queries_of(look)
    for _ in range(30):
        factories.client(clinician)
        extra = factories.exercise(by=clinician)
        factories.assignment(client_person, by=clinician, exercise=extra, at=factories.AT - timedelta(days=1))

    assert queries_of(look) == few
