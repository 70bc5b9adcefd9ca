"""Opening the clinics that were asked for. Only the database's owner can: this runs in a command, never in a web process."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from practices.accounts.permissions import Role
from practices.accounts.services import AddressTakenError
from practices.accounts.services.invitations import AlreadyInvitedError, invite_staff
from practices.audit.models import Action, record
from practices.console.models import OpeningRequest
from practices.console.services.asking import KEPT, TIDY_TASK
from practices.models import Clinic
from practices.opening import finish_opening
from practices.tenancy import inside, leave_clinic
from practices.wakeups import wake

# A worker that was not heard of for so long has gone; another goes on with what it began.
CLAIM = timedelta(minutes=10)
MOST_ATTEMPTS = 5
State = OpeningRequest.State
logger = logging.getLogger(__name__)


def open_requested(platform: Clinic, *, clock: Callable[[], datetime]) -> Iterator[tuple[OpeningRequest, bool]]:
    """Open each that waits, one after another; gives each and whether it is open now. One that fails stops no other."""
    tried: set[UUID] = set()
    while request := claim(platform, tried, at=clock()):
        tried.add(request.pk)
        yield request, fulfil(request, platform, clock=clock)
    leave_clinic()


def claim(platform: Clinic, tried: set[UUID], *, at: datetime) -> OpeningRequest | None:
    """The one that has waited longest, for us alone: two workers never open the same one."""
    with inside(platform):
        for request in OpeningRequest.objects.to_open(at).exclude(pk__in=tried).order_by("made_at"):
            attempts = request.attempts + 1
            mine = {"state": State.OPENING, "claimed_until": at + CLAIM, "attempts": attempts}
            if OpeningRequest.objects.to_open(at).filter(pk=request.pk).update(**mine):
                request.attempts = attempts
                return request
    return None


def fulfil(request: OpeningRequest, platform: Clinic, *, clock: Callable[[], datetime]) -> bool:
    """Finish what was begun, however far that came; then the owner is invited, once."""
    try:
        clinic = Clinic.objects.get(pk=request.clinic)
        with inside(platform):
            address = request.address
        finish_opening(clinic)
        with inside(clinic):
            invite_owner(address, at=clock())
    except Exception as error:
        logger.error("clinic %s could not be opened: %s", request.clinic, type(error).__name__, exc_info=error)
        leave_clinic()
        with inside(platform):
            put_back(request)
        return False
    with inside(platform):
        done = {"state": State.OPEN, "opened_at": clock(), "claimed_until": None}
        request.address = ""
        for name, value in done.items():
            setattr(request, name, value)
        request.save(update_fields=["address", *done])
        record(Action.CLINIC_OPENED, subject=clinic, by=None, at=clock())
        wake(platform.pk, TIDY_TASK, due_at=clock() + KEPT)
    return True


def invite_owner(address: str, *, at: datetime) -> None:
    """Nothing, if that was done before this was stopped."""
    try:
        invite_staff(email=address, roles=[Role.OWNER], by=None, at=at)
    except (AlreadyInvitedError, AddressTakenError):
        logger.info("the owner was invited before")


def put_back(request: OpeningRequest) -> None:
    """To be tried again by the next run, or not at all: then the console says so."""
    state = State.ASKED if request.attempts < MOST_ATTEMPTS else State.FAILED
    OpeningRequest.objects.filter(pk=request.pk).update(state=state, claimed_until=None)
