"""The clinic and each client as FHIR R4 bundles: one a client, so that none has to be in memory with another.

Resources name each other by `urn:uuid:` and the id that the row has, in whichever of the bundles they are.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from clients.carried.work import exported_clients, sent, work_of
from clients.models import Assignment, Client, Response
from content.fhir.answering import items_of
from content.fhir.writing import JSONObject, questionnaire_of
from content.models import ExerciseVersion
from content.prompts.drafting import draft_of_schema
from practices.accounts.models import User
from practices.carrying.parts import Page, Part
from practices.models import Clinic

FOLDER = "fhir"


def bundles(clinic: Clinic) -> Iterator[Page]:
    yield bundle(
        "clinic", [organization(clinic), *map(practitioner, User.objects.staff().order_by("pk")), *questionnaires()]
    )
    for client in exported_clients():
        yield bundle(f"clients/{client.pk}", [patient(client, clinic), *records_of(client)])


def bundle(name: str, resources: list[JSONObject]) -> Page:
    entries = [{"fullUrl": urn(resource["id"]), "resource": resource} for resource in resources]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return Page(f"{FOLDER}/{name}.json", json.dumps(whole, ensure_ascii=False, indent=1).encode())


def urn(pk: UUID | str) -> str:
    return f"urn:uuid:{pk}"


def reference(pk: UUID | str) -> JSONObject:
    return {"reference": urn(pk)}


def moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def organization(clinic: Clinic) -> JSONObject:
    """Under the id that it was opened with, wherever it has been since."""
    made: JSONObject = {"resourceType": "Organization", "id": str(clinic.origin or clinic.pk), "name": clinic.name}
    if clinic.phone:
        made["telecom"] = [{"system": "phone", "value": clinic.phone}]
    if clinic.address_line:
        made["address"] = [{"text": clinic.address_line}]
    return made


def practitioner(user: User) -> JSONObject:
    made: JSONObject = {
        "resourceType": "Practitioner",
        "id": str(user.pk),
        "active": user.is_active,
        "name": [{"text": user.display_name}],
        "telecom": [{"system": "email", "value": user.email}],
    }
    return made | ({"qualification": [{"code": {"text": user.credentials}}]} if user.credentials else {})


def questionnaires() -> Iterator[JSONObject]:
    """Every version that was ever published: answers belong to the one that was answered."""
    versions = ExerciseVersion.objects.select_related("exercise").order_by("pk").iterator(chunk_size=50)
    for version in versions:
        about = {"title": version.title, "kind": version.exercise.kind, "summary": version.exercise.summary}
        yield questionnaire_of(draft_of_schema(version.schema, **about)) | {
            "id": str(version.pk),
            "url": urn(version.pk),
            "version": str(version.number),
            "date": moment(version.published_at),
        }


def patient(client: Client, clinic: Clinic) -> JSONObject:
    name = {"given": [client.first_name]} | ({"family": client.last_name} if client.last_name else {})
    carers = [reference(care.clinician_id) for care in client.care.all() if care.ends_at is None]
    made: JSONObject = {
        "resourceType": "Patient",
        "id": str(client.pk),
        "active": client.status != Client.Status.DISCHARGED,
        "name": [name],
        "telecom": [{"system": "email", "value": client.user.email}],
        "managingOrganization": reference(clinic.origin or clinic.pk),
    }
    return made | ({"generalPractitioner": carers} if carers else {})


def records_of(client: Client) -> Iterator[JSONObject]:
    """What was sent, and what was computed from it."""
    for assignment in work_of(client):
        for occurrence in assignment.occurrences.all():
            response = sent(occurrence)
            if response is not None and response.submitted_at is not None:
                yield questionnaire_response(response, assignment, at=response.submitted_at)
                if hasattr(response, "score"):
                    yield observation(response, assignment, at=response.submitted_at)


def questionnaire_response(response: Response, assignment: Assignment, *, at: datetime) -> JSONObject:
    items = items_of(assignment.version.parsed, response.answers)
    made: JSONObject = {
        "resourceType": "QuestionnaireResponse",
        "id": str(response.pk),
        "questionnaire": urn(assignment.version_id),
        "status": "completed",
        "subject": reference(assignment.client_id),
        "author": reference(assignment.client_id),
        "authored": moment(at),
    }
    return made | ({"item": items} if items else {})


def observation(response: Response, assignment: Assignment, *, at: datetime) -> JSONObject:
    result = response.score.result
    made: JSONObject = {
        "resourceType": "Observation",
        "id": str(response.score.pk),
        "status": "final",
        "code": {"text": f"{assignment.version.title}: total"},
        "subject": reference(assignment.client_id),
        "effectiveDateTime": moment(at),
        "derivedFrom": [reference(response.pk)],
    }
    if result.get("total") is None:
        made["dataAbsentReason"] = {"text": "too many answers are missing"}
    else:
        made["valueInteger"] = result["total"]
    return made | ({"interpretation": [{"text": result["band"]}]} if result.get("band") else {})


BUNDLES = Part("For other programs: fhir/ (FHIR R4)", bundles)
