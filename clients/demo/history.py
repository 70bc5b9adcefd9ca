"""Twelve weeks of plausible work, up to the moment of seeding: given, answered, read, put off, forgotten."""

from datetime import date, datetime, timedelta
from random import Random

from clients.demo.clinics import DemoClinic
from clients.demo.people import People
from clients.demo.words import ANSWERS, CLIENTS, NOT_NOW, NOTES, REPLIES, dated
from clients.models import Assignment, Client, Occurrence, Response
from clients.recurrence import Timing, weekly
from clients.services.alerts import acknowledge_alert
from clients.services.answering import put_off, save_draft, submit_response
from clients.services.assigning import assign_work, withdraw_work
from clients.services.reviewing import open_response, review_response
from content.models import Article, Exercise
from practices.identifiers import new_id
from practices.models import Clinic

WEEKS = 12
CHECK_IN = "weekly-check-in"
EVENINGS = (7, 8, 12, 13, 18, 19, 20, 20, 21, 21, 22)
OFFICE_HOURS = (8, 9, 10, 12, 14, 15, 17)
# The answer set of the check-in that trips its safety rule.
UNEASY = 1
READ_WITHIN = timedelta(days=3)


class History:
    """One clinic's last twelve weeks; the same clinic and day give the same history."""

    def __init__(self, clinic: Clinic, demo: DemoClinic, people: People, *, now: datetime) -> None:
        self.clinic, self.people, self.now = clinic, people, now
        self.chance = Random(demo.schema_name)  # noqa: S311 - a repeatable story, not a secret
        self.exercises = {exercise.slug: exercise for exercise in Exercise.objects.select_related("current")}
        self.given = {client.pk: 0 for client in people.clients}
        self.statuses = {
            client.pk: person.status for client, person in zip(people.clients, CLIENTS[demo.schema_name], strict=True)
        }

    def seed(self) -> None:
        self.give_work()
        begun = Occurrence.objects.select_related("assignment__client__user", "assignment__version__exercise")
        for occurrence in begun.filter(opens_at__lte=self.now).order_by("opens_at"):
            self.live(occurrence)
        self.tidy_up()

    def tidy_up(self) -> None:
        """Clinicians take back what has lain for weeks."""
        lain = Assignment.objects.filter(
            repeat=Assignment.Repeat.ONCE, occurrences__in=Occurrence.objects.overdue(self.now - timedelta(days=18))
        )
        for assignment in lain.select_related("assigned_by"):
            withdraw_work(assignment, by=assignment.assigned_by, at=self.now)

    def give_work(self) -> None:
        """The check-in every week from the client's first, and something else every week or two."""
        slugs = [slug for slug in self.exercises if slug != CHECK_IN]
        for position, client in enumerate(self.people.clients):
            status = self.statuses[client.pk]
            if status == Client.Status.INVITED:
                continue
            first, last = position % 5 + 1, 8 if status == Client.Status.DISCHARGED else WEEKS
            weeks = last - first + (1 if status == Client.Status.DISCHARGED else 3)
            self.give(CHECK_IN, client, Timing(self.week(first), rule=weekly(weeks)), noted=False)
            for week in range(first, last + 1):
                if self.chance.random() < 0.65:
                    slug = slugs[(position * 5 + week) % len(slugs)]
                    self.give(slug, client, Timing(self.week(week), days=7), noted=self.chance.random() < 0.7)
        newest = Article.objects.published().latest("first_published_at").slug
        self.in_hand = self.give(newest, self.people.clients[0], Timing(self.week(WEEKS), days=6), noted=True)

    def give(self, slug: str, client: Client, timing: Timing, *, noted: bool) -> Assignment:
        note = NOTES[self.chance.randrange(len(NOTES))] if noted else ""
        at = datetime.combine(timing.starts_on, datetime.min.time(), tzinfo=self.clinic.zone) + timedelta(hours=8)
        by = self.people.clinician_of(client)
        return assign_work(self.exercises[slug], client=client, timing=timing, note=note, by=by, at=min(at, self.now))

    def live(self, occurrence: Occurrence) -> None:
        """What became of one occurrence: mostly sent, often read, sometimes begun, put off or left."""
        open_still = occurrence.due_at > self.now
        if open_still and self.is_the_alert(occurrence):
            self.answer(occurrence, at=self.now - timedelta(hours=3), chosen=UNEASY)
            return
        if occurrence.assignment_id == self.in_hand.pk:
            self.begin(occurrence, at=self.now - timedelta(hours=10), chosen=0, answered=2)
            return
        fate = self.chance.random()
        span = min(occurrence.due_at, self.now) - occurrence.opens_at
        at = self.hour_of_day(occurrence.opens_at + span * (0.15 + 0.8 * self.chance.random()), EVENINGS)
        at = min(max(at, occurrence.opens_at), self.now)
        if fate < (0.5 if open_still else 0.76):
            self.answer(occurrence, at=at)
        elif fate < 0.82 and not open_still:
            self.answer(occurrence, at=min(self.a_day_late(occurrence), self.now))
        elif fate < 0.9:
            self.begin(occurrence, at=at)
        elif fate < 0.95:
            put_off(occurrence, reason=Occurrence.NotNow(self.chance.choice(NOT_NOW)), at=at)

    def a_day_late(self, occurrence: Occurrence) -> datetime:
        """The next afternoon, or just before the next time opens."""
        late = occurrence.due_at + timedelta(hours=20)
        return min(late, occurrence.closes_at - timedelta(hours=1)) if occurrence.closes_at else late

    def is_the_alert(self, occurrence: Occurrence) -> bool:
        """One check-in of this week asks for help, and nobody has seen it yet."""
        slug = occurrence.assignment.version.exercise.slug
        return slug == CHECK_IN and occurrence.assignment.client == self.people.clients[3]

    def begin(
        self, occurrence: Occurrence, *, at: datetime, chosen: int | None = None, answered: int | None = None
    ) -> Response:
        """Write a draft: an answer set, or its first answers and its practice; one answer in nine is kept to oneself."""
        slug = occurrence.assignment.version.exercise.slug
        client = occurrence.assignment.client
        sets = ANSWERS[slug]
        turn = self.given[client.pk] + self.people.clients.index(client) if chosen is None else chosen
        if slug == CHECK_IN:
            self.given[client.pk] += 1
        start = occurrence.opens_at.astimezone(self.clinic.zone).date()
        today = at.astimezone(self.clinic.zone).date()
        answers = until(dated(occurrence.assignment.version.schema, sets[turn % len(sets)], start), today.isoformat())
        if answered is not None:
            written = [name for name, value in answers.items() if not isinstance(value, dict)][:answered]
            answers = {name: value for name, value in answers.items() if name in written or isinstance(value, dict)}
        kept = {prompt for prompt in answers if slug != CHECK_IN and self.chance.random() < 0.11}
        return save_draft(occurrence, answers=answers, kept=kept, expected_version=0, at=at)

    def answer(self, occurrence: Occurrence, *, at: datetime, chosen: int | None = None) -> None:
        response = self.begin(occurrence, at=at, chosen=chosen)
        client = occurrence.assignment.client
        response = submit_response(response, request_id=new_id(), by=client.user, at=at)
        Client.objects.filter(pk=client.pk).update(last_seen_at=at)
        read_at = self.hour_of_day(at + READ_WITHIN * (0.4 + 0.6 * self.chance.random()), OFFICE_HOURS)
        is_new = self.now - at < timedelta(days=6)
        if read_at < self.now and not (is_new and self.chance.random() < 0.8):
            self.read(response, client, at=read_at)

    def read(self, response: Response, client: Client, *, at: datetime) -> None:
        clinician = self.people.clinician_of(client)
        open_response(response, by=clinician, at=at)
        if hasattr(response, "alert"):
            acknowledge_alert(response.alert, by=clinician, at=at)
        reply = self.chance.choice(REPLIES) if self.chance.random() < 0.55 else ""
        review_response(response, reply=reply, by=clinician, at=at + timedelta(minutes=4))

    def hour_of_day(self, moment: datetime, hours: tuple[int, ...]) -> datetime:
        """The same day, at an hour when people do such things."""
        return moment.astimezone(self.clinic.zone).replace(
            hour=self.chance.choice(hours), minute=self.chance.randrange(60)
        )

    def week(self, number: int) -> date:
        """The day on which a week of the story begins; the last began four days ago, so that work is open on any day."""
        today = self.now.astimezone(self.clinic.zone).date()
        return today - timedelta(days=4) - timedelta(weeks=WEEKS - number)


def until(answers: dict[str, object], today: str) -> dict[str, object]:
    """Leave out what a day log or diary would say of days to come."""

    def said(value: object) -> object:
        if isinstance(value, dict):
            return {key: entry for key, entry in value.items() if not ("-" in key and key > today)}
        if isinstance(value, list):
            return [row for row in value if not (isinstance(row, dict) and is_later(row, today))]
        return value

    return {prompt: said(value) for prompt, value in answers.items()}


def is_later(row: dict[str, object], today: str) -> bool:
    return any(
        isinstance(value, str) and len(value) == 10 and value[4:5] == "-" and value > today for value in row.values()
    )
