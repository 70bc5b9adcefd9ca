"""What will become of each post: decided without writing anything, so that it can be looked at first."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from html import escape, unescape
from urllib.parse import urlsplit

from django.db.models.functions import Lower

from content.body import BodyError, normalise
from content.models import Article, Author, Comment, ImportedRow, Picture, Topic
from content.models.imports import source_id
from content.services.importing.pictures import Pictures
from content.services.importing.source import Source, without_address
from content.wordpress import PostEntry, Remark, Report
from content.wordpress.entries import FOR_CLIENTS, WITHDRAWN
from content.wordpress.plain import make_plain

_OURS = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
LONGEST_COMMENT = 10_000
NOT_WRITTEN = frozenset({"auto-draft", "inherit"})
UNFINISHED = frozenset({"draft", "pending"})
STATES = {
    "1": Comment.State.APPROVED,
    "approve": Comment.State.APPROVED,
    "0": Comment.State.HELD,
    "hold": Comment.State.HELD,
}
NOT_SAID_BY_ANYBODY = frozenset({"pingback", "trackback"})
_LINK = re.compile(r"""(<a\b[^<>]{0,400}?\bhref\s*=\s*["'])(https?://[^"'<>]*)""", re.IGNORECASE)


class Fate(StrEnum):
    """What a post becomes here."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "drafts"
    WITHDRAWN = "withdrawn"
    LEFT_OUT = "left_out"
    HERE = "here"


@dataclass(slots=True)
class Plan:
    """One post as it will be here, with a line for each loss."""

    entry: PostEntry
    fate: Fate
    pictures: Pictures
    title: str = ""
    body: str = ""
    cover: Picture | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_for_clients(self) -> bool:
        return FOR_CLIENTS in self.entry.marks

    @property
    def is_taken(self) -> bool:
        """Whether it becomes an article now."""
        return self.fate not in (Fate.LEFT_OUT, Fate.HERE)

    def leave_out(self, why: str) -> None:
        self.fate, self.notes = Fate.LEFT_OUT, [f"Left out: {why[0].lower()}{why[1:]}"]


def look_at(source: Source, entry: PostEntry, report: Report, *, at: datetime) -> None:
    """Add to the report what would become of the entry. Writes nothing."""
    plan = plan_for(entry, source, Pictures(source, entry), at=at)
    if plan.is_taken:
        report.pictures |= plan.pictures.used
        report.topics |= new_topics(entry)
        name, credentials = byline_of(source.author_of(entry))
        if not Author.objects.filter(name=name, credentials=credentials).exists():
            report.authors.add(f"{name}, {credentials}" if credentials else name)
    tell(report, plan)
    if plan.fate is not Fate.LEFT_OUT:
        taken, seen = new_remarks(entry)
        count_remarks(report, entry, taken=taken, seen=seen)


def tell(report: Report, plan: Plan) -> None:
    """Count the post, and write down what is lost of it."""
    is_for_clients = plan.fate is Fate.PUBLISHED and plan.is_for_clients
    report.counts["for_clients" if is_for_clients else plan.fate.value] += 1
    if plan.is_taken:
        report.counts["pictures_missing"] += len(plan.pictures.missing)
        report.tags |= set(plan.entry.tags)
    for words in (*plan.notes, *plan.pictures.notes):
        report.note(plan.entry.line, plan.title or plan.entry.title, words)


def plan_for(entry: PostEntry, source: Source, pictures: Pictures, *, at: datetime) -> Plan:
    """What becomes of the entry; its pictures are kept where `pictures` keeps any."""
    plan = Plan(entry, Fate.HERE, pictures, entry.title[:160] or "Untitled")
    if is_here(entry, plan.notes):
        return plan
    plan.fate, why = fate_of(entry, at=at)
    if plan.fate is Fate.LEFT_OUT:
        plan.leave_out(why)
        return plan
    plan.notes += [*([why] if why else []), *cuts_of(entry)]
    plain = make_plain(entry.content, pictures=pictures.placed)
    plan.notes += plain.notes
    try:
        plan.body = normalise(with_own_links(plain.html, source))
    except BodyError as error:
        plan.leave_out(str(error))
        return plan
    if not plan.body.strip() and plan.fate is not Fate.DRAFT:
        plan.fate = Fate.DRAFT
        plan.notes.append("It is a draft now, since there is no text in it that we can show.")
    plan.cover = pictures.cover_for(entry.thumbnail)
    return plan


def cuts_of(entry: PostEntry) -> list[str]:
    """What is too long, or missing."""
    found = {
        "It had no title, and is called “Untitled” now.": not entry.title,
        "Its title was cut after 160 letters.": len(entry.title) > 160,
        "Its excerpt was cut after 300 letters.": len(entry.excerpt) > 300,
    }
    return [words for words, is_so in found.items() if is_so]


def is_here(entry: PostEntry, notes: list[str]) -> bool:
    """Whether it was taken in before, or comes from here: it stays as it is, whatever was changed on either side."""
    if comes_from_here(entry):
        return True
    known = ImportedRow.objects.filter(pk=source_id(entry.key)).first()
    if known and known.digest is not None and bytes(known.digest) != entry.digest:
        notes.append("It was taken in before, and has changed in the export since. What is here stays as it is.")
    return known is not None


def is_ours(entry: PostEntry) -> bool:
    """Whether it is an article of some clinic, exported by us."""
    return _OURS.fullmatch(entry.key) is not None


def comes_from_here(entry: PostEntry) -> bool:
    """Whether it is an article of this very clinic."""
    found = _OURS.fullmatch(entry.key)
    return found is not None and Article.objects.filter(pk=found[1]).exists()


def fate_of(entry: PostEntry, *, at: datetime) -> tuple[Fate, str]:
    """What it becomes, and why if that is something else than it was."""
    if entry.status == "trash":
        return Fate.LEFT_OUT, "It lay in the bin."
    if entry.status in NOT_WRITTEN:
        return Fate.LEFT_OUT, "Nobody had written it yet."
    if WITHDRAWN in entry.marks:
        return Fate.WITHDRAWN, ""
    if entry.status in UNFINISHED:
        return Fate.DRAFT, ""
    if entry.kind == "page":
        return Fate.DRAFT, "It was a page. It is a draft of an article now; publish it if it should be read here."
    if entry.is_locked:
        return Fate.DRAFT, "It was behind a password. It is a draft now, so that not everybody reads it."
    if entry.status == "private":
        if FOR_CLIENTS in entry.marks:
            return Fate.PUBLISHED, ""
        return Fate.DRAFT, "It was private. It is a draft now, so that not everybody reads it."
    if entry.status == "future" and entry.written_at is None:
        return Fate.DRAFT, "It was to appear on a day that the file does not say. It is a draft now."
    if entry.status == "future" and entry.written_at is not None and entry.written_at > at:
        return Fate.SCHEDULED, ""
    if entry.status in ("publish", "future"):
        return Fate.PUBLISHED, ""
    return Fate.DRAFT, f"Its state “{entry.status[:40]}” is none that we know. It is a draft now."


def byline_of(name: str) -> tuple[str, str]:
    """Name and credentials, as in “Jo Writer, MSW”."""
    before, _, after = name.partition(",")
    return before.strip()[:120] or "Unknown", after.strip()[:60]


def new_topics(entry: PostEntry) -> set[str]:
    """The names of its topics that nothing here stands under yet."""
    names = {name[:60].lower(): name[:60] for name in entry.topics}
    known = Topic.objects.annotate(low=Lower("name")).filter(low__in=names).values_list("low", flat=True)
    return {names[low] for low in names.keys() - set(known)}


def with_own_links(html: str, source: Source) -> str:
    """Links to the old site lead to the same address here, from where they lead on; those to its files stay."""
    ours = host_of(source.export.site.link)
    if not ours:
        return html

    def own(found: re.Match[str]) -> str:
        address = unescape(found[2])
        path = re.sub(r"^https?://[^/?#]*/?", "/", address)
        is_page = host_of(address) == ours and "/wp-content/" not in path
        return f"{found[1]}{escape(path)}" if is_page else found[0]

    return _LINK.sub(own, html)


def host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def new_remarks(entry: PostEntry) -> tuple[list[Remark], int]:
    """The comments that are taken in, and how many were before. What was erased here since counts as taken in."""
    if comes_from_here(entry):
        return [], 0
    wanted = {source_id(remark.key): remark for remark in entry.remarks if is_wanted(remark)}
    seen = set(ImportedRow.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return [remark for key, remark in wanted.items() if key not in seen], len(seen)


def is_wanted(remark: Remark) -> bool:
    return remark.state in STATES and remark.kind not in NOT_SAID_BY_ANYBODY and bool(remark.body)


def count_remarks(report: Report, entry: PostEntry, *, taken: list[Remark], seen: int) -> None:
    for remark in taken:
        report.counts[f"comments_{STATES[remark.state]}"] += 1
        if len(remark.body) > LONGEST_COMMENT:
            report.note(entry.line, entry.title, f"A comment was cut after {LONGEST_COMMENT} letters.")
    report.counts["comments_here"] += seen
    report.counts["comments_left_out"] += sum(not is_wanted(remark) for remark in entry.remarks)


def pseudonym_of(remark: Remark) -> str:
    """The name to show; never a mail address."""
    return without_address(remark.author)[:80].strip() or "Anonymous"
