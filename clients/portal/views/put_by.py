"""What somebody posted after their session had ended: put by, sealed, until they have signed in again."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict

from clients.models import Occurrence
from practices.accounts.models import User
from practices.vault import Purpose, VaultError
from practices.vault.keyring import open_here, seal_here

KEY = "put_by"
MOST = 200_000  # letters
MODEL, COLUMN = "clients.Occurrence", "put_by"
WorkView = Callable[..., HttpResponseBase]


def puts_by(view: WorkView) -> WorkView:
    """Above `@allowed(…)`: without a session the words wait in the visitor's own until the sign-in that follows.

    They are bound to the work, which only the client it was given to can open.
    """

    @wraps(view)
    def kept(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        if request.method == "POST" and not isinstance(request.user, User):
            put_by(request, pk)
        return view(request, pk)

    return kept


def put_by(request: HttpRequest, pk: UUID) -> None:
    words = request.POST.copy()
    words.pop("csrfmiddlewaretoken", None)
    text = words.urlencode()
    if len(text) <= MOST and Occurrence.objects.filter(pk=pk).exists():
        sealed = seal_here(text.encode(), purpose=Purpose.ANSWERS, model=MODEL, column=COLUMN, row=pk)
        request.session[KEY] = {"of": request.path, "words": urlsafe_b64encode(sealed).decode()}


def take_back(request: HttpRequest, pk: UUID) -> QueryDict | None:
    """The words that were put by for this page of this work, once; call it when the work is known to be theirs."""
    kept = request.session.get(KEY)
    if kept is None or kept["of"] != request.path:
        return None
    del request.session[KEY]
    try:
        return QueryDict(open_here(urlsafe_b64decode(kept["words"]), model=MODEL, column=COLUMN, row=pk).decode())
    except VaultError:
        return None
