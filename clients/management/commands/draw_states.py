"""Draw the state machines anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clients.states import drawn


class Command(BaseCommand):
    help = "Write docs/states.md from the tables in clients/states.py."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs/states.md").write_text(drawn())
