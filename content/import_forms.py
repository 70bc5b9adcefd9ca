"""What staff fill in to bring a site here."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

# Of the whole form; what is larger is brought by whoever runs the server.
MOST_BYTES = 300 * 2**20


class ExportForm(forms.Form):
    """An export of WordPress, with its pictures or without."""

    export = forms.FileField(
        label="The export",
        help_text=(
            "In WordPress under Tools, Export, “All content”. A file that ends in .xml, or a zip in which it lies."
        ),
        widget=forms.FileInput(attrs={"accept": ".xml,.zip"}),
        error_messages={"required": "Choose the file that WordPress gave you.", "empty": "This file is empty."},
    )
    pictures = forms.FileField(
        label="Its pictures",
        required=False,
        help_text=(
            "A zip of the folder wp-content/uploads. Pictures are never fetched from the old site: "
            "without this file they are left out. Both files together may have up to 300 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        error_messages={"empty": "This file is empty."},
    )

    def clean_export(self) -> "UploadedFile[Any]":
        return ends_in(self.cleaned_data["export"], ".xml", ".zip")

    def clean_pictures(self) -> "UploadedFile[Any] | None":
        pictures = self.cleaned_data["pictures"]
        return ends_in(pictures, ".zip") if pictures else None


def ends_in(file: "UploadedFile[Any]", *endings: str) -> "UploadedFile[Any]":
    if not (file.name or "").lower().endswith(endings):
        raise forms.ValidationError(f"Choose a file that ends in {' or '.join(endings)}.")
    return file
