"""The form below an article, and what is shown there."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

import pytest
from django.conf import settings
from django.db import transaction
from time_machine import Traveller

from clients.models import Client
from content.commenting import TOKEN_LASTS
from content.models import Article, Comment
from content.screening import Reason
from content.services.commenting import MOST_AN_HOUR
from content.services.moderating import approve_comment, mark_spam, remove_comment
from practices.accounts.models import User
from practices.audit.models import AuditEvent
from practices.models import Clinic
from practices.tenancy import hosts
from tests import factories
from tests.harness.browsers import Browser, Browsers

WORDS = "I rest best on the train, when nobody can ask me for anything."


@pytest.fixture
def open_article(article: Article) -> Article:
    factories.take_comments()
    return article


def token_on(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, "The page has no comment form."
    return found[1]


def post(browser: Browser, article: Article, *, token: str, headers: dict[str, str] | None = None, **data: str):
    form = {"pseudonym": "Late Train", "body": WORDS, "website": "", "token": token} | data
    return browser.post(f"{article.get_absolute_url()}comment/", form, headers=headers or {})


def page_of(browser: Browser, article: Article) -> str:
    """As it would be made now: an address with a question in it is not answered from the cache."""
    return browser.get(f"{article.get_absolute_url()}?now").content.decode()


@pytest.fixture
def token(open_article: Article, visitor: Browser, clock: Traveller) -> str:
    """From the page, half a minute ago."""
    found = token_on(page_of(visitor, open_article))
    clock.shift(timedelta(seconds=30))
    return found


def test_reading_and_sending_takes_no_cookie(open_article: Article, visitor: Browser, token: str) -> None:
    response = post(visitor, open_article, token=token)

    assert response.status_code == 200
    assert not visitor.cookies
    page = response.content.decode()
    assert "Your comment is held" in page and WORDS in page
    assert re.search(r"[2-9BCDFGHJ-NP-TV-XZ]{4}(-[2-9BCDFGHJ-NP-TV-XZ]{4}){3}", page)
    assert response["Cache-Control"].count("no-store") == 1
    assert Comment.objects.get().reasons == []


def test_the_form_of_a_kept_page_works(open_article: Article, visitor: Browser, clock: Traveller) -> None:
    with transaction.atomic():
        first = visitor.get(open_article.get_absolute_url())
        again = Browser(visitor.clinic).get(open_article.get_absolute_url())
    clock.shift(timedelta(minutes=9))

    assert first.content == again.content and first["ETag"]
    assert post(visitor, open_article, token=token_on(again.content.decode())).status_code == 200


def test_a_held_comment_is_on_no_page(open_article: Article, visitor: Browser, token: str) -> None:
    post(visitor, open_article, token=token)

    assert WORDS not in page_of(Browser(visitor.clinic), open_article)


def test_only_what_is_approved_is_shown_and_the_oldest_first(
    open_article: Article, visitor: Browser, editor: User, at: datetime
) -> None:
    for number, decide in enumerate((approve_comment, mark_spam, remove_comment, None, approve_comment)):
        comment = factories.comment(
            open_article, body=f"Thought {'very ' * number}clearly.", at=at + timedelta(days=number)
        )
        if decide:
            decide(comment, by=editor, at=at + timedelta(days=number))

    page = page_of(visitor, open_article)

    shown = [
        words for words in re.findall(r'<p class="words" dir="auto">(.*?)</p>', page) if words.startswith("Thought")
    ]
    assert shown == ["Thought clearly.", "Thought very very very very clearly."]
    assert "16 November 2026" in page


def test_the_day_is_the_clinics(open_article: Article, visitor: Browser, editor: User, north: Clinic) -> None:
    late = datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    factories.comment(open_article, approved_by=editor, at=late)

    assert "2 July 2026" in page_of(visitor, open_article)


def test_links_in_a_comment_are_plain_text(open_article: Article, visitor: Browser, editor: User) -> None:
    factories.comment(open_article, body="See https://example.org/path for the talk.", approved_by=editor)

    assert 'href="https://example.org' not in page_of(visitor, open_article)


def test_a_closed_article_keeps_its_comments_and_offers_no_form(
    open_article: Article, visitor: Browser, editor: User
) -> None:
    factories.comment(open_article, body="It was good to read.", approved_by=editor)
    factories.take_comments(is_on=False)

    page = page_of(visitor, open_article)

    assert "It was good to read." in page and "Comments on this article are closed." in page
    assert 'name="token"' not in page


def test_without_comments_nothing_is_said_about_them(article: Article, visitor: Browser) -> None:
    assert 'id="comments"' not in page_of(visitor, article)


def test_sending_to_an_article_that_closed_meanwhile_gives_the_words_back(
    open_article: Article, visitor: Browser, token: str
) -> None:
    factories.take_comments(is_on=False)

    response = post(visitor, open_article, token=token)

    assert response.status_code == 409
    assert WORDS in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": ""}, "Write your comment first."),
        ({"body": "   "}, "Write your comment first."),
        ({"body": "\u200b\u2063\u00ad \u2060"}, "Write your comment first."),
        ({"pseudonym": "\u202e\u200b"}, "Write a name to show"),
        ({"body": "x" * 3001}, "a comment has up to 3000 characters"),
        ({"pseudonym": ""}, "Write a name to show"),
        ({"pseudonym": "x" * 41}, "at most 40 characters"),
        ({"token": ""}, "open for a long time"),
        ({"token": "nonsense"}, "open for a long time"),
        ({"token": "a.b.c:d"}, "open for a long time"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_stays(
    open_article: Article, visitor: Browser, token: str, wrong: dict[str, str], said: str
) -> None:
    response = post(visitor, open_article, **({"token": token} | wrong))

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert ("Late Train" in page) == ("pseudonym" not in wrong)
    assert (WORDS in page) == ("body" not in wrong)
    assert not Comment.objects.exists()


def test_a_page_that_lay_open_too_long_is_sent_once_more(
    open_article: Article, visitor: Browser, token: str, clock: Traveller
) -> None:
    clock.shift(TOKEN_LASTS)
    refused = post(visitor, open_article, token=token)
    clock.shift(timedelta(seconds=10))

    assert refused.status_code == 422
    assert post(visitor, open_article, token=token_on(refused.content.decode())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://south.localhost"},
    ],
)
def test_another_sites_page_can_send_nothing(
    open_article: Article, visitor: Browser, token: str, headers: dict[str, str]
) -> None:
    assert post(visitor, open_article, token=token, headers=headers).status_code == 403
    assert not Comment.objects.exists()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "http://north.localhost"}, {}])
def test_our_own_page_and_an_old_browser_can(
    open_article: Article, visitor: Browser, token: str, headers: dict[str, str]
) -> None:
    assert post(visitor, open_article, token=token, headers=headers).status_code == 200


def test_a_machine_that_fills_every_field_gets_the_same_answer(
    open_article: Article, visitor: Browser, token: str
) -> None:
    response = post(visitor, open_article, token=token, website="https://spam.example")

    assert (response.status_code, Comment.objects.get().state) == (200, Comment.State.SPAM)
    assert "Your comment is held" in response.content.decode()


def test_nobody_types_a_comment_in_three_seconds(open_article: Article, visitor: Browser, clock: Traveller) -> None:
    found = token_on(page_of(visitor, open_article))
    clock.shift(timedelta(seconds=3))
    post(visitor, open_article, token=found)

    assert Comment.objects.get().reasons == [Reason.FAST]


def test_too_many_are_429_and_the_text_stays(open_article: Article, visitor: Browser, token: str) -> None:
    for number in range(MOST_AN_HOUR):
        post(visitor, open_article, token=token, body=f"It is {'so ' * number}true.")

    response = post(visitor, open_article, token=token)

    assert response.status_code == 429
    assert WORDS in response.content.decode()


def test_of_many_addresses_behind_our_proxy_each_is_its_own(
    open_article: Article, visitor: Browser, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    for number in range(MOST_AN_HOUR + 1):
        # What the sender writes into the header stands further left, and changes nothing.
        headers = {"X-Forwarded-For": f"203.0.113.{number}, 192.0.2.7"}
        last = post(visitor, open_article, token=token, body=f"It is {'so ' * number}true.", headers=headers)

    assert last.status_code == 429
    assert post(visitor, open_article, token=token, headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200


def test_sending_the_page_again_makes_no_second_comment(open_article: Article, visitor: Browser, token: str) -> None:
    post(visitor, open_article, token=token)
    again = post(visitor, open_article, token=token)

    assert again.status_code == 200
    assert "We have this comment already" in again.content.decode()
    assert Comment.objects.count() == 1


def test_words_of_crisis_bring_help_and_block_nothing(open_article: Article, visitor: Browser, token: str) -> None:
    response = post(visitor, open_article, token=token, body="Some nights I don’t want to live any more.")

    page = response.content.decode()
    assert response.status_code == 200
    assert "You do not have to be alone with it" in page
    assert page.index("tel:999") < page.index("If you change your mind")
    comment = Comment.objects.get()
    assert (comment.state, comment.reasons) == (Comment.State.HELD, [Reason.CRISIS])


def test_a_clinic_without_numbers_of_its_own_still_says_what_to_do(
    open_article: Article, visitor: Browser, north: Clinic, clock: Traveller
) -> None:
    Clinic.objects.filter(pk=north.pk).update(crisis_contacts=[])
    hosts.clear()
    token = token_on(page_of(visitor, open_article))

    page = post(visitor, open_article, token=token, body="Some nights I want to die.").content.decode()

    assert page.count("Call the emergency number of the place where you are.") == 1


def test_a_name_that_turns_letters_round_turns_nothing_else(
    open_article: Article, visitor: Browser, editor: User, browser_of: Browsers
) -> None:
    factories.comment(open_article, pseudonym="\u202eLate Train", body="\u202eI rest best.", approved_by=editor)
    page, desk = page_of(visitor, open_article), browser_of(editor).get("/admin/comments/?show=approved")

    for shown in (page, desk.content.decode()):
        assert '<b dir="auto">\u202eLate Train</b>' in shown
        assert '<p class="words" dir="auto">\u202eI rest best.</p>' in shown


def test_a_clients_comment_is_linked_to_nobody(
    open_article: Article, client_person: Client, browser_of: Browsers, clock: Traveller
) -> None:
    browser = browser_of(client_person.user)
    page = page_of(browser, open_article)
    clock.shift(timedelta(seconds=30))
    response = post(browser, open_article, token=token_on(page), as_staff="on")

    assert "Nothing links your comment to your account" in page
    assert response.status_code == 200
    comment = Comment.objects.get()
    assert (comment.pseudonym, comment.is_by_staff) == ("Late Train", False)
    event = AuditEvent.objects.get(action="comment sent")
    assert (event.actor, event.actor_role, event.client_id, event.address, event.request_id) == (
        None,
        "",
        None,
        None,
        None,
    )
    ids = {str(client_person.pk), str(client_person.user.pk)}
    assert not ids & set(map(str, Comment.objects.values_list().get()))


@pytest.mark.parametrize(
    ("ticked", "name", "is_marked"), [({"as_staff": "on"}, "Edith Editor", True), ({}, "Late Train", False)]
)
def test_staff_choose_whether_they_are_named(
    open_article: Article,
    editor: User,
    browser_of: Browsers,
    clock: Traveller,
    ticked: dict[str, str],
    name: str,
    is_marked: bool,
) -> None:
    browser = browser_of(editor)
    found = token_on(page_of(browser, open_article))
    clock.shift(timedelta(seconds=30))
    post(browser, open_article, token=found, **ticked)

    comment = Comment.objects.get()
    assert (comment.pseudonym, comment.is_by_staff) == (name, is_marked)


def test_nobody_else_can_claim_to_be_staff(open_article: Article, visitor: Browser, token: str) -> None:
    post(visitor, open_article, token=token, as_staff="on")

    assert Comment.objects.get().is_by_staff is False


def test_readers_are_told_of_akismet_only_where_it_is_asked(open_article: Article, visitor: Browser) -> None:
    before = page_of(visitor, open_article)
    factories.take_comments(new_key="abc123", akismet_notice="We ask somebody in <America>.")

    assert "Akismet" not in before
    after = page_of(Browser(visitor.clinic), open_article)
    assert "We ask somebody in &lt;America&gt;." in after and "abc123" not in after


def test_erasing_by_code(open_article: Article, visitor: Browser, token: str) -> None:
    code = re.search(r'<p class="code">(.+?)</p>', post(visitor, open_article, token=token).content.decode())
    assert code

    wrong = visitor.post("/comments/erase/", {"code": "2222-2222-2222-2222"})
    right = visitor.post("/comments/erase/", {"code": code[1]})

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "We know no comment with this code" in wrong.content.decode()
    assert "Your comment is erased" in right.content.decode()
    assert not Comment.objects.exists()


def test_comments_of_what_is_no_public_article_are_404(visitor: Browser, editor: User) -> None:
    for hidden in (factories.article(audience="clients"), factories.article(published=False)):
        assert visitor.get(f"{hidden.get_absolute_url()}comment/").status_code == 404
    assert visitor.get("/articles/no-such/comment/").status_code == 404


def test_the_page_costs_the_same_with_one_and_with_fifty(
    open_article: Article, visitor: Browser, editor: User, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.comment(open_article, approved_by=editor)

    def read() -> object:
        return visitor.get(f"{open_article.get_absolute_url()}?now")

    with_one = queries_of(read)
    for _ in range(49):
        factories.comment(open_article, approved_by=editor)

    assert queries_of(read) == with_one


def test_the_newest_are_shown_and_it_is_said(
    open_article: Article, visitor: Browser, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.commenting.MOST_SHOWN", 2)
    for number in range(3):
        body = f"Thought {'very ' * number}clearly."
        factories.comment(open_article, body=body, approved_by=editor, at=factories.AT + timedelta(days=number))

    page = page_of(visitor, open_article)

    assert "Thought clearly." not in page and "Thought very very clearly." in page
    assert escape("The newest 2 are shown.") in page
