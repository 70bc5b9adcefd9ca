"""Host to clinic, and the gate that bad input does not pass."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf
from django.utils import timezone
from redis.exceptions import RedisError

from practices.fairness import CrowdedError, Turns
from practices.health_views import HEALTH
from practices.identifiers import new_id
from practices.logs import log_context, note_in_log
from practices.metrics import count_request, route_of
from practices.posted import has_bad_characters, reads_late, refused
from practices.requests import ClinicRequest
from practices.tenancy import HOST_CHECK, clinic_for_host, enter_clinic, is_ready, leave_clinic, token_of_host
from practices.vault import VaultError
from practices.vault.noticing import noticing
from practices.views import bad_request, busy, not_found, sealed_shut

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)
requests_log = logging.getLogger("practices.requests")


class HealthMiddleware:
    """Answers to health before anything else: by whatever host, over http, and with the database away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = HEALTH.get(request.path)
        return view(request) if view else self.get_response(request)


class ServerErrorMiddleware:
    """Names each request, and answers 503 instead of 500 when a server of ours can't be reached or is too slow.

    So it does, with an alarm in the log, when something that the page needs is sealed and does not open.

    Most pages do without the cache server. Signing in does not: it counts the tries there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        request.id = new_id()
        with log_context(request=request.id):
            return self.get_response(request)

    def process_exception(self, request: ClinicRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            logger.error("database unavailable, request %s: %s", request.id, type(error).__name__)
            return busy(request)
        if isinstance(error, RedisError):
            logger.error("cache unavailable, request %s: %s", request.id, type(error).__name__)
            return busy(request)
        if isinstance(error, VaultError):
            return alarmed(request, error)
        return None


def alarmed(request: ClinicRequest, error: VaultError) -> HttpResponse:
    """The error's words name columns, rows and keys by their ids, never what is in them."""
    logger.critical("vault alarm, request %s: %s", request.id, str(error))
    return sealed_shut(request)


class MeasureMiddleware:
    """Counts each request under the name of its route, and says so in the log. Neither ever holds a path."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds, route, status = time.perf_counter() - begun, route_of(request), response.status_code
        count_request(request, route=route, status=status, seconds=seconds)
        facts = {"route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        requests_log.info("%s answered %s", route, status, extra={"facts": facts})
        return response


class SealedMiddleware:
    """A page that needed something sealed which does not open is not shown, even if its template swallowed the error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        with noticing() as unopened:
            response = self.get_response(request)
        if unopened and response.status_code != 503:
            return alarmed(request, unopened[0])
        return response


class ClinicMiddleware:
    """Enters the schema of the clinic that the host name means; unknown hosts are 404, clinics at rest 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        try:
            clinic = clinic_for_host(request.get_host())
        except DisallowedHost:
            return not_found(request)
        except DatabaseError:
            logger.error("database unavailable, request %s", request.id)
            return busy(request)
        if clinic is None:
            leave_clinic()
            return checked(request) or not_found(request)
        if not is_ready(clinic):
            return busy(request)
        request.tenant = clinic
        request.urlconf = settings.TENANT_TYPES[clinic.type]["URLCONF"]
        set_urlconf(request.urlconf)
        enter_clinic(clinic)
        note_in_log(clinic=clinic.pk)
        return self.get_response(request)


class FairShareMiddleware:
    """A clinic that asks for more than its share waits for its own requests, and is asked to come again; others are not held up.

    Pages that are kept are answered before this, and health before everything.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # One thread is always left for somebody else.
        self.turns = Turns(at_work=2, here=max(settings.WEB_THREADS - 1, 2), patience=5.0)

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        clinic = getattr(request, "tenant", None)
        if clinic is None:
            return self.get_response(request)
        try:
            with self.turns.take(clinic.pk):
                return self.get_response(request)
        except CrowdedError:
            logger.warning("clinic %s asks for more than its share, request %s", clinic.pk, request.id)
            response = busy(request)
            response["Retry-After"] = "1"
            return response


def checked(request: HttpRequest) -> HttpResponse | None:
    """A host that is not in use yet shows that it leads here."""
    token = token_of_host(request.get_host()) if request.path == HOST_CHECK else ""
    return HttpResponse(token, content_type="text/plain", headers={"Cache-Control": "no-store"}) if token else None


class ClinicTimeMiddleware:
    """Pages are made in the clinic's time zone; those that were kept are made already."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ClinicRequest) -> HttpResponse:
        clinic = getattr(request, "tenant", None)
        if clinic is None:
            return self.get_response(request)
        with timezone.override(clinic.zone):
            return self.get_response(request)


class InputGateMiddleware:
    """Answers 400 to text that can't be stored and 413 to bodies that are too large, before a view sees them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_bad_characters(request.path) or any(
            has_bad_characters(part) for key, values in request.GET.lists() for part in (key, *values)
        ):
            return bad_request(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: list[object], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        if any(isinstance(value, str) and has_bad_characters(value) for value in kwargs.values()):
            return bad_request(request)
        return None if request.method != "POST" or reads_late(view) else refused(request)
