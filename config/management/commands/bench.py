"""Measure how fast pages are, on servers of its own that are set up like the demo's."""

import http.client
import sys
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded import EmbeddedError
from config.embedded.plan import Plan, web_server
from config.embedded.scratch import free_port, scratch
from config.embedded.supervisor import Supervisor

START_LIMIT = 60.0  # seconds until a server must answer


class Command(BaseCommand):
    help = "Measure how fast pages are, as ratios to a bare and to a stock Django view; a running demo is left alone."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        try:
            with scratch("bench") as (plan, supervisor):
                self.measure(plan, supervisor)
        except EmbeddedError as error:
            raise CommandError(error) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def measure(self, plan: Plan, supervisor: Supervisor) -> None:
        """Start the applications on the same kind of server, and measure."""
        session = plan.directory / "session"
        # Stock Django makes a database of its own, with nobody's rules.
        anything = ["env", f"DATABASE_URL={plan.instance.superuser_url}"]
        supervisor.run("plain-data", [*anything, sys.executable, "-m", "config.bench.plain", session])
        ports = {"web": plan.port, "bare": free_port(), "plain": free_port(), "kept": free_port()}
        applications = {"web": "config.wsgi", "bare": "config.bench.bare", "plain": "config.bench.plain"}
        for name, module in applications.items():
            rights = anything if name == "plain" else []
            supervisor.start(name, [*rights, *web_server(f"{module}:application", ports[name])])
        keeping = [*anything, "PLAIN_KEEPS_CONNECTIONS=1"]
        supervisor.start("kept", [*keeping, *web_server("config.bench.plain:application", ports["kept"])])
        for name, port in ports.items():
            supervisor.wait_until(partial(answers, port), limit=START_LIMIT, name=name)
        arguments = [str(ports["bare"]), str(ports["plain"]), str(ports["kept"]), session.read_text()]
        # Clinics are opened in there.
        measuring = ["env", "DATABASE_ROLE=owner", sys.executable, "-m", "config.bench"]
        supervisor.run("bench", [*measuring, *arguments], show=self.stdout.write)


def answers(port: int) -> bool:
    """Whether something answers there, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    else:
        return True
    finally:
        connection.close()
