"""The people of the two demo clinics and what they say; all of them are invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from clients.demo.article_answers import ARTICLE_ANSWERS
from clients.demo.exercise_answers import EXERCISE_ANSWERS

Role = Literal["owner", "clinician", "supervisor", "editor", "front_desk"]
Status = Literal["invited", "active", "paused", "discharged"]


@dataclass(frozen=True)
class DemoStaff:
    """A member of staff; `credentials` stand after the name, `bio` under an article."""

    first_name: str
    surname: str
    role: Role
    credentials: str = ""
    bio: str = ""


@dataclass(frozen=True)
class DemoGuest:
    """Someone from elsewhere who wrote an article."""

    name: str
    credentials: str
    bio: str


@dataclass(frozen=True)
class DemoClient:
    """A client; the numbers are from ranges kept free for fiction (Ofcom 01632 960xxx, North America 555-01xx)."""

    first_name: str
    surname: str
    pronouns: str
    telephone: str
    status: Status = "active"


STAFF: dict[str, list[DemoStaff]] = {
    "willow": [
        DemoStaff("Helen", "Marsh", "owner", "PhD", "Opened Willow in two rooms above a bakery. Swims, slowly."),
        DemoStaff("Ruth", "Adeyemi", "clinician", "MSW", "Works with tired people. Grows beans on a north wall."),
        DemoStaff("Tom", "Lindqvist", "clinician", "LMFT", "Works with couples and with anger. Repairs old radios."),
        DemoStaff("Priya", "Nair", "clinician", "RN", "Was a ward nurse on nights for nine years. Sleeps well now."),
        DemoStaff("Miriam", "Stone", "supervisor", "PsyD", "Supervises younger colleagues. Walks everywhere."),
        DemoStaff("Elin", "Berg", "editor"),
        DemoStaff("Grace", "Mbeki", "front_desk"),
    ],
    "harbour": [
        DemoStaff("Naomi", "Whitfield", "owner", "PhD", "Started Harbour with one desk. Keeps a small, slow boat."),
        DemoStaff("Marcus", "Bell", "clinician", "LMFT", "Sees couples. Was a line cook before he was a therapist."),
        DemoStaff("Thuy", "Tran", "clinician", "LPC", "Works with people in their twenties. Moved six times herself."),
        DemoStaff("Dalia", "Rosen", "clinician", "MSW", "Works with couples and families. Sings alto, not loudly."),
        DemoStaff("Caleb", "Nez", "editor"),
        DemoStaff("Joy", "Okafor", "front_desk"),
    ],
}

GUESTS: dict[str, DemoGuest] = {
    "willow": DemoGuest(
        "Samir Haddad", "PhD", "Has worked in a hospice for eleven years. Writes for Willow now and then."
    ),
    "harbour": DemoGuest("Andre Baptiste", "LMFT", "Teaches family therapy and has two children who fly kites."),
}

CLIENTS: dict[str, list[DemoClient]] = {
    "willow": [
        DemoClient("Ana", "Ferreira", "she/her", "01632 960 104"),
        DemoClient("Daniel", "Okoro", "he/him", "01632 960 117"),
        DemoClient("Mei", "Tanaka", "she/her", "01632 960 123"),
        DemoClient("Jonas", "Weber", "he/him", "01632 960 138"),
        DemoClient("Salma", "Rahimi", "she/her", "01632 960 142"),
        DemoClient("Owen", "Price", "he/him", "01632 960 155"),
        DemoClient("Katya", "Ivanova", "she/her", "01632 960 161"),
        DemoClient("Luis", "Moreno", "he/him", "01632 960 179"),
        DemoClient("Hannah", "Cole", "she/her", "01632 960 186"),
        DemoClient("Bryn", "Rhys", "they/them", "01632 960 190", "paused"),
        DemoClient("Iqbal", "Chowdhury", "he/him", "01632 960 203", "invited"),
        DemoClient("Margaret", "Tulloch", "she/her", "01632 960 218", "discharged"),
    ],
    "harbour": [
        DemoClient("Jordan", "Pruitt", "they/them", "202-555-0104"),
        DemoClient("Leah", "Goldstein", "she/her", "202-555-0112"),
        DemoClient("Tyrell", "Washington", "he/him", "202-555-0125"),
        DemoClient("Sofia", "Marchetti", "she/her", "202-555-0137"),
        DemoClient("Kai", "Nakamura", "he/him", "202-555-0143"),
        DemoClient("Amina", "Warsame", "she/her", "202-555-0158"),
        DemoClient("Ben", "Larsson", "he/him", "202-555-0166", "paused"),
        DemoClient("Rosa", "Delgado", "she/her", "202-555-0171", "invited"),
        DemoClient("Nia", "Thompson", "she/they", "202-555-0189", "discharged"),
    ],
}

# Notes and replies say nothing of what was given or written, so that any of them fits any piece of work.
NOTES: list[str] = [
    "Take it slowly. If three questions feel like a lot, one is enough.",
    "This is the one I told you about. Read it first, write later.",
    "You said the evenings are longest. Try it then.",
    "Keep it short. A line for each is all I need.",
    "Bring it with you next time, written or not.",
    "You do not have to send me all of it. I would like to know how it was to write.",
    "Try it on a day off first.",
    "If you get stuck, stop there and write “stuck”. We can look at that too.",
    "If it makes things worse, stop, and tell me that instead.",
    "We will look at this together at the start, before anything else.",
    "There is no hurry with this. Friday is soon enough.",
]

REPLIES: list[str] = [
    "Thank you. I read it twice.",
    "Can we start with your second answer next time?",
    "You wrote this in a full week. I saw that.",
    "No need to fill the gaps. I can work with what is here.",
    "I did not know this. I am glad you put it down.",
    "One of your sentences stayed with me all morning. I will tell you which.",
    "What would you say to a friend who had written this?",
    "You asked yourself a good question there. Leave it open for now.",
    "Let us make the next step half as big.",
    "I meet this in my room most weeks. You are not the only one.",
    "I would like to hear more about that day, if you want to tell it.",
    "Please keep things as they are for now. Change nothing yet.",
    "Tell me next time which part was the hardest to write.",
    "I smiled at one line and was sad at the next.",
    "Good that you stopped when it got too much.",
    "You left one out, and that is fine with me.",
    "This is different from what you said when we began. Do you see it too?",
    "It reads as if you were tired. Shall we take a smaller one next?",
    "I have no advice about this. I only wanted you to know that I read it.",
    "Short and clear. We will take it from there on our next day.",
]

NOT_NOW: list[str] = ["later", "smaller", "why", "other"]

ANSWERS: dict[str, list[dict[str, Any]]] = {**EXERCISE_ANSWERS, **ARTICLE_ANSWERS}


def dated(schema: dict[str, Any], answers: dict[str, Any], start: date) -> dict[str, Any]:
    """Turn the day numbers in an answer set into dates: day 0 is `start`.

    Dates and the days of a day log are stored as day numbers here, so that the demo is always about the last weeks.
    """

    def placed(prompt: dict[str, Any], value: Any) -> Any:
        match prompt["kind"]:
            case "date":
                return (start + timedelta(days=value)).isoformat()
            case "day_log":
                return {(start + timedelta(days=int(day))).isoformat(): entry for day, entry in value.items()}
            case "group":
                return [dated({"prompts": prompt["prompts"]}, row, start) for row in value]
        return value

    prompts = {prompt["id"]: prompt for prompt in schema["prompts"]}
    return {id: placed(prompts[id], value) for id, value in answers.items()}
