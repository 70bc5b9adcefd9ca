"""Every address of a clinic × everybody who may ask for it → what they get. A new address needs a new line.

`ok` 200 · `in` to sign-in · `go` to another page · `no` 403 · `404` not yours, or not there

Rows about one object are about Cleo's: she is the first client, in the care of the first clinician, whom the supervisor
supervises. The owner of another clinic, who brings that clinic's session cookie, is not in the table: they must get what a
visitor gets.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone
from PIL import Image

from clients.models import Client, Response
from clients.services.slips import make_slip
from content.models import Article, Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.accounts.services.photos import keep_photo
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser

ACTORS = (
    "visitor",
    "client",
    "other client",
    "front desk",
    "editor",
    "clinician",
    "other clin.",
    "supervisor",
    "owner",
)
REFUSED = {"in", "no", "401", "404", "405"}
# Addresses that are made with something else than the id of a row, and one whose GET gives nothing but a fresh token.
NOBODYS = {
    "account_reset_password_from_key",
    "admin:app_list",
    "admin:content_exercise_library_copy",
    "admin:content_exercise_library_entry",
    "admin:weekly_look",
    "archive_month",
    "archive_year",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "portal:draft",
}
EXERCISE_PAGES = (
    "build",
    "about",
    "prompt_add",
    "prompt",
    "act",
    "discard",
    "publish",
    "try",
    "copy",
    "retire",
    "file",
)
MATRIX = """
#    address                               nobody client other  front  editor clin.  other  super. owner
GET  home                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  articles                              ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  article                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  comment                               ok     ok     ok     ok     ok     ok     ok     ok     ok
POST comment                               422    422    422    422    422    422    422    422    422
GET  erase_comment                         ok     ok     ok     ok     ok     ok     ok     ok     ok
POST erase_comment                         422    422    422    422    422    422    422    422    422
GET  picture                               404    404    404    ok     ok     ok     ok     ok     ok
GET  topic                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  topic_atom                            ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  series                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  author                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive_year                          ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive_month                         ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  team                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  contact                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  search                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  atom                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  rss                                   ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  sitemap                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  robots                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  portal:today                          in     ok     ok     no     no     no     no     no     no
GET  portal:work                           in     ok     404    no     no     no     no     no     no
POST portal:work                           in     go     404    no     no     no     no     no     no
GET  portal:draft                          in     ok     ok     no     no     no     no     no     no
POST portal:draft                          in     415    404    no     no     no     no     no     no
GET  portal:send                           in     go     404    no     no     no     no     no     no
POST portal:send                           in     go     404    no     no     no     no     no     no
GET  portal:not_now                        405    405    405    405    405    405    405    405    405
POST portal:not_now                        in     go     404    no     no     no     no     no     no
GET  portal:slip                           ok     go     go     go     go     go     go     go     go
POST portal:slip                           422    go     go     go     go     go     go     go     go
GET  portal:slip_address                   go     go     go     go     go     go     go     go     go
GET  portal:slip_confirm                   go     go     go     go     go     go     go     go     go
GET  portal:welcome                        in     ok     ok     no     no     no     no     no     no
POST portal:welcome                        in     422    422    no     no     no     no     no     no
GET  portal:settings                       in     ok     ok     no     no     no     no     no     no
POST portal:settings                       in     422    422    no     no     no     no     no     no
GET  portal:withdraw_consent               405    405    405    405    405    405    405    405    405
POST portal:withdraw_consent               in     go     go     no     no     no     no     no     no
GET  portal:seen                           in     ok     ok     no     no     no     no     no     no
GET  portal:mine                           in     ok     ok     no     no     no     no     no     no
GET  portal:response                       in     ok     404    no     no     no     no     no     no
GET  admin:queue                           in     in     in     no     no     ok     ok     no     no
GET  admin:supervision                     in     in     in     no     no     no     no     ok     no
GET  admin:response                        in     in     in     no     no     ok     404    ok     no
GET  admin:review                          in     in     in     405    405    405    405    405    405
POST admin:review                          in     in     in     no     no     422    404    no     no
GET  admin:acknowledge                     in     in     in     405    405    405    405    405    405
POST admin:acknowledge                     in     in     in     no     no     go     404    no     no
GET  admin:assign                          in     in     in     no     no     ok     ok     no     no
GET  admin:withdraw                        in     in     in     405    405    405    405    405    405
POST admin:withdraw                        in     in     in     no     no     go     404    no     no
GET  admin:client                          in     in     in     ok     no     ok     404    ok     ok
GET  admin:give_care                       in     in     in     405    405    405    405    405    405
POST admin:give_care                       in     in     in     422    no     no     no     no     422
GET  admin:invite                          in     in     in     405    405    405    405    405    405
POST admin:invite                          in     in     in     go     no     go     404    no     go
GET  admin:end_care                        in     in     in     405    405    405    405    405    405
POST admin:end_care                        in     in     in     go     no     no     no     no     go
GET  admin:break_glass                     in     in     in     no     no     ok     ok     no     no
GET  admin:break_glass_for                 in     in     in     no     no     in     in     no     no
POST admin:break_glass_for                 in     in     in     no     no     in     in     no     no
GET  admin:end_glass                       in     in     in     405    405    405    405    405    405
POST admin:end_glass                       in     in     in     no     no     404    go     no     no
GET  admin:glass_openings                  in     in     in     no     no     ok     ok     no     ok
GET  admin:comments                        in     in     in     no     ok     ok     ok     no     ok
GET  admin:comments_decide                 in     in     in     405    405    405    405    405    405
POST admin:comments_decide                 in     in     in     no     go     go     go     no     go
GET  admin:comments_undo                   in     in     in     405    405    405    405    405    405
POST admin:comments_undo                   in     in     in     no     go     go     go     no     go
GET  admin:comment_erase                   in     in     in     no     ok     ok     ok     no     ok
POST admin:comment_erase                   in     in     in     no     go     go     go     no     go
GET  admin:comment_settings                in     in     in     no     no     no     no     no     ok
POST admin:comment_settings                in     in     in     no     no     no     no     no     422
GET  admin:make_slip                       in     in     in     405    405    405    405    405    405
POST admin:make_slip                       in     in     in     ok     no     ok     404    no     ok
GET  admin:revoke_slip                     in     in     in     405    405    405    405    405    405
POST admin:revoke_slip                     in     in     in     go     no     go     404    no     go
GET  admin:overview                        in     in     in     no     no     no     no     no     ok
GET  admin:audit_log                       in     in     in     no     no     no     no     no     ok
GET  admin:audit_export                    in     in     in     no     no     no     no     no     in
GET  admin:client_openings                 in     in     in     no     no     ok     404    no     ok
GET  admin:newest_weekly_look              in     in     in     no     no     no     no     no     go
GET  admin:weekly_look                     in     in     in     no     no     no     no     no     ok
GET  admin:index                           in     in     in     go     go     go     go     go     go
GET  admin:login                           in     no     no     go     go     go     go     go     go
GET  admin:logout                          go     go     go     ok     ok     ok     ok     ok     ok
GET  admin:password_change                 in     in     in     go     go     go     go     go     go
GET  admin:password_change_done            in     in     in     go     go     go     go     go     go
GET  admin:autocomplete                    in     in     in     no     no     no     no     no     no
GET  admin:jsi18n                          in     in     in     ok     ok     ok     ok     ok     ok
GET  admin:clients_client_changelist       in     in     in     ok     no     ok     ok     ok     ok
GET  admin:clients_client_add              in     in     in     ok     no     ok     ok     no     ok
POST admin:assign                          in     in     in     no     no     ok     ok     no     no
POST admin:clients_client_changelist       in     in     in     ok     no     ok     ok     ok     ok
POST admin:clients_client_add              in     in     in     ok     no     ok     ok     no     ok
POST admin:clients_client_change           in     in     in     ok     no     ok     404    no     ok
GET  admin:clients_client_history          in     in     in     ok     no     ok     404    ok     ok
GET  admin:clients_client_delete           in     in     in     no     no     no     404    no     no
GET  admin:clients_client_change           in     in     in     ok     no     ok     404    ok     ok
GET  admin:accounts_user_changelist        in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_add               in     in     in     no     no     no     no     no     no
GET  admin:invite_staff                    in     in     in     no     no     no     no     no     ok
POST admin:invite_staff                    in     in     in     no     no     no     no     no     422
GET  admin:resend_invitation               in     in     in     405    405    405    405    405    405
POST admin:resend_invitation               in     in     in     no     no     no     no     no     go
GET  admin:revoke_invitation               in     in     in     405    405    405    405    405    405
POST admin:revoke_invitation               in     in     in     no     no     no     no     no     go
GET  admin:who_may_see_what                in     in     in     ok     ok     ok     ok     ok     ok
GET  admin:accounts_user_history           in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_delete            in     in     in     no     no     no     no     no     no
GET  admin:accounts_user_change            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_change            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_sessions          in     in     in     no     no     no     no     no     go
GET  admin:accounts_user_sessions          in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_supervises        in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_supervises        in     in     in     no     no     no     no     no     422
GET  admin:accounts_user_supervised        in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_supervised        in     in     in     no     no     no     no     no     422
GET  admin:end_supervision                 in     in     in     405    405    405    405    405    405
POST admin:end_supervision                 in     in     in     no     no     no     no     no     go
GET  admin:staff_leaving                   in     in     in     no     no     no     no     no     ok
POST admin:staff_leaving                   in     in     in     no     no     no     no     no     422
POST admin:accounts_user_reset_factor      in     in     in     no     no     no     no     no     go
GET  admin:accounts_user_reset_factor      in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_reopen            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_reopen            in     in     in     no     no     no     no     no     go
GET  admin:content_article_changelist      in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_add             in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_history         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_delete          in     in     in     no     no     no     no     no     no
GET  admin:content_article_change          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_changelist        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_add               in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_history           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_delete            in     in     in     no     no     no     no     no     no
GET  admin:content_topic_change            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_changelist       in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_add              in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_history          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_delete           in     in     in     no     no     no     no     no     no
GET  admin:content_series_change           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_changelist       in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_add              in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_history          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_delete           in     in     in     no     no     no     no     no     no
GET  admin:content_author_change           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_changelist     in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_history        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_delete         in     in     in     no     no     no     no     no     no
GET  admin:content_exercise_change         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_add            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_build          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_about          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_prompt_add     in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_prompt         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_try            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_publish        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_retire         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_library        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_library_entry  in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_file           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_import         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_act            in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_discard        in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_copy           in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_library_copy   in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_measure_use    in     in     in     405    405    405    405    405    405
POST admin:content_exercise_act            in     in     in     no     409    409    409    no     409
POST admin:content_exercise_discard        in     in     in     no     409    409    409    no     409
POST admin:content_exercise_publish        in     in     in     no     409    409    409    no     409
POST admin:content_exercise_copy           in     in     in     no     go     go     go     no     go
POST admin:content_exercise_retire         in     in     in     no     go     go     go     no     go
POST admin:content_exercise_library_copy   in     in     in     no     go     go     go     no     go
POST admin:content_exercise_try            in     in     in     no     422    422    422    no     422
POST admin:content_exercise_prompt         in     in     in     no     422    422    422    no     422
POST admin:content_exercise_about          in     in     in     no     422    422    422    no     422
POST admin:content_exercise_import         in     in     in     no     422    422    422    no     422
POST admin:content_exercise_measure_use    in     in     in     no     404    404    404    no     404
GET  admin:content_picture_changelist      in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_add             in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_history         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_delete          in     in     in     no     no     no     no     no     no
GET  admin:content_picture_change          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_withdraw        in     in     in     no     ok     ok     ok     no     ok
POST admin:content_article_withdraw        in     in     in     no     go     go     go     no     go
GET  admin:app_list                        in     in     in     go     go     go     go     go     go
GET  account                               in     go     go     ok     ok     ok     ok     ok     ok
GET  account_login                         ok     go     go     go     go     go     go     go     go
GET  account_request_login_code            ok     go     go     go     go     go     go     go     go
GET  account_confirm_login_code            in     go     go     go     go     go     go     go     go
GET  account_set_up                        in     go     go     go     go     go     go     go     go
GET  mfa_authenticate                      in     go     go     go     go     go     go     go     go
POST mfa_login_webauthn                    in     go     go     go     go     go     go     go     go
GET  mfa_login_webauthn                    in     go     go     go     go     go     go     go     go
GET  account_logout                        go     ok     ok     ok     ok     ok     ok     ok     ok
POST account_logout                        go     go     go     go     go     go     go     go     go
GET  account_inactive                      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_signup                        ok     go     go     go     go     go     go     go     go
GET  invitation                            404    404    404    404    404    404    404    404    404
POST invitation                            404    404    404    404    404    404    404    404    404
GET  staff_photo                           404    ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reauthenticate                in     go     go     no     no     no     no     no     no
GET  account_session_clock                 401    ok     ok     ok     ok     ok     ok     ok     ok
POST account_end_session                   in     go     go     go     go     go     go     go     go
GET  account_end_session                   405    405    405    405    405    405    405    405    405
GET  account_sessions                      in     ok     ok     ok     ok     ok     ok     ok     ok
GET  mfa_edit_webauthn                     in     go     go     in     in     in     in     in     in
GET  mfa_remove_webauthn                   in     go     go     in     in     in     in     in     in
GET  mfa_add_webauthn                      in     go     go     in     in     in     in     in     in
GET  mfa_list_webauthn                     go     go     go     go     go     go     go     go     go
GET  mfa_generate_recovery_codes           in     go     go     in     in     in     in     in     in
GET  mfa_view_recovery_codes               in     no     no     404    404    404    404    404    404
GET  mfa_deactivate_totp                   in     go     go     in     in     in     in     in     in
GET  mfa_activate_totp                     in     go     go     in     in     in     in     in     in
GET  mfa_index                             in     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_confirm_by_code               in     ok     ok     no     no     no     no     no     no
GET  mfa_reauthenticate_webauthn           in     go     go     no     no     no     no     no     no
GET  mfa_reauthenticate                    in     go     go     no     no     no     no     no     no
GET  account_set_password                  go     go     go     go     go     go     go     go     go
GET  account_change_password               in     go     go     in     in     in     in     in     in
GET  account_reset_password                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_done           ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_from_key       ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_from_key_done  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  start                                 in     go     go     go     go     go     go     go     go
GET  theme                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  healthz                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  readyz                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  inbox                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
"""


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, name of the address, and what each actor gets."""
    for line in MATRIX.strip().splitlines()[1:]:
        method, name, *cells = line.split()
        yield method, name, dict(zip(ACTORS, cells, strict=True))


def names(resolver: Any, namespace: str = "") -> Iterator[str]:
    """Each name in the URL map; the admin's catch-alls have none."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield namespace + pattern.name
        elif isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def outcome(response: Any) -> str:
    if response.status_code in (301, 302):
        return "in" if "/login/" in response["Location"] else "go"
    words = {200: "ok", 403: "no"}
    return words.get(response.status_code, str(response.status_code))


@pytest.fixture
def things(
    clinician: User,
    other_clinician: User,
    client_person: Client,
    other_client: Client,
    supervisor: User,
    exercise: Exercise,
    article: Article,
) -> SimpleNamespace:
    """One of each, all Cleo's: work to do, a response to read with its alert, and what both are about."""
    keep_photo(clinician, Image.new("RGB", (8, 8)))
    to_do = factories.assignment(client_person, by=clinician, exercise=exercise)
    worrying = factories.ANSWERS | {"safe": "no"}
    done = factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="Another step"))
    response: Response = factories.response(done.occurrences.get(), answers=worrying)
    theirs = factories.client(clinician, first_name="Cora")
    return SimpleNamespace(
        occurrence=to_do.occurrences.get(),
        assignment=to_do,
        response=response,
        alert=response.alert,
        client=client_person,
        relation=client_person.care.get(),
        article=article,
        exercise=exercise,
        user=clinician,
        author=article.byline,
        topic=factories.topic(article),
        series=factories.series(article),
        picture=factories.picture(),
        comment=factories.comment(article),
        slip=make_slip(client_person, by=clinician, at=timezone.now())[0],
        glass=factories.broken_glass(theirs, by=other_clinician),
        invitation=factories.invitation(),
        supervision=supervisor.supervisees.get(),
    )


@pytest.fixture
def arguments(things: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """What the address of a row is made with."""
    about = {
        "article": {"slug": things.article.slug},
        "comment": {"slug": things.article.slug},
        "topic": {"slug": things.topic.slug},
        "topic_atom": {"slug": things.topic.slug},
        "series": {"slug": things.series.slug},
        "author": {"slug": things.author.slug},
        "archive_year": {"year": factories.LONG_AGO.year},
        "archive_month": {"year": factories.LONG_AGO.year, "month": factories.LONG_AGO.month},
        "admin:weekly_look": {"monday": factories.LONG_AGO.date().isoformat()},
        "picture": {"pk": things.picture.pk, "width": things.picture.widths[0]},
        "account_reset_password_from_key": {"uidb36": things.user.pk.hex, "key": "no-key"},
        "invitation": {"token": "no-token"},
        "admin:app_list": {"app_label": "clients"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "admin:end_supervision": {"pk": things.user.pk, "supervision": things.supervision.pk},
        "admin:content_exercise_library_entry": {"name": "thought-record"},
        "admin:content_exercise_library_copy": {"name": "thought-record"},
        "admin:content_exercise_measure_use": {"key": "phq-9"},
    }
    of = {
        "occurrence": ("portal:work", "portal:draft", "portal:send", "portal:not_now"),
        "response": ("portal:response", "admin:response", "admin:review"),
        "invitation": ("admin:resend_invitation", "admin:revoke_invitation"),
        "alert": ("admin:acknowledge",),
        "assignment": ("admin:withdraw",),
        "client": (
            "admin:client",
            "admin:client_openings",
            "admin:give_care",
            "admin:invite",
            "admin:break_glass_for",
            "admin:make_slip",
        ),
        "glass": ("admin:end_glass",),
        "slip": ("admin:revoke_slip",),
        "relation": ("admin:end_care",),
        "user": (
            "admin:staff_leaving",
            "admin:accounts_user_reopen",
            "admin:accounts_user_reset_factor",
            "admin:accounts_user_sessions",
            "admin:accounts_user_supervises",
            "admin:accounts_user_supervised",
            "staff_photo",
        ),
        "article": ("admin:content_article_withdraw",),
        "exercise": tuple(f"admin:content_exercise_{page}" for page in EXERCISE_PAGES),
        "comment": ("admin:comment_erase",),
    }
    for thing, addresses in of.items():
        about |= {name: {"pk": getattr(things, thing).pk} for name in addresses}
    about["admin:content_exercise_prompt"] |= {"prompt_id": "words"}
    for prefix, thing in (
        ("clients_client", "client"),
        ("content_article", "article"),
        ("content_exercise", "exercise"),
        ("content_author", "author"),
        ("content_picture", "picture"),
        ("content_topic", "topic"),
        ("content_series", "series"),
        ("accounts_user", "user"),
    ):
        for page in ("change", "history", "delete"):
            about[f"admin:{prefix}_{page}"] = {"object_id": getattr(things, thing).pk}
    return about


@pytest.fixture
def actors(
    things: SimpleNamespace,
    other_client: Client,
    front_desk: User,
    editor: User,
    clinician: User,
    other_clinician: User,
    supervisor: User,
    owner: User,
) -> dict[str, User | None]:
    clients = (things.client.user, other_client.user)
    users = (None, *clients, front_desk, editor, clinician, other_clinician, supervisor, owner)
    return dict(zip(ACTORS, users, strict=True))


def asked(browser: Browser, method: str, name: str, arguments: dict[str, dict[str, Any]], host: str = "") -> str:
    """What comes of one request; whatever it changed is undone, in the database and in the browser."""
    cookies = SimpleCookie(browser.cookies.output(header="", sep=";"))
    browser.raise_request_exception = False
    headers = {"host": host} if host else {}
    undone = transaction.atomic()
    undone._from_testcase = True  # so that a view may still ask for a transaction of its own
    with undone:
        request = browser.post if method == "POST" else browser.get
        response = request(reverse(name, kwargs=arguments.get(name)), headers=headers)
        response.getvalue()  # to its end, so that a file is closed
        transaction.set_rollback(True)
    browser.cookies = cookies
    return outcome(response)


def test_every_address_is_in_the_table() -> None:
    addresses = set(names(get_resolver("config.urls")))
    lines = [(method, name) for method, name, _ in rows()]
    table = {name for _, name in lines}

    assert len(lines) == len(set(lines))
    assert addresses - table == set()
    assert table - addresses == set()


@pytest.mark.parametrize("actor", ACTORS)
def test_each_person_gets_what_the_table_says(
    north: Clinic, actor: str, actors: dict[str, User | None], arguments: dict[str, dict[str, Any]]
) -> None:
    user = actors[actor]
    browser = Browser(north).sign_in(user) if user else Browser(north)

    found = {(method, name): asked(browser, method, name, arguments) for method, name, _ in rows()}

    assert found == {(method, name): cells[actor] for method, name, cells in rows()}


def test_the_session_of_another_clinic_is_worth_nothing(
    north: Clinic, south: Clinic, arguments: dict[str, dict[str, Any]]
) -> None:
    with inside(south):
        stranger = factories.staff(Role.OWNER, Role.CLINICIAN)

    browser = Browser(south).sign_in(stranger)

    found = {
        (method, name): asked(browser, method, name, arguments, host="north.localhost") for method, name, _ in rows()
    }

    assert found == {(method, name): cells["visitor"] for method, name, cells in rows()}


@pytest.mark.parametrize("actor", ACTORS)
def test_a_post_opens_nothing_that_a_get_does_not(
    north: Clinic, actor: str, actors: dict[str, User | None], arguments: dict[str, dict[str, Any]]
) -> None:
    """For the addresses without a line for POST: whoever may not read may not write either."""
    posts = {name for method, name, _ in rows() if method == "POST"}
    closed = [name for _, name, cells in rows() if name not in posts and cells[actor] in REFUSED]
    user = actors[actor]
    browser = Browser(north).sign_in(user) if user else Browser(north)

    found = {name: asked(browser, "POST", name, arguments) for name in closed}

    assert {name: told for name, told in found.items() if told not in REFUSED} == {}


def test_what_belongs_to_another_clinic_is_not_there(
    north: Clinic, south: Clinic, arguments: dict[str, dict[str, Any]]
) -> None:
    """Everybody's rights together, and a client, at their own host with the ids of somebody else's rows."""
    with inside(south):
        staff = factories.staff(*Role)
        client = factories.client(staff).user
    browsers = [Browser(south).sign_in(staff).confirm(staff), Browser(south).sign_in(client)]

    for browser in browsers:
        found = {
            (method, name): asked(browser, method, name, arguments)
            for method, name, _ in rows()
            if name in arguments and name not in NOBODYS
        }
        assert {row: told for row, told in found.items() if told not in REFUSED} == {}


def test_what_another_clinic_would_answer_is_its_own(arguments: dict[str, dict[str, Any]]) -> None:
    """The addresses that are exempt above name nobody's rows."""
    for name in NOBODYS - {"portal:draft"}:
        assert not any(isinstance(value, UUID) for value in arguments.get(name, {}).values())
