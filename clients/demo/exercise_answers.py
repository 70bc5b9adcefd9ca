"""Answer sets for the demo's exercises, keyed by slug; dates are day numbers that `words.dated` turns into dates."""

from typing import Any

AnswerSets = dict[str, list[dict[str, Any]]]


def check_in(
    mood: int, sleep: int, energy: int, closeness: int, worry: int, safe: str, thing: str = ""
) -> dict[str, Any]:
    scales = {"mood": mood, "sleep": sleep, "energy": energy, "closeness": closeness, "worry": worry}
    return scales | ({"safe": safe} if safe else {}) | ({"one_thing": thing} if thing else {})


def thought(text: str, belief: int) -> dict[str, Any]:
    return {"thought": text, "belief": belief}


def activity(what: str, on: int, at: str, before: int, after: int, pleasure: int, mastery: int) -> dict[str, Any]:
    scales = {"mood_before": before, "mood_after": after, "pleasure": pleasure, "mastery": mastery}
    return {"what": what, "on": on, "at": at, **scales}


def values(family: str, friends: str, work: str, body: str, play: str, place: str) -> dict[str, Any]:
    """Importance and consistency of each part of life, written "9 4"."""
    parts = {"family": family, "friends": friends, "work": work, "body": body, "play": play, "place": place}
    sides = ("importance", "consistency")
    return {
        f"{part}_{side}": int(n) for part, pair in parts.items() for side, n in zip(sides, pair.split(), strict=True)
    }


def night(morning: int, lights_out: str, minutes: int, wakings: int, up_at: str, rested: int) -> dict[str, Any]:
    times = {"morning": morning, "lights_out": lights_out, "up_at": up_at}
    return times | {"minutes_awake": minutes, "wakings": wakings, "rested": rested}


CHECK_INS = [
    check_in(3, 2, 2, 3, 8, "no", "The letter from the landlord came."),
    check_in(3, 3, 2, 4, 8, "at_times"),
    check_in(4, 3, 3, 4, 7, "no", "I slept in the chair twice."),
    check_in(4, 4, 3, 5, 7, "no"),
    check_in(4, 5, 4, 5, 6, "no", "My sister stayed for three days."),
    check_in(5, 4, 5, 5, 6, "no"),
    check_in(3, 3, 3, 2, 8, "", "I don’t want to talk about Saturday yet."),
    check_in(5, 5, 5, 6, 6, "no"),
    check_in(6, 5, 5, 6, 5, "no", "Worked two late shifts and it was fine."),
    check_in(6, 6, 5, 7, 4, "no"),
    check_in(7, 6, 6, 7, 4, "no", "Swam."),
    check_in(7, 7, 7, 7, 3, "no"),
]

JOURNALS: list[dict[str, Any]] = [
    {
        "day": 1,
        "moment": "The bus driver waited for me. I was still across the road and he waited. I thanked him and he said "
        "“I saw you running”. I had not known that anyone could see me.",
        "told_someone": "yes",
        "what_they_said": "My husband laughed because I told it so fast. Then he asked me to tell it again.",
        "headline": "He saw me running",
    },
    {
        "day": 0,
        "moment": "Four o’clock, the kitchen. I cut bread and there was no one to ask how many slices. I cut two.",
        "told_someone": "no",
        "whom_to_tell": "Maybe Joan",
        "headline": "Two slices",
    },
    {
        "day": 2,
        "moment": "I had to present the numbers. My hands shook so I put them on the table. Somebody coughed and I "
        "thought that was it. Nobody remembers a cough.",
        "told_someone": "no",
        "headline": "The cough",
    },
    {"moment": "Nothing today. Rain. I lay on the floor next to the dog and that was the good part."},
    {
        "day": 3,
        "moment": "I called the doctor’s and got through. I had the sentence written on an envelope. I read it like a "
        "schoolchild and the woman said “thank you, that is very clear”.",
        "told_someone": "yes",
        "what_they_said": "I only told the cat.",
    },
]

THOUGHTS: list[dict[str, Any]] = [
    {
        "situation": "In the meeting Paul said, “We can skip that part.” It was my part.",
        "when": "10:40",
        "thoughts": [thought("They all know that I am not good enough.", 85), thought("I will lose this job.", 60)],
        "emotion": "Ashamed",
        "evidence_for": "He did not look at me when he said it. I stumbled over a number last month.",
        "evidence_against": "We were late. He skipped Ines’s part too. In June he asked me to train the new one.",
        "alternative": "It was only one meeting, and it was about the clock.",
        "alternative_belief": 65,
        "strength": {"before": 80, "after": 40},
    },
    {
        "situation": "My friend read my message at noon and did not answer all day.",
        "when": "21:15",
        "thoughts": [thought("I have said something wrong.", 90)],
        "emotion": "Scared",
        "evidence_for": "She usually answers by the evening.",
        "evidence_against": "She has a new baby. She once answered me after a week and was not angry at all.",
        "alternative": "I don’t know why she is quiet. Not knowing feels like knowing something bad.",
        "alternative_belief": 55,
        "strength": {"before": 75, "after": 50},
    },
    {
        "situation": "Dropped the casserole. On the floor, on my foot, everywhere. Everyone went quiet.",
        "thoughts": [
            thought("I ruin everything.", 70),
            thought("Now they feel sorry for me.", 80),
            thought("I want my mother.", 100),
        ],
        "emotion": "Sad",
        "evidence_for": "There was no dinner.",
        "evidence_against": "There was toast. My nephew said it was the best Sunday so far.",
        "strength": {"before": 65, "after": 30},
    },
    {
        "situation": "He put his plate in the sink and went out without a word.",
        "when": "19:30",
        "thoughts": [thought("He is done with me.", 75), thought("I am furniture.", 50)],
        "emotion": "Angry, then lonely",
        "evidence_for": "He has been quiet since Sunday.",
        "evidence_against": "He filled up my car on Monday. He goes quiet when his back hurts.",
        "alternative": "I can ask him. I would rather ask than guess.",
        "alternative_belief": 80,
        "strength": {"before": 70, "after": 45},
    },
    {
        "situation": "Woke at three with my heart going.",
        "when": "03:10",
        "thoughts": [thought("Something is wrong with my heart.", 95)],
        "emotion": "Terrified",
    },
]

ACTIVITIES: list[dict[str, Any]] = [
    {
        "activities": [
            activity("Shower", 0, "11:00", 2, 4, 3, 5),
            activity("Walked to the library", 1, "15:30", 3, 4, 3, 4),
            activity("Sister on the phone", 2, "19:00", 3, 6, 7, 2),
            activity("Paid the water bill", 4, "10:15", 3, 5, 0, 8),
        ],
        "surprise": "The bill. I did not enjoy one second of it and I felt better than after the film.",
    },
    {
        "activities": [
            activity("Scrolled for two hours", 0, "22:00", 4, 2, 3, 0),
            activity("Washed the dishes", 1, "07:40", 4, 5, 1, 4),
            activity("Basketball, only watched", 3, "18:30", 4, 7, 7, 3),
        ],
        "surprise": "I only watched and it still worked.",
    },
    {"activities": [{"what": "Fed the neighbour’s cat", "on": 0, "mood_before": 3, "mood_after": 5}]},
    {
        "activities": [
            activity("Soup from scratch", 1, "17:00", 5, 6, 6, 7),
            activity("Ate the soup alone", 1, "18:00", 6, 4, 5, 0),
            activity("Took the rest next door", 2, "12:00", 4, 7, 7, 6),
        ],
        "surprise": "It is not the cooking. It is who eats it.",
    },
]

VALUES = [
    values("9 4", "7 2", "6 9", "7 3", "6 1", "4 4")
    | {
        "widest": "Play and rest. Work ate it. If I am honest I let it, because at work I know what to do.",
        "one_step": "Leave the laptop at the office on Wednesday",
    },
    values("10 8", "6 5", "5 5", "8 2", "5 4", "3 1")
    | {"widest": "My body. I have put off the check-up since spring.", "one_step": "Call the doctor’s at eight"},
    values("6 6", "9 3", "7 6", "5 5", "8 4", "7 1") | {"widest": "Friends. They are all in the old town."},
    values("8 7", "8 6", "6 6", "6 5", "7 6", "5 4")
    | {"widest": "There is no wide one this week. I looked twice.", "one_step": "Ask Dee to the market on Saturday"},
    {"family_importance": 9, "family_consistency": 3, "friends_importance": 6},
]

GRATITUDES: list[dict[str, Any]] = [
    {
        "good_things": [
            {"what": "Sun on the bathroom wall", "because": "Nobody, it comes at eight"},
            {"what": "The new boy at work said my name right", "because": "He had asked someone"},
            {"what": "Clean sheets", "because": "Me"},
        ],
        "lasting": "My name",
    },
    {"good_things": [{"what": "Tea"}]},
    {
        "good_things": [
            {"what": "Bus was early", "because": "Luck"},
            {"what": "She laughed at my joke about the goose", "because": "Both of us"},
        ],
        "lasting": "The goose",
    },
    {
        "good_things": [
            {"what": "Slept until six", "because": "The list in the kitchen"},
            {"what": "A pear that was exactly ripe"},
            {"what": "No letter today"},
            {"what": "Dad picked up after two rings", "because": "He must have been sitting next to it"},
        ]
    },
]

SLEEP: list[dict[str, Any]] = [
    {
        "nights": [
            night(0, "23:30", 60, 3, "07:00", 3),
            night(1, "23:15", 45, 3, "07:00", 3),
            night(2, "00:10", 20, 2, "07:10", 4),
            night(3, "23:00", 90, 4, "06:50", 2),
            night(4, "23:45", 30, 2, "07:00", 5),
            night(5, "00:30", 15, 1, "08:30", 6),
            night(6, "00:15", 20, 1, "08:00", 6),
            night(7, "23:30", 40, 2, "07:00", 4),
            night(8, "23:50", 25, 2, "07:00", 5),
        ],
        "noticed": "If I go up early I lie there longer. The weekend is better, and I had thought it was worse.",
    },
    {
        "nights": [
            night(0, "21:30", 120, 5, "05:15", 2),
            night(1, "22:30", 70, 4, "05:15", 3),
            night(2, "22:45", 50, 3, "05:15", 3),
            night(3, "22:30", 60, 3, "05:30", 4),
        ],
    },
    {
        "nights": [
            night(0, "00:45", 10, 0, "09:00", 7),
            night(1, "01:30", 5, 1, "09:30", 6),
            night(2, "02:15", 5, 0, "11:00", 4),
            night(3, "23:45", 80, 1, "07:30", 3),
            night(5, "00:15", 30, 0, "08:00", 6),
        ],
        "noticed": "Day four is the night I tried to sleep early because of the interview. I missed a row there.",
    },
    {
        "nights": [
            {"morning": day, "rested": rested, "wakings": 2} for day, rested in enumerate([3, 3, 4, 3, 5, 5, 6])
        ],
        "noticed": "I did not do the times, they make me look at the clock. The wakings are all the baby.",
    },
]

MOODS: list[dict[str, Any]] = [
    {
        "mood": 4,
        "feelings": ["tense", "hopeful"],
        "place": "way",
        "outdoors": 0.5,
        "note": "On the train. I have my coat on and I am too hot and I am not taking it off.",
    },
    {"mood": 2, "feelings": ["numb"], "place": "home", "outdoors": 0},
    {"mood": 6, "feelings": ["calm", "sad"], "place": "other", "where": "My mother’s, in my old room", "outdoors": 1.5},
    {"mood": 7, "feelings": ["calm", "glad"], "place": "work", "note": "She brought cake for no reason."},
    {"mood": 3, "feelings": ["tense", "angry", "lonely"]},
]

STEPS: list[dict[str, Any]] = [
    {
        "step": "Walk past the school gate at home time",
        "taken_on": 1,
        "fear_said": "That the other mothers would stop talking and look at me.",
        "before": 7,
        "peak": 8,
        "after": 4,
        "minutes": 15,
        "eased": "yes",
        "went_down": "My shoulders first. Then I could hear what people were saying. It was about swimming lessons.",
        "what_happened": "One of them said hello. The rest did not see me, which is what I wanted and also a bit rude.",
    },
    {
        "step": "Call the bank and stay on the line",
        "taken_on": 2,
        "before": 8,
        "peak": 9,
        "after": 8,
        "minutes": 4,
        "eased": "no",
        "smaller_step": "Write down the question first. Call when someone is in the room with me.",
        "what_happened": "I hung up when the music stopped. Nothing bad happened and nothing good.",
    },
    {
        "step": "The full bus, one stop, with my brother",
        "taken_on": 0,
        "fear_said": "It will stop on the bridge. I will not be able to breathe and he will see it.",
        "before": 9,
        "peak": 9,
        "after": 5,
        "minutes": 20,
        "eased": "yes",
        "went_down": "We stayed on to the end of the line. By the bridge he was telling me about his boss.",
        "what_happened": "He saw it and he did not mind.",
    },
    {"step": "Open the trunk with her clothes in it", "taken_on": 3, "before": 6, "peak": 10, "after": 7},
    {
        "step": "Ask a question at the evening class",
        "taken_on": 2,
        "fear_said": "Everyone already knows the answer.",
        "before": 6,
        "peak": 7,
        "after": 2,
        "minutes": 1,
        "eased": "yes",
        "what_happened": "Two people wrote the answer down.",
    },
]

EVENINGS: list[dict[str, Any]] = [
    {"done": ["wrote", "dimmed", "warm"], "settled": {"before": 3, "after": 6}},
    {"done": ["word"], "settled": {"before": 4, "after": 4}, "in_the_way": "Work chat until half eleven"},
    {"done": ["wrote", "dimmed", "phone", "body", "word"], "settled": {"before": 5, "after": 8}},
    {"in_the_way": "Fell asleep on the sofa, so it depends how you look at it"},
    {"done": ["phone", "warm"], "settled": {"before": 2}, "in_the_way": "The upstairs people moved a piano, I think"},
]

OUTDOORS: list[dict[str, Any]] = [
    {
        "plan": "After I have put the bread in",
        "days": {
            "0": {"did": "yes", "line": "The yard, and in it a crow."},
            "1": {"did": "some", "line": "Two minutes at the door. Cold nose."},
            "2": {"did": "no", "line": "Visitors."},
            "3": {"did": "yes", "line": "Someone frying onions."},
            "4": {"did": "yes", "line": "Wet slate. It smells like school."},
            "6": {"did": "yes", "line": "All the lights on in number nine."},
        },
        "looking_back": "The onions. I stood there and I was hungry, really hungry, first time for weeks.",
    },
    {
        "plan": "After the early shift",
        "days": {"0": {"did": "yes", "line": "Nothing. Fog."}, "1": {"did": "yes", "line": "Still fog."}},
    },
    {
        "days": {
            "0": {"did": "no"},
            "1": {"did": "no"},
            "2": {"did": "some", "line": "Stood on the balcony with the light off."},
            "3": {"did": "some", "line": "Same. A bat!"},
            "5": {"did": "yes", "line": "Down to the river and back."},
        },
        "looking_back": "It got easier once I stopped putting proper shoes on for it.",
    },
    {
        "plan": "After lunch, before I open the laptop again",
        "days": {
            str(day): {"did": "yes", "line": line} for day, line in enumerate(["Wind", "Wind", "Dog", "Sun", "Drill"])
        },
        "looking_back": "I would do it again. I would not call it anything.",
    },
]

LETTERS: list[dict[str, Any]] = [
    {
        "age": 19,
        "picture": "On the night bus, in the uniform from the first job, with the second one in a bag.",
        "letter": "You think other people manage and you are the only one counting coins on the way home. You are not "
        "behind. You are carrying two jobs and a brother. I wish somebody had told you to sit down. Sit down.",
        "answer": "Who is with him now?",
    },
    {
        "age": 8,
        "picture": "Under the table, yellow socks.",
        "letter": "It was not about the glass. They were already angry when they came in. You can come out now.",
        "answer": "Is there toast?",
    },
    {
        "age": 31,
        "letter": "You are going to leave him and for two years you will think it was a mistake. I am writing from "
        "after that. There are two rooms and the kitchen is yours. You have a blue chair.",
    },
    {
        "age": 14,
        "picture": "Back of the class, hood up.",
        "letter": "I do not know what to say to you. You can see me not knowing. I will come back next week.",
    },
]

EXERCISE_ANSWERS: AnswerSets = {
    "weekly-check-in": CHECK_INS,
    "a-page-about-today": JOURNALS,
    "thought-record": THOUGHTS,
    "activity-log": ACTIVITIES,
    "values-in-daily-life": VALUES,
    "small-good-things": GRATITUDES,
    "sleep-diary": SLEEP,
    "right-now": MOODS,
    "steps-i-put-off": STEPS,
    "last-hour": EVENINGS,
    "ten-minutes-outside": OUTDOORS,
    "a-letter": LETTERS,
}
