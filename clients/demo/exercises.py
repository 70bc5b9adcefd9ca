"""The twelve exercises of the demo clinics, in our own words; together they use every kind of prompt."""

from dataclasses import dataclass
from typing import Literal

from clients.demo.schemas import Schema, ask, choices, domain, out_of_ten, schema, when

Kind = Literal["reflection", "worksheet", "weekly_practice"]


@dataclass(frozen=True)
class DemoExercise:
    """An exercise as an author would hand it in; `schema` is the JSON that a published version stores."""

    title: str
    slug: str
    kind: Kind
    summary: str
    schema: Schema


CHECK_IN_SCORING = {
    "rule": "sum",
    "prompts": ["mood", "sleep", "energy", "closeness", "worry"],
    "reverse": ["worry"],
    "maximum": 50,
    "missing": {"allowed": 0},
    "bands": [
        {"from": 0, "to": 19, "label": "a heavy week"},
        {"from": 20, "to": 34, "label": "a mixed week"},
        {"from": 35, "to": 50, "label": "a lighter week"},
    ],
}

CHECK_IN = schema(
    2,
    (
        "Think of the last seven days. There are no right answers, and you can skip any question.\n\nWe wrote "
        "this page ourselves. It is a way to talk about your week. It is not a test, and it is not a "
        "validated measure."
    ),
    out_of_ten("mood", "How has your mood been?", "very low", "very good"),
    out_of_ten("sleep", "How well have you slept?", "not at all", "very well"),
    out_of_ten("energy", "How much energy have you had?", "none", "plenty"),
    out_of_ten("closeness", "How close have you felt to other people?", "very far", "very close"),
    out_of_ten("worry", "How much has worry got in your way?", "not at all", "all the time"),
    ask(
        "safe",
        "single_choice",
        (
            "In a hard week, some people think of hurting themselves or of not being here any more. Was there "
            "anything like that for you?"
        ),
        help=(
            "If you pick one of the two “yes” answers, we show you right away whom you can reach, and your "
            "clinician is told."
        ),
        choices=choices(
            ("no", "No"),
            ("at_times", "Yes, at times"),
            ("often", "Yes, often"),
        ),
    ),
    ask("one_thing", "short_text", "One thing we should know about your week"),
    scoring=CHECK_IN_SCORING,
    safety=[{"prompt": "safe", "in": ["at_times", "often"]}],
)

JOURNAL = schema(
    10,
    (
        "A page about one day. It does not have to be neat, and spelling does not count.\n\nIf you do not know "
        "where to begin, begin with the weather."
    ),
    ask("day", "date", "Which day is this page about?"),
    ask(
        "moment",
        "long_text",
        "Tell one moment of the day, from its beginning to its end.",
        help="It may be small. Where were you, who was there, what could you hear?",
        required=True,
    ),
    ask("told_someone", "yes_no", "Have you told anyone about it?"),
    ask("what_they_said", "long_text", "How was it to tell them?", show_if=when("told_someone", "yes")),
    ask(
        "whom_to_tell",
        "short_text",
        "Is there someone you would like to tell?",
        help="You do not have to do it. A name is enough.",
        show_if=when("told_someone", "no"),
    ),
    ask("headline", "short_text", "If this day had a title, what would it be?"),
)

THOUGHT_RECORD = schema(
    15,
    (
        "Some thoughts arrive so fast that they look like facts. Here you slow one down and look at it from "
        "two sides. You are not asked to think something nice. You are asked what is there."
    ),
    ask(
        "situation",
        "long_text",
        "What happened just before your mood changed?",
        help="Only what a camera would have seen and heard.",
        required=True,
    ),
    ask("when", "time", "About what time was it?"),
    ask(
        "thoughts",
        "group",
        "Which thoughts went through your head?",
        help="Write them as they came, rude or strange ones too.",
        min_rows=1,
        max_rows=6,
        add_label="Add a thought",
        prompts=[
            ask("thought", "short_text", "The thought", required=True),
            ask("belief", "number", "How true did it feel then?", min=0, max=100, step=5, unit="out of 100"),
        ],
    ),
    ask(
        "emotion",
        "short_text",
        "What did you feel? Name the strongest feeling.",
        help="One word will do: scared, ashamed, angry, lonely.",
    ),
    ask("evidence_for", "long_text", "What speaks for the thought?"),
    ask("evidence_against", "long_text", "What does not fit with it?"),
    ask("alternative", "long_text", "Seen from both sides, what could you say instead that you can honestly believe?"),
    ask(
        "alternative_belief",
        "number",
        "How true does the new sentence feel?",
        min=0,
        max=100,
        step=5,
        unit="out of 100",
    ),
    ask(
        "strength",
        "before_after",
        "How strong was the feeling then, and how strong is it now?",
        min=0,
        max=100,
        low="not there",
        high="as strong as can be",
    ),
)

ACTIVITY_LOG = schema(
    5,
    (
        "When we feel low we often wait until we feel like doing something. Sometimes it goes the other way "
        "round: we do a small thing, and a little of the feeling follows. This log helps you see which "
        "things do that for you."
    ),
    ask(
        "activities",
        "group",
        "What did you do?",
        help="Very small things count: a shower, the bins, a song.",
        min_rows=1,
        max_rows=14,
        add_label="Add something you did",
        prompts=[
            ask("what", "short_text", "What was it?", required=True),
            ask("on", "date", "Which day?"),
            ask("at", "time", "When did you begin?"),
            out_of_ten("mood_before", "Mood before", "very low", "very good"),
            out_of_ten("mood_after", "Mood after", "very low", "very good"),
            out_of_ten("pleasure", "How much did you enjoy it?", "not at all", "a lot"),
            out_of_ten("mastery", "How much did it feel like getting something done?", "not at all", "a lot"),
        ],
    ),
    ask("surprise", "long_text", "Did anything on your list surprise you?"),
)

VALUES = schema(
    12,
    (
        "Six parts of a life. For each one, say how much it matters to you and how much of it there was this "
        "week. A wide gap is not a fault. It may be a week with too little room in it."
    ),
    *domain("family", "Family and partner", "The people who share your home, your name or your history."),
    *domain("friends", "Friends", "People you chose, near or far."),
    *domain("work", "Work or learning", "Paid or not, at home or elsewhere."),
    *domain("body", "Looking after your body", "Food, sleep, moving, seeing a doctor."),
    *domain("play", "Play and rest", "Whatever you do for no reason but that you like it."),
    *domain("place", "The place you live in", "Neighbours, the street, a club, a faith, the trees."),
    ask("widest", "long_text", "Where is the gap widest? What filled the space instead?"),
    ask("one_step", "short_text", "One thing you could do in ten minutes to make it smaller"),
)

GRATITUDE = schema(
    4,
    (
        "Look back over today for things that were good, however small. On some days you will find three. On "
        "some you will find one, and it will be the tea."
    ),
    ask(
        "good_things",
        "group",
        "What was good today?",
        min_rows=1,
        max_rows=5,
        add_label="Add another",
        prompts=[
            ask("what", "short_text", "What was it?", required=True),
            ask("because", "short_text", "Who or what had a hand in it?"),
        ],
    ),
    ask("lasting", "short_text", "Which of them would you like to remember next year?"),
)

SLEEP_DIARY = schema(
    2,
    (
        "One row for each night, written in the morning, for two weeks. Guess the times. Please do not look "
        "at the clock in the night for this."
    ),
    ask(
        "nights",
        "group",
        "Your nights",
        min_rows=1,
        max_rows=14,
        add_label="Add a night",
        prompts=[
            ask("morning", "date", "The morning after", required=True),
            ask("lights_out", "time", "Lights out"),
            ask(
                "minutes_awake", "number", "How long until you slept, roughly?", min=0, max=600, step=5, unit="minutes"
            ),
            ask("wakings", "number", "How often did you wake?", min=0, max=30),
            ask("up_at", "time", "Out of bed"),
            out_of_ten("rested", "How rested did you feel an hour later?", "not at all", "fully"),
        ],
    ),
    ask("noticed", "long_text", "Looking at all the nights: what do you notice?"),
)

MOOD = schema(
    2,
    "A short look at how you are right now. Put down the first answer that comes.",
    out_of_ten("mood", "How is your mood at this moment?", "very low", "very good", required=True),
    ask(
        "feelings",
        "multiple_choice",
        "Which of these are there too?",
        help="Pick as many as you like. Two that do not fit together are fine.",
        choices=choices(
            ("calm", "Calm"),
            ("sad", "Sad"),
            ("tense", "Tense"),
            ("angry", "Angry"),
            ("hopeful", "Hopeful"),
            ("numb", "Numb"),
            ("lonely", "Lonely"),
            ("glad", "Glad"),
        ),
    ),
    ask(
        "place",
        "single_choice",
        "Where are you?",
        choices=choices(
            ("home", "At home"), ("work", "At work or school"), ("way", "On the way"), ("other", "Somewhere else")
        ),
    ),
    ask("where", "short_text", "Where is that?", show_if=when("place", "other")),
    ask("outdoors", "number", "Hours outdoors today", min=0, max=24, step=0.5),
    ask("note", "long_text", "Anything you want to add"),
)

STEPS = schema(
    10,
    (
        "Think of something you keep away from because it frightens you, and take one small step towards it, "
        "the one you picked with your clinician. Write down how the fear moved. It is allowed to be there "
        "the whole time."
    ),
    ask("step", "short_text", "Which step did you take?", required=True),
    ask("taken_on", "date", "On which day?"),
    ask("fear_said", "long_text", "What did the fear say would happen?"),
    out_of_ten("before", "Fear just before", "none", "as bad as can be"),
    out_of_ten("peak", "Fear at its highest", "none", "as bad as can be"),
    out_of_ten("after", "Fear when you stopped", "none", "as bad as can be"),
    ask("minutes", "number", "How long did you stay?", min=0, max=240, unit="minutes"),
    ask("eased", "yes_no", "Did you stay until the fear went down a little?"),
    ask("went_down", "long_text", "What did you notice as it went down?", show_if=when("eased", "yes")),
    ask(
        "smaller_step",
        "long_text",
        "What would a smaller step look like, one you could stay with?",
        show_if=when("eased", "no"),
    ),
    ask("what_happened", "long_text", "What did happen, compared with what the fear said?"),
)

EVENING = schema(
    2,
    "A list for the last hour of the day. Nobody does all of it. Tick what there was.",
    ask(
        "done",
        "checklist",
        "This evening I …",
        choices=choices(
            ("wrote", "wrote tomorrow’s worries on paper and left them in the kitchen"),
            ("dimmed", "turned down the big light"),
            ("phone", "put the phone in another room"),
            ("warm", "had something warm to drink without coffee in it"),
            ("body", "washed, stretched or rubbed my feet"),
            ("word", "said good night to someone, or to the cat"),
        ),
    ),
    ask(
        "settled",
        "before_after",
        "How settled were you at the beginning of the hour, and at the end?",
        min=0,
        max=10,
        low="not at all",
        high="very",
    ),
    ask("in_the_way", "short_text", "What got in the way, if anything did?"),
)

OUTDOORS = schema(
    3,
    (
        "Ten minutes outside each day, without a purpose. No errand, no headphones. If ten minutes are too "
        "long, stand at the door for two."
    ),
    ask("plan", "short_text", "When in the day could it fit? “After …, I will step outside.”"),
    ask("days", "day_log", "Did you go out?", days=7, line_label="One thing you saw, heard or smelled"),
    ask("looking_back", "long_text", "Looking back over the week: which day stays with you?"),
)

LETTER = schema(
    20,
    (
        "Write to yourself at an age when you could have used a letter. Nobody else needs to see it. You can "
        "keep it “only for me” when you send."
    ),
    ask("age", "number", "How old is the person you are writing to?", min=3, max=100),
    ask(
        "picture",
        "short_text",
        "Where do you see them? What are they wearing?",
        help="This is for you, to have someone before your eyes.",
    ),
    ask("letter", "long_text", "Dear me,", required=True),
    ask("answer", "long_text", "If they could write one line back, what would it say?"),
)


EXERCISES: list[DemoExercise] = [
    DemoExercise(
        "Weekly check-in", "weekly-check-in", "worksheet", "Five short scales about the last seven days.", CHECK_IN
    ),
    DemoExercise(
        "A page about today", "a-page-about-today", "reflection", "One moment of one day, told whole.", JOURNAL
    ),
    DemoExercise("Thought record", "thought-record", "worksheet", "One thought, seen from both sides.", THOUGHT_RECORD),
    DemoExercise(
        "What I did, and how it was", "activity-log", "worksheet", "See which small things shift a mood.", ACTIVITY_LOG
    ),
    DemoExercise(
        "Values in daily life", "values-in-daily-life", "worksheet", "Six parts of a life, and what matters.", VALUES
    ),
    DemoExercise("Small good things", "small-good-things", "reflection", "A few good things from one day.", GRATITUDE),
    DemoExercise("Sleep diary", "sleep-diary", "worksheet", "A row for each night, for two weeks.", SLEEP_DIARY),
    DemoExercise("How are you right now?", "right-now", "worksheet", "Mood and feelings, at this moment.", MOOD),
    DemoExercise("Steps I put off", "steps-i-put-off", "worksheet", "One small step, and how the fear moved.", STEPS),
    DemoExercise("The last hour of the day", "last-hour", "worksheet", "A list for a quieter evening.", EVENING),
    DemoExercise(
        "Ten minutes outside", "ten-minutes-outside", "weekly_practice", "A week of stepping out of doors.", OUTDOORS
    ),
    DemoExercise(
        "A letter to my younger self", "a-letter", "reflection", "Write to yourself at an age that needed it.", LETTER
    ),
]
