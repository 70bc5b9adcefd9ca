"""Photograph the six main pages with the demo's data: phone and desktop, light and dark."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded import EmbeddedError
from config.embedded.places import PROJECT
from config.embedded.plan import Plan, web_server
from config.embedded.scratch import run_manage, scratch
from config.embedded.supervisor import Supervisor
from config.management.commands.demo import START_LIMIT, healthy

SCREENS = PROJECT / "docs" / "screens"


class Command(BaseCommand):
    help = "Write docs/screens: the six main pages as they look with the demo's data; a running demo is left alone."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        if not chromium.exists():
            raise CommandError(f"There is no Chromium at {chromium}: install it, or say where it is with CHROMIUM=….")
        try:
            with scratch("screenshots") as (plan, supervisor):
                self.photograph(plan, supervisor, chromium)
        except EmbeddedError as error:
            raise CommandError(error) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def photograph(self, plan: Plan, supervisor: Supervisor, chromium: Path) -> None:
        """Fill the clinics as for the demo, start the web, and take the pictures."""
        run_manage(supervisor, "seed_demo", show=self.stdout.write)
        supervisor.start("web", web_server("config.wsgi:application", plan.port))
        supervisor.wait_until(partial(healthy, plan.port), limit=START_LIMIT, name="web")
        arguments = [str(plan.port), str(chromium), str(SCREENS)]
        supervisor.run("pictures", [sys.executable, "-m", "config.bench.pictures", *arguments], show=self.stdout.write)
