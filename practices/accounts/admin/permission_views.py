"""Who may see what: the GRANTS table as a page, for everybody who works here."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from practices.accounts.admin.pages import staff_page
from practices.accounts.permissions import GRANTS, REACH, Act, grants_of
from practices.tenancy import current_clinic


@require_safe
def who_may_see_what(request: HttpRequest) -> HttpResponse:
    """The table as it is here: what it does not grant, nobody may. Behind the admin's own door, which lets in all staff."""
    first = current_clinic().editors_look_first
    granted = [(holder, grants_of(holder, editors_look_first=first)) for holder in GRANTS]
    rows = [(act, REACH[act], [(holder, act in acts) for holder, acts in granted]) for act in Act]
    context = {"title": "Who may see what", "holders": list(GRANTS), "rows": rows}
    return staff_page(request, "who_may_see_what.html", context)
