"""Answer sets for the demo's articles, keyed by slug; days are day numbers that `words.dated` turns into dates."""

from typing import Any

DayLog = dict[str, dict[str, str]]


def week(*entries: str) -> DayLog:
    """A day log from lines such as "yes On the step"; an empty line is a day without an entry."""
    log: DayLog = {}
    for day, entry in enumerate(entries):
        did, _, line = entry.partition(" ")
        if did:
            log[str(day)] = {"did": did, "line": line} if line else {"did": did}
    return log


NOBODY_KEEPING_COUNT: list[dict[str, Any]] = [
    {
        "count": "Steps, emails, how often I rang Mum and how often my sister did. I win. Nobody else is playing.",
        "reason": "When K. first got ill I had a chart on the fridge. Tablets and meals. It held us up that year.",
        "first_minutes": "That I have not had a friend round since spring.",
        "stop": "The ironing. I would wear it creased and go to the pictures.",
        "ten_minutes": week(
            "yes Car park, before I went in.", "some Three minutes, then the phone", "no", "yes On the step"
        ),
    },
    {
        "count": "What I eat. I did not know I was still doing it until I read the question.",
        "first_minutes": "Nothing dramatic. My feet hurt.",
        "ten_minutes": week("yes", "yes There is the book", "", "some", "yes Pigeons", "", "no Visitors"),
    },
    {
        "count": "Mistakes.",
        "reason": "In the kitchen where I trained you counted or you got burnt.",
        "stop": "I don’t know. That frightens me a bit.",
    },
]

FIRST_NO: list[dict[str, Any]] = [
    {
        "hook": "Friday, the rota. My hand was on the door. My neck went stiff and I said “course I can”.",
        "who_pays": "Jen. She has stopped asking when I’ll be in, she just puts a plate by.",
        "fear": "It goes flat, like he has switched me off. My dad had that face. He could keep it up for days.",
        "words": "Not this Friday. I can do the one after.",
        "small_no": week("yes Raffle man!", "yes No to seconds", "no", "some I said let me look, then said yes", "yes"),
    },
    {
        "hook": "My stomach drops and I smile.",
        "who_pays": "My running shoes.",
        "words": "No thank you.",
        "small_no": week("some", "some", "yes Told my sister I would ring back. I rang back.", "", "yes"),
    },
    {
        "hook": "I did not have a coat on, it was a video call. I leaned closer to the screen.",
        "fear": "Disappointed. I have seen it on a teacher, once, in about 1988.",
    },
]

WORRY: list[dict[str, Any]] = [
    {
        "three_things": "The boiler. Whether I locked up. My brother, always third, as if he waits his turn.",
        "by_day": "The boiler is a man called Keith and sixty pounds.",
        "appointment": "Boiler, Thursday. My brother: nobody can do anything about this tonight.",
        "bell": "My neighbour. She has said so twice. I have never believed her, I might start.",
        "kitchen_sheet": week(
            "yes", "yes Wrote it standing up like you said", "some", "yes Slept till five", "yes", "", "yes"
        ),
    },
    {
        "three_things": "Money, money, and a thing I said at a wedding six years ago.",
        "by_day": "At eleven the wedding thing is quite funny.",
        "kitchen_sheet": week("yes", "no", "no", "yes Too many lines, ran out of paper"),
    },
    {
        "three_things": "That I will not sleep. That I will be useless at work. That they will see.",
        "appointment": "I don’t think there is an appointment for this one.",
        "bell": "I would wake nobody. I know that is not the right answer.",
    },
]

SECOND_CUP: list[dict[str, Any]] = [
    {
        "hands": "I still buy the marmalade with bits in. I can’t stand the bits.",
        "caught_out": "At the optician’s. He asked who my next of kin was.",
        "ask_me": "What she was like when she was cross. She was magnificent.",
        "keep": "Her reading glasses on the windowsill. One day my granddaughter can have them for dressing up.",
        "say_their_name": week(
            "yes Said it to the kettle", "yes To Joan", "no Sore", "some", "yes The story with the goat"
        ),
    },
    {
        "hands": "My thumb. It goes to his number when the match is over.",
        "ask_me": "Anything. Nobody at work knows I had a brother.",
        "say_their_name": week("some In the car, windows shut", "", "yes"),
    },
    {"caught_out": "Here, just now, at the bit with the nephew. I will come back to the rest."},
]

HOW_HEAVY: list[dict[str, Any]] = [
    {
        "chest": "The whole of last year. I told people I was “juggling”.",
        "when_asked": "My neighbour asked me to water her tomatoes. I was pleased for a week.",
        "old_list": "My mother used to sigh before she said yes. Bea is on the stairs now. Bea does not sigh.",
        "ask_early": "The tax thing. It is still only an envelope.",
        "borrow_an_egg": week(
            "yes Asked a man the time with my phone in my hand", "", "yes An actual egg", "some", "yes"
        ),
    },
    {
        "chest": "Dad’s care. My brothers live nearer.",
        "old_list": "Them. You ask once and you hear about it at Christmas.",
        "ask_early": "Someone to sit with him on Tuesdays.",
        "borrow_an_egg": week("no", "no", "some Wrote the message, did not send it", "yes Sent it"),
    },
    {
        "when_asked": "My colleague, to read her application. I read it four times.",
        "borrow_an_egg": week("yes", "yes I apologised twice", "yes Only once"),
    },
]

ANGER: list[dict[str, Any]] = [
    {
        "whistle": "My ears get hot. Then I start tidying, hard.",
        "behind": "Tired. Just tired. And behind tired I think there is someone who wants to be asked how he is.",
        "who_heard": "Both girls, on the stairs. The little one asked next day if I was better.",
        "lift_off": "I’d go to the shed. I would tell Sara “shed, twenty minutes”. She would laugh, which might help.",
        "first_sign": week(
            "yes Jam jar, 7:40", "yes Late, hungry", "", "some Van cut me up. Left out, oddly.", "yes Shed."
        ),
    },
    {
        "whistle": "I go quiet and polite. People who know me get worried when I am polite.",
        "behind": "Being left out. It is always being left out.",
        "first_sign": week("some", "yes", "yes Meeting I was not asked to", "no"),
    },
    {
        "whistle": "I don’t get signs. It is nothing and then it is everything.",
        "who_heard": "My mum through the wall.",
        "lift_off": "Not sure I could. Can we talk about this one?",
    },
]

HEARD: list[dict[str, Any]] = [
    {
        "to_the_end": "My aunt, shelling beans. She never said “well”. I told her everything that summer.",
        "cut_in": "Anything that starts with “I just feel like you”.",
        "call_back": "Dev, about the move. You are scared that we’ll be your parents. I’m not sure I’d get a yes.",
        "did_i_get_that_right": week(
            "yes He said no twice, then yes", "no", "yes", "some In the car", "", "yes We missed the exit"
        ),
    },
    {
        "to_the_end": "Honestly? In here.",
        "cut_in": "When she cries I start offering things. Water. A walk. A different job.",
        "did_i_get_that_right": week("some Fixed it before I noticed", "some", "yes Bit my tongue, actually bit it"),
    },
    {
        "cut_in": "“Your mother.”",
        "call_back": "My roommate. She told me three times about the rent and I made a joke each time.",
    },
]

GOES_FIRST: list[dict[str, Any]] = [
    {
        "first_weather": "They didn’t. One of them would just have a headache until Tuesday.",
        "waiting": "I sit in the bathtub with no water in it. I’m waiting for the third stair, it creaks.",
        "their_sign": "She sends me pictures of dogs. I thought she was changing the subject.",
        "wish": "What I wish I’d done is say that I was hungry and had had a bad call with the bank.",
        "scared": "What I was scared of was that this is the one where she gets tired of me.",
        "go_first": week(
            "yes Coffee on her side", "yes", "some", "", "yes Sent a dog", "no Fight. Two hours quiet.", "yes"
        ),
    },
    {
        "first_weather": "My grandmother would start to sing in Spanish. That was the all clear.",
        "waiting": "Garage. For the light under the door to go off, so I can come in without talking.",
        "wish": "What I wish I’d done is come in while the light was on.",
        "go_first": week("some", "no", "yes I came in. We had toast.", "yes"),
    },
    {
        "their_sign": "He cleans the car. MY car.",
        "scared": "What I was scared of was being told that I’m too much.",
        "go_first": week("yes", "", "", "some"),
    },
]

STRANGE_TOWN: list[dict[str, Any]] = [
    {
        "week_three": "Parking lot of the hardware store, holding a shower rod. Everybody there was with someone.",
        "headphones": "The crossing guard. She knew I was always late and that I had a new coat.",
        "forecast": "That they’ll all have known one another since kindergarten. That’s right maybe one time in five.",
        "wednesday": "Open swim, Mondays, six thirty.",
        "same_place": week(
            "yes Expected: staring. Happened: slow lane.", "", "some Nodded at a dog", "yes", "yes Lane four said hi"
        ),
    },
    {
        "week_three": "My kitchen. I’d made rice for four out of habit.",
        "headphones": "I can’t think of any. I think I was the guy with the headphones.",
        "wednesday": "The counter at the donut place. They know my order now but I don’t know if they know me.",
        "same_place": week("yes", "no", "no", "yes She said “the usual?” I went red"),
    },
    {"forecast": "That I’ll have to explain where I’m from. It’s right a lot. I’d like to talk about that."},
]

AT_THE_TABLE: list[dict[str, Any]] = [
    {
        "kite": "My daughter’s first joke. I laughed because everybody laughed.",
        "chairs": "My boss, my boss’s boss, nine people from the old job, and a man who restores axes on video.",
        "uninvited": "The old job. I left in February and I still read what they write.",
        "before_hand": "Somebody sits down next to me. I’m not joking. It’s when someone comes close.",
        "say_where_you_go": week(
            "yes I’m checking the axes", "no Forgot", "yes", "some", "yes Sat next to her. Left it.", "", "yes"
        ),
    },
    {
        "chairs": "My whole family in Mogadishu. They can stay.",
        "uninvited": "Whoever writes the headlines.",
        "say_where_you_go": week("yes To the empty room, felt dumb", "yes Felt less dumb", "no"),
    },
    {"kite": "The end of the movie. She cried and I had to ask why.", "before_hand": "It gets quiet."},
]

IF_THEY_KNEW: list[dict[str, Any]] = [
    {
        "map": "Yes. I don’t go to anything where they ask what you do.",
        "whose_eyes": "Coach. I’m thirteen. He has been dead for years and he is still holding the clipboard.",
        "corner": "My cousin. I’d want her to say “okay” and keep driving.",
        "notice_the_cover": week(
            "yes Joke. Felt it in my teeth.", "yes Thirteen again", "", "some", "yes “I can’t afford it.”"
        ),
    },
    {"map": "Not yet.", "notice_the_cover": week("some", "no", "some Nine years old")},
    {
        "map": "Doctors’ offices, mostly. And the beach.",
        "whose_eyes": "No face. Just a room that stops talking.",
        "corner": "Nobody yet. I’d want them not to hug me.",
    },
]

REEDS: list[dict[str, Any]] = [
    {
        "fourteen_years": "Learn to drive. I tell people I’m a city person.",
        "trodden": "I look up lessons, I read reviews, I close the laptop. It’s a nice path. There’s a snack on it.",
        "gives_you": "Somebody always picks me up. I think I’d miss the talks in the car.",
        "envelope": "After coffee I sit in the driver’s seat with the engine off.",
        "one_envelope": week(
            "yes Adjusted the mirror", "yes", "no Rain", "yes Put the key in", "", "some", "yes Radio on"
        ),
    },
    {
        "fourteen_years": "Stop smoking. Explanation: weak.",
        "trodden": "Back door, third step, after every phone call with my ex.",
        "gives_you": "Five minutes where no one can ask me for anything. I never thought of it like that.",
        "one_envelope": week("yes Step without the cigarette, 2 min", "no It gave me the five minutes", "some", "yes"),
    },
    {
        "fourteen_years": "Call my dad.",
        "envelope": "After I brush my teeth I look at his number.",
        "one_envelope": week(
            "yes", "yes", "yes", "yes", "yes", "yes", "yes Pressed it. Got the machine. Hung up. Still."
        ),
    },
]

ARTICLE_ANSWERS: dict[str, list[dict[str, Any]]] = {
    "nobody-keeping-count": NOBODY_KEEPING_COUNT,
    "who-hears-your-no-first": FIRST_NO,
    "worry-at-three": WORRY,
    "the-second-cup": SECOND_CUP,
    "how-heavy-before-you-ask": HOW_HEAVY,
    "anger-in-front-of": ANGER,
    "heard-to-the-end": HEARD,
    "who-goes-first": GOES_FIRST,
    "a-town-stays-strange": STRANGE_TOWN,
    "who-else-is-at-the-table": AT_THE_TABLE,
    "if-they-knew": IF_THEY_KNEW,
    "a-path-through-the-reeds": REEDS,
}
