"""What an import found or did: how many of each, and a line for everything that did not come over as it was."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# So many lines are kept; what is beyond is counted.
MOST_NOTES = 2_000
# What can be counted, in the order in which it is told: one, several.
COUNTED = {
    "published": ("article that readers will see", "articles that readers will see"),
    "for_clients": ("article for clients", "articles for clients"),
    "scheduled": ("article that will appear by itself", "articles that will appear by themselves"),
    "drafts": ("draft", "drafts"),
    "withdrawn": ("withdrawn article", "withdrawn articles"),
    "here": ("article that is here already", "articles that are here already"),
    "left_out": ("post or page left out", "posts and pages left out"),
    "authors": ("new author", "new authors"),
    "topics": ("new topic", "new topics"),
    "pictures": ("picture", "pictures"),
    "pictures_missing": ("picture without its file", "pictures without their files"),
    "comments_approved": ("comment that readers will see", "comments that readers will see"),
    "comments_held": ("comment that waits to be read", "comments that wait to be read"),
    "comments_here": ("comment that was taken in before", "comments that were taken in before"),
    "comments_left_out": ("comment left out (spam, bin, pingbacks)", "comments left out (spam, bin, pingbacks)"),
    "tags_left_out": ("tag left out", "tags left out"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about one post; `line` is where it begins in the file."""

    line: int
    title: str
    words: str


@dataclass(slots=True)
class Report:
    """Adds up over a whole file, post by post."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    notes_beyond: int = 0
    # By name, so that each is counted once.
    authors: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)

    def note(self, line: int, title: str, words: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(Note(line, title[:80], words))
        else:
            self.notes_beyond += 1

    def add(self, other: "Report") -> None:
        """What another report says, after what this one does."""
        self.counts += other.counts
        for name in NAMED:
            setattr(self, name, getattr(self, name) | getattr(other, name))
        for note in other.notes:
            self.note(note.line, note.title, note.words)
        self.notes_beyond += other.notes_beyond

    @property
    def lines(self) -> list[tuple[int, str]]:
        """How many of each there are, in words, without those of which there is none."""
        found = self.totals
        return [(found[name], words[found[name] != 1]) for name, words in COUNTED.items() if name in found]

    @property
    def totals(self) -> dict[str, int]:
        named = {
            "authors": self.counts["authors"] + len(self.authors),
            "topics": self.counts["topics"] + len(self.topics),
            "tags_left_out": len(self.tags),
            "pictures": self.counts["pictures"] + len(self.pictures),
        }
        return {name: count for name, count in (dict(self.counts) | named).items() if count}

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "notes": [[note.line, note.title, note.words] for note in self.notes],
            "notes_beyond": self.notes_beyond,
            **{name: sorted(getattr(self, name)) for name in NAMED},
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Report":
        """What `as_json` gave; an empty one of nothing."""
        return cls(
            counts=Counter(said.get("counts", {})),
            notes=[Note(*note) for note in said.get("notes", [])],
            notes_beyond=said.get("notes_beyond", 0),
            **{name: set(said.get(name, [])) for name in NAMED},
        )


NAMED = ("authors", "topics", "tags", "pictures")
