"""A sleep diary for fourteen days, in which the clock is put forward: one entry for each date, by the client's own clock."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Page, expect

from clients.models import Client, Occurrence, Response
from clients.services.announcing import announce_due
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import current_clinic, inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import Cast
from tests.journeys.saving import saving

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2027, 3, 8), date(2027, 3, 21)
# In New York the clock is put forward in the night to this Sunday; in London, where the clinic is, two weeks later.
SHORT = date(2027, 3, 14)
DAY = timedelta(days=1)
DIARY: dict[str, Any] = {
    "format": 1,
    "minutes": 2,
    "introduction": "In the morning, about the night.",
    "prompts": [
        {
            "id": "hours",
            "kind": "number",
            "text": "How many hours did you sleep?",
            "min": 0,
            "max": 24,
            "required": True,
        },
        {"id": "words", "kind": "short_text", "text": "A word about the night"},
    ],
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Half past seven in New York on the first morning; it goes on from there."""
    with time_machine.travel(datetime.combine(FIRST, time(7, 30), NEW_YORK), tick=True) as traveller:
        yield traveller


def test_fourteen_mornings_across_a_change_of_the_clock(
    clock: time_machine.Traveller, site: Site, cast: Cast, open_page: Callable[..., Page]
) -> None:
    given_cleo_lives_in_new_york(site, cast)
    when_clara_gives_a_diary_for_fourteen_days(open_page(), site, cast)
    phone = open_page(PHONE)

    for number in range(14):
        day = FIRST + number * DAY
        if number:
            then_nothing_is_open_before_seven(site, clock, day)
            when_it_is_morning(site, clock, day)
        if day in (FIRST, SHORT, LAST):
            when_cleo_writes_about_the_night(phone, site, cast, day)
        else:
            when_she_writes_elsewhere(site)

    then_there_is_one_entry_for_each_date(site)
    then_clara_sees_fourteen_of_fourteen(open_page(), site, cast)


def given_cleo_lives_in_new_york(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        Client.objects.filter(pk=cast.cleo.pk).update(timezone=NEW_YORK.key)
        factories.exercise(schema=DIARY, by=cast.clara, title="Sleep diary")


def when_clara_gives_a_diary_for_fourteen_days(desk: Page, site: Site, cast: Cast) -> None:
    site.sign_in(desk, cast.clara)
    desk.goto(site.url(f"/admin/assign/?client={cast.cleo.pk}"))
    desk.get_by_role("radio", name="Sleep diary").check()
    desk.get_by_role("radio", name="Every day").check()
    desk.get_by_label("How many times in all").fill("14")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_text("14 times, from Mon 8 Mar to Sunday 21 March")).to_be_visible()
    expect(desk.get_by_text("By Cleo’s clock: America/New_York.")).to_be_visible()
    desk.get_by_role("button", name="Assign to Cleo").click()
    expect(desk.get_by_text("“Sleep diary” is given to Cleo Cole.")).to_be_visible()


def then_nothing_is_open_before_seven(site: Site, clock: time_machine.Traveller, day: date) -> None:
    clock.move_to(datetime.combine(day, time(6, 59), NEW_YORK))
    with inside(site.database.north):
        assert not Occurrence.objects.answerable(now()).exists()
        assert announce_due(current_clinic(), at=now()) == 0


def when_it_is_morning(site: Site, clock: time_machine.Traveller, day: date) -> None:
    """One mail, and the one entry is open."""
    clock.move_to(datetime.combine(day, time(7, 30), NEW_YORK))
    with inside(site.database.north):
        assert announce_due(current_clinic(), at=now()) == 1
        assert Occurrence.objects.answerable(now()).count() == 1


def when_cleo_writes_about_the_night(phone: Page, site: Site, cast: Cast, day: date) -> None:
    site.sign_in(phone, cast.cleo.user)
    phone.goto(site.url("/portal/"))
    following = phone.get_by_role("article")
    expect(following).to_contain_text(f"Day {(day - FIRST).days + 1} of 14")
    following.get_by_role("link", name="Start").click()
    if day == FIRST:
        phone.get_by_role("link", name="Just start").click()
    with saving(phone):
        phone.get_by_label("How many hours did you sleep?").fill("6.5")
    phone.get_by_role("button", name="Look it over and send").click()
    phone.get_by_role("button", name="Send to Clara").click()
    expect(phone.get_by_role("heading", name="It is sent")).to_be_visible()
    phone.goto(site.url("/portal/"))
    expect(phone.get_by_text("Nothing is open")).to_be_visible()


def when_she_writes_elsewhere(site: Site) -> None:
    at = now()
    with inside(site.database.north):
        whole = Occurrence.objects.select_related("assignment__client__user", "assignment__version")
        factories.response(whole.answerable(at).get(), answers={"hours": 7}, at=at)


def then_there_is_one_entry_for_each_date(site: Site) -> None:
    with inside(site.database.north):
        sent = Response.objects.submitted().order_by("submitted_at").values_list("submitted_at", flat=True)
        assert [moment.astimezone(NEW_YORK).date() for moment in sent if moment] == [
            FIRST + number * DAY for number in range(14)
        ]
        opened = Occurrence.objects.order_by("number").values_list("opens_at", flat=True)
        assert {moment.astimezone(NEW_YORK).time() for moment in opened} == {time(7, 0)}
        assert len({moment.astimezone(NEW_YORK).utcoffset() for moment in opened}) == 2
        # Whoever has done it is not told of it: each mail that had not gone yet was called off.
        assert not OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS).exists()


def then_clara_sees_fourteen_of_fourteen(desk: Page, site: Site, cast: Cast) -> None:
    site.sign_in(desk, cast.clara)
    desk.goto(site.url(f"/admin/clients/client/{cast.cleo.pk}/page/"))
    expect(desk.get_by_text("14 of 14 done")).to_be_visible()
    expect(desk.get_by_text("Cleo sent “Sleep diary, day 14 of 14”", exact=True)).to_be_visible()


def now() -> datetime:
    return datetime.now(tz=NEW_YORK)
