"""What readers wrote below a demo clinic's articles: some of it read already, some of it waiting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.demo.clinics import DemoClinic
from clients.demo.people import People
from content.models import Article
from content.services.commenting import post_comment
from content.services.moderating import approve_comment, mark_spam, save_settings


@dataclass(frozen=True, slots=True)
class DemoComment:
    """`article` counts the public ones, the newest first; `days` says how long ago it was sent."""

    article: int
    days: float
    name: str
    words: str
    becomes: str = ""
    by_editor: bool = False


COMMENTS = (
    DemoComment(
        0,
        9.2,
        "Joan from the hill",
        "My voice is my old head teacher. I gave her a nod today. She was surprised.",
        "read",
    ),
    DemoComment(
        0,
        8.1,
        "Two left shoes",
        "I read this twice on the bus. The second time I put the phone away and looked out of the window for four stops."
        "\n\nIt is not much, but I had not done that since spring.",
        "read",
    ),
    DemoComment(
        0,
        7.6,
        "",
        "Thank you for this. Four stops are a lot. If you like, try it once more this week and see what changes.",
        "read",
        by_editor=True,
    ),
    DemoComment(0, 3.4, "Marrow", "I would love to read more about how to begin when the day is full already.", "read"),
    DemoComment(
        1, 12.5, "Night shift", "We tried the practice as a family. It lasted three days and we laughed a lot.", "read"
    ),
    DemoComment(1, 5.0, "K.", "It helped me to see that it is not only me who counts the hours.", "read"),
    DemoComment(
        2, 2.2, "Best prices", "CHEAP WATCHES for you, see http://watches.example and http://more.example", "spam"
    ),
    DemoComment(0, 0.9, "Late Train", "I rest best on the train, when nobody can ask me for anything."),
    DemoComment(
        1,
        0.6,
        "Somebody",
        "I read this at three in the morning. Most days I can't go on like this, and I have told nobody about it.",
    ),
    DemoComment(
        0, 0.4, "Garden gate", "There is a good talk about this at www.talks.example and another at www.walks.example."
    ),
    DemoComment(2, 0.1, "Ines", "Is there something like this for people who look after a parent?"),
)


def seed_comments(demo: DemoClinic, people: People, *, now: datetime) -> None:
    """Comments are on. Each has a sender of its own, from a range kept free for documentation (RFC 5737)."""
    save_settings(is_on=True, closes_after_days=None, by=people.owner, at=now - timedelta(weeks=12))
    articles = list(Article.objects.public().order_by("-first_published_at", "-pk"))
    for number, comment in enumerate(COMMENTS):
        sent_at = now - timedelta(days=comment.days)
        made = post_comment(
            articles[comment.article],
            pseudonym=comment.name,
            body=comment.words,
            address=f"198.51.100.{number + 1}",
            by=people.editor if comment.by_editor else None,
            at=sent_at,
        ).comment
        if comment.becomes == "read":
            approve_comment(made, by=people.editor, at=sent_at + timedelta(hours=5))
        elif comment.becomes == "spam":
            mark_spam(made, by=people.editor, at=sent_at + timedelta(hours=5))
