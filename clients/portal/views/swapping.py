"""The smaller version instead, or the full one after all."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from clients.models import Occurrence
from clients.portal.views.pages import PARTS, closed_page
from clients.services.answering import OccurrenceClosedError
from clients.services.swapping import NothingSmallerError, take_full, take_smaller
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act

SWAPS: dict[str, Callable[..., Occurrence]] = {"smaller": take_smaller, "full": take_full}


def swap(request: UserRequest, occurrence: Occurrence, which: str) -> HttpResponse:
    """On to the other version, where one writes."""
    try:
        other = SWAPS[which](occurrence, by=request.user, at=timezone.now())
    except NothingSmallerError:
        raise Http404 from None
    except OccurrenceClosedError as closed:
        return closed_page(request, occurrence.assignment.client, str(closed))
    return redirect("portal:work", pk=other.pk)


@require_POST
@allowed(Act.USE_PORTAL)
def smaller(request: UserRequest, pk: UUID) -> HttpResponse:
    """This time the smaller version that the clinician offers."""
    own = Occurrence.objects.ever_given_to(request.user).select_related(*PARTS)
    return swap(request, get_object_or_404(own, pk=pk), "smaller")
