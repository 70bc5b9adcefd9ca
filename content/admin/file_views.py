"""An exercise as a file: ours, or a FHIR R4 Questionnaire; out of the clinic and into it."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.admin.builder.views import builder_page
from content.fhir.reading import DEEPEST, draft_of_questionnaire
from content.fhir.writing import questionnaire_of
from content.models import Exercise
from content.prompts.drafting import Document
from content.prompts.files import draft_of_file, file_of
from content.prompts.reading import SchemaError
from content.services.drafts import begin_exercise, draft_of
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.json_gate import LARGEST, JSONRefusedError, read_object

WRITERS = {"exercise": file_of, "fhir": questionnaire_of}


class ExerciseFileField(forms.FileField):
    """A file with an exercise, read: what can't be is an error in words."""

    widget = forms.FileInput(attrs={"accept": ".json,application/json"})

    def clean(self, data: "UploadedFile[Any] | None", initial: Any = None) -> Document | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return draft_in(file.read(LARGEST + 1))
        except JSONRefusedError as error:
            raise ValidationError(error.message) from error
        except SchemaError as error:
            raise ValidationError(f"At {error.path[:80]}: {error.message}" if error.path else error.message) from error


class ImportForm(forms.Form):
    file = ExerciseFileField(
        label="The file", help_text="One exercise, as it was saved here or as a FHIR R4 Questionnaire. Up to 1 MB."
    )


def draft_in(body: bytes) -> Document:
    """The exercise in a file's bytes, of whichever of the two kinds. Raises JSONRefusedError and SchemaError."""
    data = read_object(body, deepest=DEEPEST)
    return draft_of_questionnaire(data) if "resourceType" in data else draft_of_file(data)


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def import_file(request: UserRequest) -> HttpResponse:
    """A draft from a file."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        made = begin_exercise(form.cleaned_data["file"], by=request.user, at=timezone.now())
        messages.success(request, "This is a draft made from the file. Look it over, then publish it.")
        return redirect("admin:content_exercise_build", made.pk)
    return builder_page(request, "import.html", "From a file", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET"])
@allowed(Act.WRITE_ARTICLES)
def export_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """What was published last as a file; a measure's wording is not given away."""
    found = Exercise.objects.select_related("current").exclude(kind=Exercise.Kind.MEASURE).filter(current__isnull=False)
    exercise = get_object_or_404(found, pk=pk)
    write = WRITERS.get(request.GET.get("format", "exercise"))
    if write is None:
        raise Http404
    exercise.draft = None
    draft = draft_of(exercise) | ({"kind": Exercise.Kind.REFLECTION.value} if exercise.article_id else {})
    is_fhir = write is questionnaire_of
    text = json.dumps(write(draft), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/fhir+json" if is_fhir else "application/json")
    name = f"{exercise.slug}{'-fhir' if is_fhir else ''}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
