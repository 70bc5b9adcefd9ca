"""Run the whole demo on this machine: servers, two clinics, web, worker, beat and mail."""

import http.client
import os
import sys
from argparse import ArgumentParser
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded import EmbeddedError, fingerprint, instance, postgres
from config.embedded.places import PROJECT, make_directory
from config.embedded.plan import STOP_ORDER, Plan, check_directory
from config.embedded.supervisor import Supervisor, interruptible, uninterrupted
from config.embedded.welcome import read_people, welcome

START_LIMIT = 90.0  # seconds until the web must answer


class Command(BaseCommand):
    help = "Run the whole demo on this machine; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="where the web listens (PORT, else 8000)")
        parser.add_argument(
            "--reset", action="store_true", help="stop a running demo and delete what it kept, then start"
        )
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started this is gone"
        )

    def handle(self, *, port: int | None, reset: bool, with_parent: bool, **options: Any) -> None:
        parent = os.getppid() if with_parent else None
        try:
            with interruptible():
                plan = Plan.from_environment(instance("demo"), os.environ, port)
                if reset:
                    self.reset(plan)
                self.run(plan, parent)
        except EmbeddedError as error:
            raise CommandError(error) from error
        except KeyboardInterrupt:
            self.say("Stopped.")

    def reset(self, plan: Plan) -> None:
        """Stop a running demo and delete its directory; a database that was given stays as it is."""
        plan.instance.reset()
        self.say(f"Deleted {plan.directory}.")
        if not plan.needs_postgres:
            self.say("DATABASE_URL is set: that database was left as it is.")

    def run(self, plan: Plan, parent: int | None) -> None:
        """Start everything, watch it until a signal or a failure, stop everything."""
        servers, supervisor = plan.instance, None
        check_directory(plan.directory)
        try:
            servers.take()
            plan.check_ports()
            self.say("Starting the servers …")
            servers.start(with_postgres=plan.needs_postgres, with_valkey=plan.needs_valkey)
            supervisor = Supervisor(
                guard=servers.guard,
                servers=servers.children,
                logs=servers.logs,
                environment=plan.environment(),
                directory=PROJECT,
            )
            self.prepare(plan, supervisor)
            self.open(plan, supervisor)
            supervisor.watch(parent)
        finally:
            with uninterrupted():
                if supervisor:
                    self.say("Stopping …")
                    supervisor.stop(STOP_ORDER)
                servers.stop()

    def prepare(self, plan: Plan, supervisor: Supervisor) -> None:
        """Bring the database, the static files and the demo's clinics up to date; quick when they are."""
        manage = [sys.executable, str(PROJECT / "manage.py")]
        migrations = fingerprint.of_migrations(PROJECT)
        if not plan.needs_postgres or postgres.read_note(plan.instance.sockets) != migrations:
            self.say("Preparing the database …")
            supervisor.run("migrate_schemas", [*manage, "migrate_schemas", "--shared"])
            supervisor.run("migrate_clinics", [*manage, "migrate_clinics"])
            if plan.needs_postgres:
                postgres.write_note(plan.instance.sockets, migrations)
        collected, static_files = plan.directory / "static.fingerprint", fingerprint.of_static_files(PROJECT)
        if not collected.exists() or collected.read_text() != static_files:
            self.say("Collecting stylesheets and scripts …")
            supervisor.run("collectstatic", [*manage, "collectstatic", "--noinput", "--verbosity=0"])
            collected.write_text(static_files)
        self.say("Filling the demo's clinics …")
        supervisor.run("seed_demo", [*manage, "seed_demo"], show=self.say)

    def open(self, plan: Plan, supervisor: Supervisor) -> None:
        """Start the processes and say where they are once the web answers."""
        make_directory(plan.directory / "mail")
        for name, arguments in plan.processes().items():
            supervisor.start(name, arguments)
        supervisor.wait_until(partial(healthy, plan.port), limit=START_LIMIT, name="web")
        people = plan.directory / "people.json"
        for line in welcome(plan.port, read_people(people), relative(people), one_role=plan.has_one_role):
            self.say(line)

    def say(self, line: str) -> None:
        """Print a line at once; a terminal that was closed must not keep us from stopping."""
        with suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()


def healthy(port: int) -> bool:
    """Whether the web answers and finds its servers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def relative(path: Path) -> Path:
    """The path as seen from where we are, if it lies below."""
    with suppress(ValueError):
        return path.relative_to(Path.cwd())
    return path
