"""Staff in the admin: the owner adds, changes, closes and opens accounts."""

import html
from collections.abc import Callable

import pytest

from clients.models import CareRelation, Client, Response
from practices.accounts.models import Session, User
from practices.accounts.permissions import GRANTS, REACH, Act, Kind, Role
from practices.accounts.services import deactivate_staff
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

LIST = "/admin/accounts/user/"


@pytest.fixture
def browser(browser_of: Browsers, owner: User) -> Browser:
    return browser_of(owner)


def test_the_owner_sees_staff_and_no_clients(browser: Browser, clinician: User, client_person: Client) -> None:
    page = browser.get("/admin/accounts/user/").content.decode()

    assert "Clara Clinician" in page
    assert "Cleo" not in page
    assert browser.get(f"/admin/accounts/user/{client_person.user_id}/change/").status_code == 404
    assert browser.post(f"/admin/accounts/user/{client_person.user_id}/leaving/").status_code == 404


@pytest.mark.parametrize(
    "question",
    [
        "password__startswith=argon2",
        "password__isnull=0",
        "email_index=x",
        "roles=x",
        "display_name__regex=(",
        "kind=staff",
    ],
)
def test_the_list_answers_only_the_questions_it_offers(browser: Browser, question: str) -> None:
    """A list that takes any filter tells a password's hash, letter by letter."""
    assert browser.get(f"/admin/accounts/user/?{question}").status_code == 400
    assert browser.get("/admin/accounts/user/?account=open&role=clinician&o=1&q=a&p=1").status_code == 200


@pytest.mark.parametrize("row", ["1/1", "1/no-id", "none/1"])
def test_no_way_leads_from_just_any_row_to_its_page(browser: Browser, row: str) -> None:
    assert browser.get(f"/admin/r/{row}/").status_code == 404


def test_an_owner_who_changes_their_own_roles_is_asked_to_sign_in_again(browser: Browser, owner: User) -> None:
    roles = [Role.OWNER, Role.CLINICIAN]

    response = browser.post(
        f"/admin/accounts/user/{owner.pk}/change/", {"display_name": "Olive", "credentials": "", "roles": roles}
    )

    owner.refresh_from_db()
    assert owner.roles == sorted(roles)
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/")


@pytest.mark.parametrize("role", ["clinician", "editor", "front_desk"])
def test_others_do_not_look_after_staff(
    browser_of: Browsers, request: pytest.FixtureRequest, owner: User, role: str
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    for path in ("", "add/", f"{owner.pk}/change/", f"{owner.pk}/leaving/", f"{owner.pk}/reopen/"):
        assert browser.get(f"/admin/accounts/user/{path}").status_code == 403
    assert browser.post(f"/admin/accounts/user/{owner.pk}/leaving/").status_code == 403


def test_staff_of_another_clinic_are_not_there(browser: Browser, south: Clinic) -> None:
    with inside(south):
        stranger = factories.staff()

    assert browser.get(f"/admin/accounts/user/{stranger.pk}/change/").status_code == 404
    assert browser.post(f"/admin/accounts/user/{stranger.pk}/leaving/").status_code == 404


def test_staff_are_invited_never_just_added(browser: Browser) -> None:
    assert browser.get("/admin/accounts/user/add/").status_code == 403
    assert browser.post("/admin/accounts/user/add/", {"display_name": "Ines"}).status_code == 403


def test_new_roles_end_the_sessions(browser: Browser, browser_of: Browsers, clinician: User) -> None:
    browser_of(clinician)
    changes = {"display_name": "Clara Clinician", "credentials": "PhD", "roles": ["clinician", "owner"]}

    browser.post(f"/admin/accounts/user/{clinician.pk}/change/", changes)

    clinician.refresh_from_db()
    assert (clinician.credentials, clinician.roles) == ("PhD", ["clinician", "owner"])
    assert not Session.objects.filter(user_id=clinician.pk).exists()


def test_the_last_owner_stays_one(browser: Browser, owner: User) -> None:
    changes = {"display_name": "Olive Owner", "credentials": "", "roles": ["clinician"]}

    changed = browser.post(f"/admin/accounts/user/{owner.pk}/change/", changes).content.decode()
    closed = browser.post(f"/admin/accounts/user/{owner.pk}/leaving/", {"confirm": "yes"})

    assert "Make somebody else an owner first." in changed
    assert closed.status_code == 422
    assert "Make somebody else an owner first." in closed.content.decode()
    owner.refresh_from_db()
    assert owner.roles == [Role.OWNER] and owner.is_active


def test_an_account_is_closed_after_asking_and_opened_again(
    browser: Browser, browser_of: Browsers, clinician: User
) -> None:
    theirs = browser_of(clinician)
    address = f"/admin/accounts/user/{clinician.pk}"

    asked = browser.post(f"{address}/leaving/", {"last_day": ""}).content.decode()
    assert "signed out everywhere" in asked
    assert User.objects.get(pk=clinician.pk).is_active

    browser.post(f"{address}/leaving/", {"confirm": "yes"})
    assert not User.objects.get(pk=clinician.pk).is_active
    assert theirs.get("/admin/queue/").status_code == 302

    browser.post(f"{address}/reopen/")
    assert User.objects.get(pk=clinician.pk).is_active
    assert theirs.get("/admin/queue/").status_code == 302


def test_the_form_shows_no_password_and_no_permission(browser: Browser, clinician: User) -> None:
    page = browser.get(f"/admin/accounts/user/{clinician.pk}/change/").content.decode()

    for name in ('password"', "is_superuser", "groups", "user_permissions", "email_index", "argon2"):
        assert f'name="{name}' not in page
    assert "argon2" not in page


def test_the_list_costs_the_same_for_one_and_for_many(browser: Browser, queries_of: Callable[..., int]) -> None:
    few = queries_of(lambda: browser.get("/admin/accounts/user/"))
    for _ in range(40):
        factories.staff()

    assert queries_of(lambda: browser.get("/admin/accounts/user/")) == few


def test_the_list_says_what_everybody_is_and_carries(
    browser: Browser, clinician: User, other_clinician: User, client_person: Client
) -> None:
    factories.client(clinician)
    CareRelation.objects.create(
        client=client_person, clinician=other_clinician, starts_at=factories.LONG_AGO, ends_at=factories.AT
    )

    counted = {user.display_name: user.clients for user in browser.get(LIST).context["cl"].result_list}

    assert counted == {"Clara Clinician": 2, "Oscar Other": 0, "Olive Owner": 0}


def test_the_list_is_filtered_by_role_and_account_with_counts(
    browser: Browser, owner: User, clinician: User, editor: User
) -> None:
    both = factories.staff(Role.CLINICIAN, Role.EDITOR, name="Bea Both")
    deactivate_staff(editor, by=owner, at=factories.AT)

    def found(question: str) -> set[str]:
        return {user.display_name for user in browser.get(f"{LIST}?{question}").context["cl"].result_list}

    assert found("role=editor") == {"Edith Editor", both.display_name}
    assert found("role=editor&account=open") == {both.display_name}
    assert found("q=clara") == {"Clara Clinician"}
    assert found("role=captain&account=ajar") == found("")
    page = browser.get(LIST).content.decode()
    assert "Clinician (2)" in page and "Closed (1)" in page


def test_an_owner_can_not_reach_what_the_form_does_not_offer(browser: Browser, clinician: User) -> None:
    clinician.set_password("a lantern by the boathouse")
    clinician.save()
    before = User.objects.filter(pk=clinician.pk).values().get()
    crafted = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": ["1"],
        "user_permissions": ["1"],
        "kind": "operator",
        "password": "x",
        "email": "mallory@example.org",
        "email_index": "x",
        "is_active": "",
        "photo": "x",
    }
    form = {"display_name": "Clara Clinician", "credentials": "", "roles": ["clinician"]}

    browser.post(f"{LIST}{clinician.pk}/change/", form | crafted)
    browser.post(
        f"{LIST}{clinician.pk}/change/?_popup=1&_to_field=password", form | crafted | {"_to_field": "password"}
    )

    assert User.objects.filter(pk=clinician.pk).values().get() == before
    assert not hasattr(User, "is_superuser") and not hasattr(User, "groups")


@pytest.mark.parametrize(
    "path",
    [
        "auth/group/",
        "auth/group/add/",
        "auth/permission/",
        "accounts/session/",
        "clients/response/",
        "clients/review/",
        "clients/score/",
        "audit/auditevent/",
        "outbox/outboxmail/",
        "accounts/user/?_to_field=password",
        "accounts/user/?_popup=1&_to_field=email_index",
        "autocomplete/?app_label=clients&model_name=response&field_name=occurrence&term=a",
    ],
)
def test_guessed_addresses_lead_an_owner_nowhere(browser: Browser, path: str) -> None:
    assert browser.get(f"/admin/{path}").status_code in (400, 403, 404)


def test_completing_a_name_finds_staff_only(browser: Browser, clinician: User, client_person: Client) -> None:
    """Django completes along any foreign key to a model with a page; ours says ids of staff, to the owner."""
    question = "app_label=clients&model_name=client&field_name=user&term=C"

    found = browser.get(f"/admin/autocomplete/?{question}").json()["results"]

    assert found == [{"id": str(clinician.pk), "text": str(clinician)}]


def test_an_owner_who_is_no_clinician_reads_nothing(
    browser: Browser, submitted: Response, client_person: Client
) -> None:
    page = browser.get(f"/admin/clients/client/{client_person.pk}/page/").content.decode()

    assert factories.ANSWERS["words"] not in page
    assert browser.get(f"/admin/queue/{submitted.pk}/").status_code == 403


@pytest.mark.parametrize("who", ["owner", "clinician", "editor", "front_desk"])
def test_everybody_who_works_here_can_read_the_whole_table(
    browser_of: Browsers, request: pytest.FixtureRequest, who: str
) -> None:
    browser = browser_of(request.getfixturevalue(who))

    page = browser.get("/admin/who-may-see-what/")

    shown = {act: dict(cells) for act, _, cells in page.context["rows"]}
    assert shown == {act: {holder: act in acts for holder, acts in GRANTS.items()} for act in Act}
    words = html.unescape(page.content.decode())
    for named in (*Act, *Role):
        assert named.value[0].upper() + named.value[1:] in words
    assert all(sentence in words for sentence in REACH.values())
    assert "Who may see what" in browser.get("/start/", follow=True).content.decode()


def test_every_act_says_whom_it_reaches_and_every_role_is_in_the_table() -> None:
    assert set(REACH) == set(Act)
    assert set(GRANTS) == {*Role, Kind.CLIENT, Kind.OPERATOR}
