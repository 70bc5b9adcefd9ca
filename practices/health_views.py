"""Health, for load balancers and for whoever watches over the installation. Nothing here is about a clinic or a person."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from practices.readiness import OK, PARTS, readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked, so that no process is ended because a server is away."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether everything works, or those parts that `?only=database,disk` names: 200 or 503, and what each part says."""
    wanted = [part for part in request.GET.get("only", "").split(",") if part] or list(PARTS)
    if not PARTS.keys() >= set(wanted):
        return JsonResponse({"error": "Unknown part.", "parts": list(PARTS)}, status=400)
    said = readiness([part for part in PARTS if part in wanted], at=timezone.now())
    ready = all(words == OK for words in said.values())
    return JsonResponse({"ready": ready, "parts": said}, status=200 if ready else 503)


HEALTH = {"/healthz": healthz, "/readyz": readyz}
