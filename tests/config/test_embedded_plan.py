"""What the demo is made of: ports, environment, processes, files that tell whether anything changed."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import EmbeddedError, Instance, fingerprint
from config.embedded.plan import STOP_ORDER, Plan, check_directory, check_port, own_hosts
from config.embedded.welcome import read_people, welcome


def plan_for(project: Path, **given: str) -> Plan:
    return Plan.from_environment(Instance("demo", project), given)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_port_moves_the_web_and_the_mail_server_with_it(tmp_path: Path) -> None:
    plan = plan_for(tmp_path, PORT="9000")

    assert (plan.port, plan.mail_port) == (9000, 9025)
    assert plan.environment()["PORT"] == "9000"
    assert plan.environment()["EMAIL_PORT"] == "9025"
    assert "--bind=127.0.0.1:9000" in plan.processes()["web"]
    assert plan_for(tmp_path, MAIL_PORT="2525").mail_port == 2525


@pytest.mark.parametrize("text", ["abc", "0", "70000", "-1", "٣"])
def test_a_port_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmbeddedError, match=r"^PORT must be a number from 1 to 65535.*make demo`\.$"):
        plan_for(tmp_path, PORT=text)


def test_without_given_servers_the_embedded_ones_are_used(tmp_path: Path) -> None:
    plan = plan_for(tmp_path)

    assert plan.needs_postgres
    assert plan.needs_valkey
    assert plan.environment()["DATABASE_URL"] == plan.instance.database_url
    assert plan.environment()["DATABASE_OWNER_URL"] == plan.instance.owner_url
    assert not plan.has_one_role
    assert plan.environment()["BROKER_URL"] == plan.instance.broker_url
    assert plan.environment()["CACHE_URL"] == plan.instance.cache_url


def test_given_servers_are_used_instead(tmp_path: Path) -> None:
    plan = plan_for(
        tmp_path, DATABASE_URL="postgres://db.example/x", BROKER_URL="redis://user:word@valkey.example:6379/0"
    )

    assert not plan.needs_postgres
    assert not plan.needs_valkey
    assert plan.environment()["DATABASE_URL"] == "postgres://db.example/x"
    assert plan.environment()["CACHE_URL"] == "redis://user:word@valkey.example:6379/1"


def test_a_given_database_may_come_with_an_owner(tmp_path: Path) -> None:
    app, owner = "postgres://app@db.example/x", "postgres://owner@db.example/x"

    alone, both = plan_for(tmp_path, DATABASE_URL=app), plan_for(tmp_path, DATABASE_URL=app, DATABASE_OWNER_URL=owner)

    assert alone.has_one_role and not both.has_one_role
    assert alone.environment()["DATABASE_OWNER_URL"] == app
    assert (both.environment()["DATABASE_URL"], both.environment()["DATABASE_OWNER_URL"]) == (app, owner)


def test_the_welcome_says_when_there_is_one_role(tmp_path: Path) -> None:
    lines = list(welcome(8000, [], tmp_path / "none.json", one_role=True))

    assert "DATABASE_OWNER_URL is not set" in lines[-2]


def test_a_broker_that_can_hold_no_cache_leaves_the_embedded_one_to_it(tmp_path: Path) -> None:
    plan = plan_for(tmp_path, BROKER_URL="amqp://rabbit.example")

    assert plan.needs_valkey
    assert plan.environment()["BROKER_URL"] == "amqp://rabbit.example"
    assert plan.environment()["CACHE_URL"] == plan.instance.cache_url


def test_every_process_has_its_place_in_the_order_of_stopping(tmp_path: Path) -> None:
    assert set(plan_for(tmp_path).processes()) == set(STOP_ORDER)


def test_a_taken_port_says_what_to_do(taken_port: int) -> None:
    with pytest.raises(EmbeddedError, match=f"^Port {taken_port} is taken: .*`PORT=9000 make demo`\\.$"):
        check_port("PORT", taken_port)
    assert "127.0.0.1" in own_hosts()


def test_a_place_that_is_not_writable_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedError, match="file is not writable for you: make it yours"):
        check_directory(tmp_path / "file" / "demo")
    check_directory(tmp_path / "not" / "yet" / "there")


def test_the_fingerprint_follows_migrations_and_locked_dependencies(tmp_path: Path) -> None:
    migration = tmp_path / "practices" / "accounts" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("one")
    locked = tmp_path / fingerprint.LOCKED
    locked.parent.mkdir()
    locked.write_text("django==5.2")

    seen = [fingerprint.of_migrations(tmp_path), fingerprint.of_migrations(tmp_path)]
    migration.write_text("two")
    seen.append(fingerprint.of_migrations(tmp_path))
    locked.write_text("django==5.3")
    seen.append(fingerprint.of_migrations(tmp_path))

    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


def test_the_welcome_names_addresses_people_and_how_to_stop(tmp_path: Path) -> None:
    source = tmp_path / "people.json"
    owner = {
        "clinic": "willow",
        "role": "owner",
        "name": "Ada",
        "email": "ada@willow.example",
        "password": "a long one",
    }
    clients = [
        {"clinic": "willow", "role": "client", "name": f"Client {n}", "email": f"{n}@mail.example", "password": None}
        for n in range(5)
    ]
    source.write_text(json.dumps([owner, *clients]))

    text = "\n".join(welcome(9000, read_people(source), source))

    for place in ("", "admin/", "portal/", "inbox/"):
        assert f"http://willow.localhost:9000/{place} " in text
        assert f"http://harbour.localhost:9000/{place} " in text
    assert "ada@willow.example" in text
    assert "a code, sent to the inbox" in text
    assert "and 3 more clients" in text
    assert text.endswith("Ctrl-C stops everything.")


def test_the_welcome_does_without_people(tmp_path: Path) -> None:
    missing, broken = tmp_path / "missing.json", tmp_path / "broken.json"
    broken.write_text("[{")

    assert read_people(missing) == read_people(broken) == []
    assert "Ctrl-C" in list(welcome(8000, [], missing))[-1]


def test_processes_run_with_this_python(tmp_path: Path) -> None:
    assert {arguments[0] for arguments in plan_for(tmp_path).processes().values()} == {sys.executable}
