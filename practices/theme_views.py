"""What every page of a clinic loads: its stylesheet and its logo."""

from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from practices.files import answer_with_file
from practices.models import Clinic
from practices.requests import ClinicRequest
from practices.theming import logo_path, theme_of

Response = TypeVar("Response", bound=HttpResponseBase)
A_YEAR = 365 * 24 * 3600


@require_safe
def theme(request: ClinicRequest, version: str) -> HttpResponse:
    """The clinic's colours and text size, in a stylesheet of its own, so that no page needs inline style.

    Under the address of this look it is kept for good. A page from before a change gets the look of now, and a process that
    has not heard of a change yet gives nobody an old look for good.
    """
    now = theme_of(request.tenant)
    etag = f'"{now.version}"'
    response = get_conditional_response(request, etag) or HttpResponse(now.stylesheet, content_type="text/css")
    response["ETag"] = etag
    return kept_for_good(response) if version == now.version else kept_briefly(response)


@require_safe
def logo(request: ClinicRequest, pk: UUID) -> HttpResponseBase:
    """The clinic's logo. The address of a former one leads on to that of now."""
    clinic = request.tenant
    if clinic.logo is None:
        raise Http404
    if pk != clinic.logo:
        return redirect("logo", pk=clinic.logo)
    etag = f'"{pk.hex}"'
    response = get_conditional_response(request, etag) or logo_file(clinic, pk)
    response["ETag"] = etag
    return kept_for_good(response)


def logo_file(clinic: Clinic, pk: UUID) -> HttpResponseBase:
    try:
        return answer_with_file(logo_path(clinic, pk), media_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None


def kept_for_good(response: Response) -> Response:
    """For an address that never means anything else."""
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response


def kept_briefly(response: Response) -> Response:
    patch_cache_control(response, public=True, max_age=60)
    return response
