"""Open the clinics that were asked for in the console, or by signing up."""

import json
import time
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from practices.console.services.fulfilling import open_requested
from practices.management.clinics import the_platform


class Command(BaseCommand):
    help = "Open what waits to be opened, and invite the owners; run it every few seconds. Two at once do no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=0, help="go on, and look every so many seconds")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, every: int, **options: Any) -> None:
        while every:
            # What failed is in the log, and is tried again; a database that is away comes back.
            with suppress(CommandError, DatabaseError):
                self.open_once(as_json=options["json"])
            close_old_connections()
            time.sleep(every)
        self.open_once(as_json=options["json"])

    def open_once(self, *, as_json: bool) -> None:
        opened: list[str] = []
        failed: list[str] = []
        for request, is_open in open_requested(the_platform(), clock=timezone.now):
            (opened if is_open else failed).append(request.label)
            if not as_json:
                self.stdout.write(f"{request.label}: {'open' if is_open else 'could not be opened, see the log'}")
        if as_json:
            self.stdout.write(json.dumps({"opened": opened, "failed": failed}))
        if failed:
            raise CommandError(f"not opened: {', '.join(failed)}")
