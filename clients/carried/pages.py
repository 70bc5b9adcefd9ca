"""Each client's work as a page that is read without any server."""

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

from clients.carried.work import answers_in, exported_clients, sent, work_of
from clients.models import Assignment, Client, Occurrence
from content.prompts.words import Shown
from practices.carrying.parts import Page, Part
from practices.models import Clinic

FOLDER = "readable/clients"


def client_pages(clinic: Clinic) -> Iterator[Page]:
    for client in exported_clients():
        context = {
            "clinic": clinic,
            "style": "../style.css",
            "home": "../index.html",
            "client": client,
            "work": [
                {
                    "given": one,
                    "plan": (one.plan or {}).get("words"),
                    "sure": (one.plan or {}).get("confidence"),
                    "times": [time_of(one, time) for time in one.occurrences.all()],
                }
                for one in work_of(client)
            ],
        }
        page = render_to_string("clients/carried/client.html", context)
        yield Page(f"{FOLDER}/{client.pk}.html", page.encode(), title=title_of(client))


def title_of(client: Client) -> str:
    return f"{client.last_name}, {client.first_name}" if client.last_name else client.first_name


def time_of(assignment: Assignment, occurrence: Occurrence) -> dict[str, Any]:
    response = sent(occurrence)
    answers = answers_in(response, assignment) if response else ()
    return {
        "which": assignment.which(occurrence.number),
        "occurrence": occurrence,
        "response": response,
        "score": response.score.result if response and hasattr(response, "score") else None,
        "review": getattr(response, "review", None),
        "lines": [
            {"prompt": prompt, "answer": Shown(prompt=prompt, value=value), "kept": kept}
            for prompt, value, kept in answers
        ],
    }


PAGES = Part("Clients and their work", client_pages)
