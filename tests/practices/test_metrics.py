"""What is counted is counted by names that say nothing of anybody, and nobody gets at it by a clinic's host."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as current
from django.db import connections
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from pytest_django import Settings

from clients.models import Client, Occurrence
from config import gunicorn, metrics
from content.models import Article
from practices.accounts.models import User
from practices.gauges import StateOfThePlatform
from practices.models import Clinic, ClinicMigration, ClinicWakeup
from practices.outbox.models import MailKind
from practices.outbox.services import SEND_TASK, queue_mail, send_due
from practices.outbox.tasks import send_outbox
from practices.tasks import dispatch_due
from tests.harness.browsers import Browser
from tests.harness.databases import Database
from tests.harness.mail import Mailbox

Counted = Callable[..., float]


@pytest.fixture
def more() -> Counted:
    """`more(name, label=value)` is by how much a count has grown in this test."""
    before = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
    }

    def more(name: str, **labels: str) -> float:
        now = REGISTRY.get_sample_value(name, labels) or 0.0
        return now - before.get((name, tuple(sorted(labels.items()))), 0.0)

    return more


def requests(route: str, status: int, method: str = "GET") -> dict[str, str]:
    return {"process": current.PROCESS_TYPE, "route": route, "status": str(status), "method": method}


def test_requests_are_counted_by_the_name_of_their_route(
    more: Counted, browser_of: Callable[[User], Browser], client_person: Client, occurrence: Occurrence
) -> None:
    browser = browser_of(client_person.user)

    assert browser.get(f"/portal/occurrences/{occurrence.pk}/").status_code == 200
    assert browser.get("/admin/").status_code == 302

    assert more("practices_requests_total", **requests("portal:work", 200)) == 1
    assert more("practices_requests_total", **requests("admin:index", 302)) == 1
    assert more("practices_request_seconds_count", process=current.PROCESS_TYPE, route="portal:work") == 1


def test_a_kept_page_a_file_and_what_is_not_there_have_one_name_each(
    more: Counted, visitor: Browser, article: Article
) -> None:
    address = f"/articles/{article.slug}/"
    for path in (address, address, "/static/practices/tokens.css", "/secret-place/", "/secret-place/"):
        visitor.get(path).getvalue()  # to its end, so that a file is closed
    visitor.generic("BREW", "/")

    assert more("practices_requests_total", **requests("kept page", 200)) == 1
    assert more("practices_requests_total", **requests("static", 200)) == 1
    assert more("practices_requests_total", **requests("none", 404)) == 2
    assert more("practices_requests_total", **requests("home", 405, "other")) == 1


def test_no_label_holds_an_id_a_path_a_host_or_a_name(
    browser_of: Callable[[User], Browser], client_person: Client, occurrence: Occurrence
) -> None:
    browser = browser_of(client_person.user)
    browser.get(f"/portal/occurrences/{occurrence.pk}/")
    browser.get(f"/{occurrence.pk}?q=heron")

    exposed = generate_latest(REGISTRY).decode()

    assert not [word for word in (str(occurrence.pk), "heron", "north", "/portal", "cleo@") if word in exposed]


def test_a_clinic_that_answers_503_is_counted_too(more: Counted, north: Clinic, visitor: Browser) -> None:
    Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.SUSPENDED)

    visitor.get("/")

    assert more("practices_requests_total", **requests("none", 503)) == 1


def test_tasks_are_counted_by_how_they_ended(more: Counted, clinics: dict[str, Clinic]) -> None:
    north = clinics["north"]
    send_outbox.apply(kwargs={"clinic": str(north.pk)})
    Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.SUSPENDED)
    send_outbox.apply(kwargs={"clinic": str(north.pk)})

    task = {"process": current.PROCESS_TYPE, "task": SEND_TASK}
    assert more("practices_tasks_total", **task, end="done") == 1
    assert more("practices_tasks_total", **task, end="failed") == 1
    assert more("practices_task_seconds_count", **task) == 2


def test_mails_are_counted_by_what_became_of_them(more: Counted, north: Clinic, mailbox: Mailbox) -> None:
    at = timezone.now()
    queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=at)
    mailbox.refusal = "451 not now"
    send_due(north, at=at)
    mailbox.refusal = ""
    send_due(north, at=at + timedelta(hours=1))

    assert more("practices_mails_total", outcome="delayed") == 1
    assert more("practices_mails_total", outcome="sent") == 1


def state() -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(StateOfThePlatform())
    lines = generate_latest(registry).decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_the_state_of_the_installation(clinics: dict[str, Clinic]) -> None:
    dispatch_due()
    south = clinics["south"]
    ClinicMigration.objects.filter(clinic=clinics["north"]).update(head="older")
    Clinic.objects.filter(pk=south.pk).update(status=Clinic.Status.SUSPENDED)

    found = state()

    assert found['practices_clinics{status="open",type="clinic"}'] == 1
    assert found['practices_clinics{status="suspended",type="clinic"}'] == 1
    assert found['practices_clinics{status="open",type="platform"}'] == 1
    assert found["practices_clinics_behind"] == 1
    assert found["practices_spare_schemas"] == 0
    assert found["practices_disk_free_bytes"] > 0
    assert found["practices_outbox_oldest_seconds"] == 0
    assert 0 <= found["practices_beat_silent_seconds"] < 5
    assert {name for name, value in found.items() if name.startswith("practices_ready") and value != 1} == set()


def test_what_waits_and_is_overdue(north: Clinic) -> None:
    at = timezone.now()
    queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=at - timedelta(hours=1))
    ClinicWakeup.objects.filter(kind=SEND_TASK).update(due_at=at - timedelta(minutes=1))

    found = state()

    assert found[f'practices_wakeups_overdue{{task="{SEND_TASK}"}}'] == 1
    assert 3600 <= found["practices_outbox_oldest_seconds"] < 3610
    assert found['practices_ready{part="outbox"}'] == 0
    assert found['practices_ready{part="beat"}'] == 0


def test_a_database_that_is_away_leaves_the_rest(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    connections["default"].close()
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
        found = state()
        connections["default"].close()

    assert found['practices_ready{part="database"}'] == 0
    assert found['practices_ready{part="broker"}'] == 1
    assert not [name for name in found if name.startswith("practices_clinics")]


@pytest.mark.parametrize("path", ["/metrics", "/metrics/"])
def test_no_clinic_serves_what_is_counted(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


COUNT = """
import os, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from config import gunicorn
from practices.metrics import count_task
from types import SimpleNamespace
gunicorn.post_fork(None, SimpleNamespace(slot=int(sys.argv[1])))
count_task("a task", end="done", seconds=0.1)
"""


def test_a_process_goes_on_with_the_counts_of_the_one_whose_place_it_takes(tmp_path: Path, settings: Settings) -> None:
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counts"),
        "PRACTICES_PROFILE": "demo",
        "PROCESS_TYPE": "web-a",
    }
    for slot in ("0", "0", "1"):
        subprocess.run([sys.executable, "-c", COUNT, slot], cwd=current.BASE_DIR, env=environment, check=True)
    settings.METRICS_DIRECTORY = str(tmp_path / "counts")

    answered: list[str] = []
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/metrics", "QUERY_STRING": ""}
    body = b"".join(metrics.processes(request, lambda status, headers, *_: answered.append(status)))  # type: ignore[arg-type,return-value]

    assert answered == ["200 OK"]
    assert 'practices_tasks_total{end="done",process="web-a",task="a task"} 3.0' in body.decode()
    assert {file.name for file in (tmp_path / "counts").iterdir()} == {
        f"{kind}_web-a-{slot}.db" for kind in ("counter", "histogram") for slot in (0, 1)
    }


def test_a_new_process_gets_the_lowest_place_that_is_free() -> None:
    server = SimpleNamespace(WORKERS={})
    workers = [SimpleNamespace() for _ in range(4)]
    for pid, worker in enumerate(workers[:3]):
        gunicorn.pre_fork(server, worker)
        server.WORKERS[pid] = worker
    del server.WORKERS[1]

    gunicorn.pre_fork(server, workers[3])

    assert [worker.slot for worker in workers] == [0, 1, 2, 1]
