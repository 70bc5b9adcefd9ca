"""A measure from the operator's file to a client's score: taken in once, used by every clinic, locked."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from clients.models import Client
from content.measures.definitions import GAD_7, PHQ_9
from content.models import Exercise
from content.services.measures import take_in_wording, use_measure
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic, MeasureWording
from practices.tenancy import inside
from tests import factories
from tests.content.test_builder import words
from tests.content.test_measures import csv_of, form, questionnaire
from tests.harness.browsers import Browser


def use(key: str) -> str:
    return reverse("admin:content_exercise_measure_use", args=[key])


def imported(key: str, file: Path, text: str) -> str:
    file.write_text(text)
    said = StringIO()
    call_command("import_measure", key, file, stdout=said)
    return said.getvalue()


def test_the_operator_takes_a_form_in_once(north: Clinic, tmp_path: Path) -> None:
    first = imported("gad-7", tmp_path / "gad.json", json.dumps(questionnaire(GAD_7)))
    again = imported("gad-7", tmp_path / "gad.json", json.dumps(questionnaire(GAD_7)))

    assert first == again == "GAD-7 is taken in with 7 items. Every clinic can use it.\n"
    with pytest.raises(CommandError, match="locked"):
        imported("gad-7", tmp_path / "gad.csv", csv_of(GAD_7))
    assert MeasureWording.objects.get().schema["measure"]["key"] == "gad-7"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("form.json", "{", "could not be read as JSON"),
        ("form.json", json.dumps(questionnaire(GAD_7)), "PHQ-9 has 9 items"),
        ("form.csv", "a,b", "The first line must be"),
    ],
)
def test_a_form_that_does_not_fit_is_refused(
    north: Clinic, tmp_path: Path, name: str, text: str, expected: str
) -> None:
    with pytest.raises(CommandError, match=expected):
        imported("phq-9", tmp_path / name, text)
    with pytest.raises(CommandError):
        call_command("import_measure", "phq-9", tmp_path / "nothing.json")
    assert not MeasureWording.objects.exists()


def test_every_clinic_uses_the_one_wording(
    north: Clinic, south: Clinic, browser_of: Callable[..., Browser], editor: User
) -> None:
    take_in_wording("phq-9", form(PHQ_9), at=factories.AT)
    with inside(south):
        stranger = factories.staff(Role.EDITOR)
    library = words(browser_of(editor).get(reverse("admin:content_exercise_library")))
    assert "Use PHQ-9 here" in library and "The official wording is not here yet." in library

    for browser in (browser_of(editor), browser_of(stranger, south)):
        for _ in range(2):
            assert browser.post(use("phq-9")).status_code == 302

    for clinic in (north, south):
        with inside(clinic):
            assert Exercise.objects.get(kind="measure").versions.count() == 1
    assert browser_of(editor).post(use("gad-7")).status_code == 404
    assert browser_of(editor).post(use("nothing")).status_code == 404


def test_a_measure_is_locked_and_says_whose_it_is(browser_of: Callable[..., Browser], editor: User) -> None:
    take_in_wording("phq-9", form(PHQ_9), at=factories.AT)
    measure = use_measure("phq-9", by=editor, at=factories.AT)
    desk = browser_of(editor)

    for page in ("build", "about", "prompt_add", "publish", "file"):
        assert desk.get(reverse(f"admin:content_exercise_{page}", args=[measure.pk])).status_code == 404
    assert desk.post(reverse("admin:content_exercise_copy", args=[measure.pk])).status_code == 404
    shown = words(desk.get(reverse("admin:content_exercise_change", args=[measure.pk])))
    assert PHQ_9.licence in shown and PHQ_9.citation in shown and "locked" in shown


def test_it_is_answered_scored_and_raises_the_alert(
    browser_of: Callable[..., Browser], clinician: User, client_person: Client
) -> None:
    take_in_wording("phq-9", form(PHQ_9), at=factories.AT)
    measure = use_measure("phq-9", by=clinician, at=factories.AT)
    given = factories.assignment(client_person, by=clinician, exercise=measure)
    client, desk = browser_of(client_person.user), browser_of(clinician)
    asked = words(client.get(reverse("portal:work", args=[given.occurrences.get().pk])))

    response = factories.response(given.occurrences.get(), answers={f"item{n}": "1" for n in range(1, 10)})

    sent = words(client.get(reverse("portal:response", args=[response.pk])))
    opened = words(desk.get(reverse("admin:response", args=[response.pk])))
    assert all(PHQ_9.citation in page and PHQ_9.licence in page for page in (asked, sent, opened))
    assert (response.score.result["total"], response.score.result["band"]) == (9, "mild")
    assert response.alert is not None
