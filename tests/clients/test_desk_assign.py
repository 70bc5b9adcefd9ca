"""Giving work in the admin, and taking it back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

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
    usual = {"often": "once", "times": "4", "days": "7", "starts_on": "2026-11-16", "note": "", "do": "assign"}
    return usual | {"client": [str(client.pk) for client in clients], "exercise": str(exercise.pk)} | changes


def give(browser: Browser, chosen: dict[str, Any]) -> Any:
    """Look at the days, then assign."""
    page = browser.post("/admin/assign/", chosen | {"do": "preview"}).content.decode()
    [seen] = re.findall(r'name="seen" value="(\w+)"', page)
    return browser.post("/admin/assign/", chosen | {"seen": seen})


def days_given() -> list[str]:
    return [f"{one.opens_at:%a %d %b}" for one in Occurrence.objects.order_by("number")]


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

    give(browser, choice(exercise, client_person, second, often="weekly", times="3", days="2"))

    assert {given.client for given in Assignment.objects.all()} == {client_person, second}
    assert Occurrence.objects.count() == 6


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"often": "daily", "times": "3"}, ["Mon 16 Nov", "Tue 17 Nov", "Wed 18 Nov"]),
        ({"often": "weekly", "times": "3", "on": ["1", "4"]}, ["Tue 17 Nov", "Fri 20 Nov", "Tue 24 Nov"]),
        ({"often": "weekly", "times": "2", "every": "2"}, ["Mon 16 Nov", "Mon 30 Nov"]),
        ({"often": "dates", "dates": ["2026-11-27", "", "2026-11-20"]}, ["Fri 20 Nov", "Fri 27 Nov"]),
        (
            {"often": "dates", "dates": ["2026-11-27", "2026-12-01"], "around": "before", "days": "3"},
            ["Tue 24 Nov", "Sat 28 Nov"],
        ),
    ],
)
def test_work_is_given_on_days_that_follow_a_rule_or_none(
    browser: Browser, client_person: Client, exercise: Exercise, changes: dict[str, Any], days: list[str]
) -> None:
    give(browser, choice(exercise, client_person, **changes))

    assert days_given() == days


def test_the_days_are_looked_at_before_work_is_given_several_times(
    browser: Browser, client_person: Client, exercise: Exercise
) -> None:
    chosen = choice(exercise, client_person, often="daily", times="14", note="My line.")

    first = browser.post("/admin/assign/", chosen)
    page = first.content.decode()

    assert first.status_code == 422
    assert "Nothing was given yet" in page
    assert "14 times, from Mon 16 Nov to Sunday 29 November" in page
    assert "My line." in page
    assert Assignment.objects.count() == 0


def test_days_that_were_changed_after_a_look_are_looked_at_again(
    browser: Browser, client_person: Client, exercise: Exercise
) -> None:
    page = browser.post("/admin/assign/", choice(exercise, client_person, often="daily", do="")).content.decode()
    [seen] = re.findall(r'name="seen" value="(\w+)"', page)

    answer = browser.post("/admin/assign/", choice(exercise, client_person, often="daily", times="5", seen=seen))

    assert answer.status_code == 422
    assert Assignment.objects.count() == 0


def test_work_opens_and_is_due_at_the_hours_that_were_chosen(
    browser: Browser, client_person: Client, exercise: Exercise
) -> None:
    browser.post("/admin/assign/", choice(exercise, client_person, opens="18:00", due="23:30", days="1"))

    given = Occurrence.objects.get()
    assert (f"{given.opens_at:%H:%M}", f"{given.due_at:%H:%M}") == ("18:00", "23:30")


def test_a_client_in_another_zone_is_said_to_go_by_their_own_clock(
    browser: Browser, client_person: Client, exercise: Exercise
) -> None:
    Client.objects.update(timezone="America/New_York")

    page = browser.post("/admin/assign/", choice(exercise, client_person, do="preview")).content.decode()

    assert "By Cleo’s clock: America/New_York." in page


def test_what_does_not_belong_to_the_choice_is_passed_over(
    browser: Browser, client_person: Client, exercise: Exercise
) -> None:
    browser.post("/admin/assign/", choice(exercise, client_person, times="many", dates=["soon"], every="99", on=["9"]))

    assert Occurrence.objects.count() == 1


def test_there_is_room_for_more_days(browser: Browser, client_person: Client, exercise: Exercise) -> None:
    days = [f"2026-12-{day:02}" for day in range(1, 10)]

    page = browser.post("/admin/assign/", choice(exercise, client_person, often="dates", dates=days, do="more"))

    assert page.content.decode().count('type="date" name="dates"') == 11
    assert 'value="2026-12-09"' in page.content.decode()


@pytest.fixture
def mei(clinician: User) -> Client:
    return factories.client(clinician, first_name="Mei", last_name="Moon")


@pytest.fixture
def with_cleo(assignment: Assignment) -> str:
    """Cleo has the exercise; who else is chosen does not."""
    return str(assignment.client_id)


def test_who_has_it_already_is_said_before_it_is_given(
    browser: Browser, client_person: Client, mei: Client, exercise: Exercise, with_cleo: str
) -> None:
    page = browser.post("/admin/assign/", choice(exercise, client_person, mei, do="")).content.decode()

    assert "1 of 2 has it already:" in page
    assert "<li>Cleo Client, since 16 November</li>" in page


def test_those_who_have_it_are_left_out_by_one_press(
    browser: Browser, client_person: Client, mei: Client, exercise: Exercise, with_cleo: str
) -> None:
    chosen = choice(exercise, client_person, mei, do="leave_out", note="My line.")

    page = browser.post("/admin/assign/", chosen).content.decode()

    assert f'value="{mei.pk}" checked' in page
    assert f'value="{with_cleo}" checked' not in page
    assert "My line." in page
    assert Assignment.objects.count() == 1


def test_what_is_open_already_is_given_to_the_others(
    browser: Browser, client_person: Client, mei: Client, exercise: Exercise, with_cleo: str
) -> None:
    refused = browser.post("/admin/assign/", choice(exercise, client_person, mei)).content.decode()
    browser.post("/admin/assign/", choice(exercise, client_person, mei, do="others"))
    nobody = browser.post("/admin/assign/", choice(exercise, client_person, mei, do="others"))

    assert "Give it to the others" in refused
    assert list(Assignment.objects.order_by("assigned_at", "pk").values_list("client", flat=True)) == [
        client_person.pk,
        mei.pk,
    ]
    assert nobody.status_code == 422
    assert "Choose who it is for." in nobody.content.decode()


def listed(browser: Browser, action: str, *clients: Client, across: str = "0", **asked: str) -> Any:
    chosen = {"action": action, "_selected_action": [str(one.pk) for one in clients], "select_across": across}
    return browser.post(f"/admin/clients/client/?{urlencode(asked)}", chosen)


def test_all_of_a_filtered_list_are_chosen_however_many_they_are(
    browser: Browser, clinician: User, client_person: Client, other_client: Client
) -> None:
    for _ in range(60):
        factories.client(clinician, first_name="Nora")
    factories.client(clinician, first_name="Zoe")

    page = listed(browser, "assign_chosen", client_person, across="1", q="Nora").content.decode()

    assert page.count('name="client"') == 62
    assert len(re.findall(r'name="client" value="[^"]+" checked', page)) == 60


def test_only_those_in_ones_own_care_are_chosen(
    browser_of: Browsers, clinician: User, client_person: Client, other_client: Client
) -> None:
    factories.supervision(clinician, other_client.care.get().clinician)
    User.objects.filter(pk=clinician.pk).update(roles=["clinician", "supervisor"])
    browser = browser_of(User.objects.get(pk=clinician.pk))

    both = listed(browser, "assign_chosen", client_person, other_client).content.decode()
    none = listed(browser, "assign_chosen", other_client)

    assert "are left out" in both
    assert f'value="{client_person.pk}" checked' in both
    assert str(other_client.pk) not in both
    assert "None of these clients can be given work" in browser.get(none["Location"]).content.decode()


@pytest.mark.parametrize(("role", "offered"), [("clinician", True), ("owner", False), ("front_desk", False)])
def test_giving_work_is_offered_to_clinicians_alone(
    browser_of: Browsers, request: pytest.FixtureRequest, client_person: Client, role: str, offered: bool
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert ('value="assign_chosen"' in browser.get("/admin/clients/client/").content.decode()) is offered
    if not offered:
        assert "What" not in listed(browser, "assign_chosen", client_person).content.decode()


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
        ({"starts_on": ""}, "Choose a day"),
        ({"starts_on": "2028-01-01"}, "within a year"),
        ({"often": "weekly", "times": "93"}, "Choose 2 to 92 times"),
        ({"often": "daily", "times": ""}, "Write how many times"),
        ({"often": "weekly", "times": "60", "every": "2"}, "more than a year"),
        ({"often": "weekly", "on": ["7"]}, "not one of the available choices"),
        ({"often": "sometimes"}, "not one of the available choices"),
        ({"often": "dates"}, "Choose a day"),
        ({"often": "dates", "dates": ["2026-11-31"]}, "Write each day like"),
        ({"often": "dates", "dates": ["2026-11-15", "2026-12-01"]}, "That day is over"),
        ({"often": "dates", "dates": [f"2026-12-{day:02}" for day in range(1, 29)]}, "26 days at most"),
        ({"opens": "noon"}, "Write the hour like"),
        ({"days": "1", "opens": "20:00"}, "three hours"),
        ({"days": "90"}, "not one of the available choices"),
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
