"""Keeping one post of another site with all that belongs to it, in one transaction and once only."""

import logging
import secrets
from datetime import datetime, tzinfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import DataError, IntegrityError, transaction
from django.db.models import Max

from content.models import (
    Article,
    Author,
    Comment,
    ContentImport,
    FormerAddress,
    FormerPath,
    ImportedRow,
    Series,
    Topic,
)
from content.models.articles import path_of_number, plain_path
from content.models.imports import source_id
from content.pages import forget_pages
from content.screening import Reason, fingerprint_of, reasons_in, speaks_of_crisis
from content.services.addresses import save_under_a_free_address
from content.services.articles import ArticleNotReadyError, publish_article, withdraw_article
from content.services.importing.pictures import Pictures
from content.services.importing.planning import (
    LONGEST_COMMENT,
    STATES,
    Fate,
    Plan,
    byline_of,
    count_remarks,
    is_ours,
    new_remarks,
    plan_for,
    pseudonym_of,
    tell,
)
from content.services.importing.source import Source
from content.services.shelves import keep_author, keep_series, keep_topic
from content.services.workflow import schedule_article
from content.wordpress import About, PostEntry, Remark, Report
from content.wordpress.entries import COMMENTS_ON
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.identifiers import new_id
from practices.tenancy import current_clinic

logger = logging.getLogger(__name__)
# What one post may do to us without stopping all others. A database that is away, or a task whose time is up, does.
ITS_OWN_FAULT = (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError)


def record_import(run: ContentImport | None = None, *, by: User | None, at: datetime) -> None:
    """That somebody has begun to take in a site; each article that readers see then has an event of its own."""
    record(Action.CONTENT_IMPORTED, subject=run, by=by, at=at)


def prepare(source: Source, entry: PostEntry, *, at: datetime) -> Plan:
    """Decide what becomes of the entry, and keep its pictures, each in a transaction of its own."""
    pictures = Pictures(source, entry, at=at)
    try:
        return plan_for(entry, source, pictures, at=at)
    except ITS_OWN_FAULT:
        return failed(Plan(entry, Fate.LEFT_OUT, pictures, entry.title))


def take_in(plan: Plan, source: Source, report: Report, *, by: User | None, at: datetime) -> None:
    """Keep what was prepared, whole or not at all, and count it. Done again it does nothing more."""
    counted = Report()
    try:
        with transaction.atomic():
            keep(plan, source, counted, by=by, at=at)
    except ITS_OWN_FAULT:
        counted = Report()
        tell(counted, failed(plan))
    report.add(counted)


def failed(plan: Plan) -> Plan:
    """The exception is in the log, without the words of the post."""
    logger.exception("A post could not be taken in: line %d", plan.entry.line)
    plan.leave_out("Something went wrong with it here. Whoever runs the server finds more in the log")
    return plan


def keep(plan: Plan, source: Source, report: Report, *, by: User | None, at: datetime) -> None:
    if plan.is_taken:
        article = Article(id=new_id())
        if remember(plan, article, at=at):
            fill(article, plan, source, report)
            keep_former_addresses(article, plan.entry, zone=source.zone)
            publish(article, plan, by=by, at=at)
        else:
            plan.fate = Fate.HERE
    tell(report, plan)
    report.counts["pictures"] += plan.pictures.kept
    if plan.fate is not Fate.LEFT_OUT and keep_remarks(plan.entry, report, at=at):
        forget_pages()


def remember(plan: Plan, article: Article, *, at: datetime) -> bool:
    """Of two that take in the same post at once, the second waits here for the first, and then does nothing."""
    entry = plan.entry
    row = ImportedRow(id=source_id(entry.key), row=article.pk, digest=entry.digest, imported_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def fill(article: Article, plan: Plan, source: Source, report: Report) -> None:
    """The article as a draft, under the address that it had if that is free."""
    entry = plan.entry
    article.title, article.body, article.excerpt = plan.title, plan.body, entry.excerpt[:300]
    article.byline = author_named(*byline_of(source.author_of(entry)), report=report)
    article.cover = plan.cover
    article.audience = Article.Audience.CLIENTS if plan.is_for_clients else Article.Audience.PUBLIC
    if not entry.takes_comments:
        article.commenting = Article.Commenting.OFF
    elif COMMENTS_ON in entry.marks:
        article.commenting = Article.Commenting.ON
    if entry.series:
        article.series, article.part = place_in_series(entry, source)
    save_under_its_address(article, entry)
    article.topics.set(topic_named(name, source, report=report) for name in entry.topics)


def author_named(name: str, credentials: str, *, report: Report) -> Author:
    """Whoever has this name and these credentials; a new guest if nobody has."""
    known = Author.objects.filter(name=name, credentials=credentials).order_by("pk").first()
    if known:
        return known
    author = Author(name=name, credentials=credentials)
    keep_author(author)
    report.counts["authors"] += 1
    return author


def topic_named(name: str, source: Source, *, report: Report) -> Topic:
    """What stands under this name, in large letters or small; else a new one, under the address that it had if that is free."""
    known = Topic.objects.filter(name__iexact=name[:60]).order_by("pk").first()
    if known:
        return known
    about = source.export.topics.get(name, About("", ""))
    topic = Topic(name=name[:60], description=about.description[:300], slug=free_or_none(Topic, about.slug))
    keep_topic(topic)
    report.counts["topics"] += 1
    return topic


def place_in_series(entry: PostEntry, source: Source) -> tuple[Series, int]:
    """The series of this title, and which part it is: as it says, else the next one."""
    title = entry.series[:120]
    series = Series.objects.filter(title__iexact=title).order_by("pk").first()
    if series is None:
        about = source.export.series.get(entry.series, About("", ""))
        series = Series(title=title, description=about.description[:300], slug=free_or_none(Series, about.slug))
        keep_series(series)
    if entry.part.isascii() and entry.part.isdigit() and 1 <= int(entry.part[:6]) <= 9999:
        return series, int(entry.part[:6])
    return series, (series.articles.aggregate(last=Max("part"))["last"] or 0) + 1


def free_or_none(shelf: type[Topic] | type[Series], slug: str) -> str:
    most = shelf._meta.get_field("slug").max_length or 0
    return slug if is_slug(slug, most) and not shelf.objects.filter(slug=slug).exists() else ""


def save_under_its_address(article: Article, entry: PostEntry) -> None:
    """The one that it had, if nobody has or had it here; else one made from it, or from its title."""
    if is_free(entry.slug):
        article.slug = entry.slug
        try:
            with transaction.atomic():
                article.save(force_insert=True)
        except IntegrityError:
            pass
        else:
            return
    save_under_a_free_address(article, name=entry.slug or article.title)


def is_free(slug: str) -> bool:
    """Whether no article here has this address, nor had it."""
    taken = Article.objects.filter(slug=slug).exists() or FormerAddress.objects.filter(slug=slug).exists()
    return is_slug(slug, 80) and not taken


def is_slug(slug: str, most: int) -> bool:
    try:
        validate_slug(slug)
    except ValidationError:
        return False
    return len(slug) <= most


def keep_former_addresses(article: Article, entry: PostEntry, *, zone: tzinfo) -> None:
    """Links that readers kept lead on. Of two posts that claim one address, the one has it whose permanent link it was."""
    if is_ours(entry):
        free = (slug for slug in dict.fromkeys(entry.old_slugs) if is_free(slug))
        FormerAddress.objects.bulk_create(FormerAddress(slug=slug, article=article) for slug in free)
        own, others = set[str](), {plain_path(path) for path in entry.old_paths}
    else:
        own, others = own_paths(entry), named_paths(entry, zone)
    FormerPath.objects.bulk_create(
        paths_of(article, own), update_conflicts=True, unique_fields=["path"], update_fields=["article"]
    )
    FormerPath.objects.bulk_create(paths_of(article, others - own), ignore_conflicts=True)


def paths_of(article: Article, paths: set[str]) -> list[FormerPath]:
    return [FormerPath(path=path, article=article) for path in sorted(paths) if len(path) <= 300]


def own_paths(entry: PostEntry) -> set[str]:
    """Its permanent link, and its number."""
    paths = {path_of_number(entry.number)} if entry.number else set()
    return paths | ({plain_path(entry.path)} if entry.path else set())


def named_paths(entry: PostEntry, zone: tzinfo) -> set[str]:
    """Each name that it had, with and without the month."""
    names = [name for name in (entry.slug, *entry.old_slugs) if name]
    months = [f"{entry.written_at.astimezone(zone):%Y/%m}/{name}" for name in names] if entry.written_at else []
    return {plain_path(path) for path in (*names, *months)}


def publish(article: Article, plan: Plan, *, by: User | None, at: datetime) -> None:
    """Readers see it under the day that it bore, or from the day on that it bears; what can't be shown as it is stays a draft."""
    if plan.fate is Fate.DRAFT:
        return
    written_at = plan.entry.written_at or at
    try:
        if plan.fate is Fate.SCHEDULED:
            schedule_article(article, publish_at=written_at, by=by, at=at)
        else:
            publish_article(article, by=by, at=at, dated=min(written_at, at))
    except ArticleNotReadyError as error:
        plan.fate = Fate.DRAFT
        plan.notes.append(f"It is a draft now. {error}")
    if plan.fate is Fate.WITHDRAWN:
        withdraw_article(article, by=by, at=at)


def keep_remarks(entry: PostEntry, report: Report, *, at: datetime) -> int:
    """The comments that are not here yet, without any address; nobody has a code by which to erase them. How many they are."""
    known = ImportedRow.objects.select_for_update().filter(pk=source_id(entry.key)).first()
    article = Article.objects.filter(pk=known.row).first() if known else None
    if article is None:
        return 0
    taken, seen = new_remarks(entry)
    comments = [comment_of(remark, article, entry, at=at) for remark in taken]
    Comment.objects.bulk_create(comments)
    ImportedRow.objects.bulk_create(
        ImportedRow(id=source_id(remark.key), row=comment.pk, imported_at=at)
        for remark, comment in zip(taken, comments, strict=True)
    )
    count_remarks(report, entry, taken=taken, seen=seen)
    return len(taken)


def comment_of(remark: Remark, article: Article, entry: PostEntry, *, at: datetime) -> Comment:
    pseudonym, body, locale = pseudonym_of(remark), remark.body[:LONGEST_COMMENT], current_clinic().locale
    is_held = STATES[remark.state] == Comment.State.HELD
    reasons = [
        *([Reason.CRISIS] if is_held and speaks_of_crisis(body, locale=locale) else []),
        *(reasons_in(body, name=pseudonym, locale=locale) if is_held else []),
    ]
    return Comment(
        article=article,
        pseudonym=pseudonym,
        body=body,
        state=STATES[remark.state],
        reasons=reasons,
        sent_at=min(remark.written_at or entry.written_at or at, at),
        decided_at=None if is_held else at,
        fingerprint=fingerprint_of(body),
        code_index=secrets.token_bytes(32),
    )
