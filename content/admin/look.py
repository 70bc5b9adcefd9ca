"""How the clinic looks: the owner's page, with a sample of everything that they choose."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from content.admin.settings_pages import settings_page
from content.services.look import change_look
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.colours import Palette, palette_of
from practices.models import Clinic, validate_accent
from practices.pictures import PictureFileField
from practices.tenancy import current_clinic
from practices.theming import TEXT_SIZES

SIZES = (
    (Clinic.TextSize.NORMAL, "Normal: as each reader has set their browser"),
    (Clinic.TextSize.LARGER, "Larger by an eighth"),
    (Clinic.TextSize.LARGEST, "Larger by a quarter"),
)


class LookForm(forms.Form):
    """A colour, how large text is, and a logo with what it shows."""

    accent = forms.CharField(
        label="Your colour",
        max_length=7,
        widget=forms.ColorInput,
        help_text="For links, buttons and marks.",
    )
    text_size = forms.ChoiceField(label="Size of text", choices=SIZES, widget=forms.RadioSelect)
    logo = PictureFileField(
        required=False,
        label="A logo",
        help_text="A JPEG, PNG, WebP or GIF on white, or on nothing. We show it up to 240 by 48 pixels large.",
    )
    forget_logo = forms.BooleanField(required=False, label="Take the logo away, and show the leaf again")
    logo_alt = forms.CharField(
        required=False,
        label="What the logo shows",
        max_length=120,
        widget=forms.TextInput(attrs={"class": "long"}),
        help_text="For people who can’t see it. If it says your name, write the name.",
    )
    logo_says_name = forms.BooleanField(
        required=False, label="The logo says our name, so leave out the written name beside it"
    )

    def __init__(self, data: Any, files: Any, *, clinic: Clinic) -> None:
        names = ("accent", "text_size", "logo_alt", "logo_says_name")
        super().__init__(data, files, initial={name: getattr(clinic, name) for name in names})
        self.has_logo = clinic.logo is not None

    def clean_accent(self) -> str:
        accent: str = self.cleaned_data["accent"].lower()
        validate_accent(accent)
        return accent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.will_have_logo and not cleaned.get("logo_alt") and "logo_alt" not in self.errors:
            self.add_error("logo_alt", "Say what the logo shows, for people who can’t see it.")
        return cleaned

    @property
    def keeps_logo(self) -> bool:
        return self.has_logo and not self.cleaned_data.get("forget_logo")

    @property
    def will_have_logo(self) -> bool:
        return self.cleaned_data.get("logo") is not None or self.keeps_logo


@dataclass(frozen=True, slots=True)
class Sample:
    """What the page shows of a look that is not saved yet."""

    accent: str
    text_size: str

    @property
    def palette(self) -> Palette:
        return palette_of(self.accent)

    @property
    def stylesheet(self) -> str:
        return f"{reverse('admin:look_sample')}?{urlencode({'accent': self.accent, 'text_size': self.text_size})}"

    @property
    def size(self) -> str:
        return TEXT_SIZES[Clinic.TextSize(self.text_size)]


def sample_of(form: LookForm, clinic: Clinic) -> Sample:
    """Of what was chosen, as far as it can be used."""
    chosen = getattr(form, "cleaned_data", {})
    return Sample(chosen.get("accent") or clinic.accent, chosen.get("text_size") or clinic.text_size)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@allowed(Act.MANAGE_CLINIC)
def look(request: UserRequest) -> HttpResponse:
    """Choose, see what becomes of it, and save. Without scripts a second button shows the sample."""
    clinic = current_clinic()
    is_sent = request.method == "POST"
    form = LookForm(request.POST if is_sent else None, request.FILES if is_sent else None, clinic=clinic)
    is_part = "HX-Request" in request.headers
    is_looking = is_part or "look" in request.POST
    if form.is_valid() and not is_looking:
        return saved(request, form)
    context = {"title": "Look", "form": form, "sample": sample_of(form, clinic)}
    if is_part:
        return render(request, "admin/content/look/sample.html", context)
    status = 422 if form.errors and not is_looking else 200
    return settings_page(request, "look.html", context, status=status)


def saved(request: UserRequest, form: LookForm) -> HttpResponse:
    chosen = form.cleaned_data
    change_look(
        accent=chosen["accent"],
        text_size=chosen["text_size"],
        logo=chosen["logo"],
        keeps_logo=form.keeps_logo,
        logo_alt=chosen["logo_alt"],
        logo_says_name=chosen["logo_says_name"],
        by=request.user,
        at=timezone.now(),
    )
    darker = " Your colour was made darker, so that it can be read." if palette_of(chosen["accent"]).is_adjusted else ""
    messages.success(request, f"Saved. Everybody sees it now.{darker}")
    return redirect("admin:look")


@require_safe
@allowed(Act.MANAGE_CLINIC)
def look_sample(request: UserRequest) -> HttpResponse:
    """The sample's own stylesheet; without a choice, that of what is saved."""
    clinic = current_clinic()
    accent, text_size = request.GET.get("accent", clinic.accent), request.GET.get("text_size", clinic.text_size)
    try:
        validate_accent(accent)
        sample = Sample(accent, Clinic.TextSize(text_size))
    except (ValidationError, ValueError):
        raise Http404 from None
    return render(request, "admin/content/look/sample.css", {"sample": sample}, content_type="text/css")
