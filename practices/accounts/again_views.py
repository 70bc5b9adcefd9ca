"""Signing in again on the page that was left open, as whoever it was made for: what was typed stays where it is.

For clients, by a code that goes to the address we have: nobody types one, so nothing can be found out by it. Staff have two steps
to take and sign in in a new tab.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST

from practices.accounts.mailed_codes import MailedCodeForm, mail_code
from practices.accounts.models import User
from practices.accounts.page_marks import PAGE, is_for_another, owner_of
from practices.accounts.sessions import AT_HOME

NOT_HERE = "This page can’t tell whose it is any more. Sign in in a new tab, then come back."
OFTEN = "That was often in a short time. Wait a minute, then try again."


def client_of_page(request: HttpRequest) -> User | None:
    """The client whose page asks: not one that is older than a session can be, nor when somebody else is signed in by now."""
    owner = owner_of(request.headers.get(PAGE, ""), max_age=AT_HOME.at_most)
    if owner is None or is_for_another(request):
        return None
    return User.objects.active_clients().filter(pk=owner).first()


@require_POST
def mail(request: HttpRequest) -> JsonResponse:
    """Mail the code."""
    client = client_of_page(request)
    if client is None:
        return JsonResponse({"message": NOT_HERE}, status=403)
    if not mail_code(request, client):
        return JsonResponse({"message": OFTEN}, status=429)
    return JsonResponse({"message": "We have mailed you a code. It works for 10 minutes."})


@require_POST
def sign_in(request: HttpRequest) -> JsonResponse:
    """{"left": seconds, "token": …} once the code is right; else 422 with what to do."""
    client = client_of_page(request)
    if client is None:
        return JsonResponse({"message": NOT_HERE}, status=403)
    form = MailedCodeForm(request.POST, session=request.session, user=client)
    if not form.is_valid():
        return JsonResponse({"message": form.errors["code"][0]}, status=422)
    record_authentication(request, client, "code")
    get_adapter().login(request, client)
    return JsonResponse({"left": int(AT_HOME.unused.total_seconds()), "token": get_token(request)})
