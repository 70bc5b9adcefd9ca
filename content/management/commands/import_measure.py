"""Take in the official wording of a measure, once for the installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from content.fhir.reading import DEEPEST
from content.measures.definitions import DEFINITIONS
from content.measures.wording import Form, WordingError, form_of_csv, form_of_fhir
from content.services.measures import MeasureExistsError, take_in_wording
from practices.json_gate import LARGEST, JSONRefusedError, read_object


class Command(BaseCommand):
    help = "Take in the official form of a measure (a FHIR R4 Questionnaire as JSON, or CSV), checked and then locked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", choices=sorted(DEFINITIONS))
        parser.add_argument("file", type=Path, help="ends in .json or .csv (columns part, number, text)")

    def handle(self, *args: Any, **options: Any) -> None:
        key, file = options["key"], options["file"]
        try:
            wording = take_in_wording(key, form_in(file), at=timezone.now())
        except MeasureExistsError:
            raise CommandError("Another wording of this measure is there already. It is locked.") from None
        except (WordingError, JSONRefusedError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from None
        items = len(wording.schema["prompts"])
        self.stdout.write(f"{DEFINITIONS[key].name} is taken in with {items} items. Every clinic can use it.")


def form_in(file: Path) -> Form:
    with file.open("rb") as opened:
        body = opened.read(LARGEST + 1)
    if file.suffix.lower() == ".csv":
        if len(body) > LARGEST:
            raise WordingError("This file is too large.")
        return form_of_csv(body.decode("utf-8-sig"))
    return form_of_fhir(read_object(body, deepest=DEEPEST))
