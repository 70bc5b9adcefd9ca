"""An import that somebody began at the desk: carried on by workers, a part at a time, from what its row says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F

from content.models import ContentImport
from content.models.imports import KEPT
from content.services.importing.keeping import prepare, record_import, take_in
from content.services.importing.planning import look_at
from content.services.importing.source import Source, opened_source
from content.wordpress import ExportError, Report
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.models import Clinic
from practices.tenancy import current_clinic
from practices.wakeups import enqueue, wake

IMPORT_TASK = "content.tasks.carry_on_import"
# Longer than a task may run, so that two workers are at it only if the first one is gone.
LEASE = timedelta(minutes=3)
MOST_TRIES = 5
EXPORT, MEDIA = "export", "media"
State = ContentImport.State


class ImportRunningError(Exception):
    """Another export is being taken in, or waits for a decision."""


class ImportStateError(Exception):
    """This can't be done with the import as it is now; somebody was quicker."""


def begin_import(export: "File[bytes]", *, media: "File[bytes] | None", by: User, at: datetime) -> ContentImport:
    """Keep the files and have the export looked at; nothing is taken in yet. Raises ImportRunningError.

    The row comes first, so that no file lies here that nobody knows of; until the files are there it is busy.
    """
    run = ContentImport(name=(export.name or "export")[:120], begun_by=by, begun_at=at, busy_until=at + LEASE)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            wake(current_clinic().pk, IMPORT_TASK, due_at=at + LEASE)
    except IntegrityError:
        raise ImportRunningError from None
    for name, file in ((EXPORT, export), (MEDIA, media)):
        if file is not None:
            default_storage.save(path_of(run, name), file)
    with transaction.atomic():
        ContentImport.objects.filter(pk=run.pk).update(busy_until=None)
        have_carried_on(at=at)
    return run


@transaction.atomic
def confirm_import(run: ContentImport, *, by: User, at: datetime) -> None:
    """What was looked at is taken in. Raises ImportStateError."""
    fields: dict[str, Any] = {"state": State.IMPORTING, "position": 0, "tries": 0, "begun_by": by}
    if not ContentImport.objects.filter(pk=run.pk, state=State.LOOKED).update(**fields):
        raise ImportStateError
    record_import(run, by=by, at=at)
    have_carried_on(at=at)


@transaction.atomic
def stop_import(run: ContentImport, *, at: datetime) -> None:
    """Nothing more is taken in; what was stays. Raises ImportStateError."""
    if not end(run, State.STOPPED, at=at):
        raise ImportStateError
    have_carried_on(at=at)


def have_carried_on(*, at: datetime) -> None:
    clinic = current_clinic().pk
    wake(clinic, IMPORT_TASK, due_at=at)
    transaction.on_commit(lambda: enqueue(IMPORT_TASK, clinic))


def carry_on(clinic: Clinic, *, at: datetime, is_time_up: Callable[[], bool]) -> None:
    """Do a part of what the rows say is to be done: look, take in, put files away.

    An import is claimed by one conditional UPDATE; if its worker is killed, another one goes on after the lease.
    """
    for forgotten in ContentImport.objects.forgotten(at):
        end(forgotten, State.STOPPED, at=at)
    for ended in ContentImport.objects.filter(is_open=None, has_files=True):
        remove_files(ended)
        ContentImport.objects.filter(pk=ended.pk).update(has_files=False)
    run = ContentImport.objects.free(at).first()
    if run is None:
        return
    claim = ContentImport.objects.free(at).filter(pk=run.pk)
    if not claim.update(busy_until=at + LEASE, tries=F("tries") + 1):
        return
    run.refresh_from_db()
    problem = go_on(run, zone=clinic.zone, at=at, is_time_up=is_time_up)
    if problem:
        end(run, State.FAILED, at=at, problem=problem[:300])
    ContentImport.objects.filter(pk=run.pk).update(busy_until=None)


def go_on(run: ContentImport, *, zone: tzinfo, at: datetime, is_time_up: Callable[[], bool]) -> str:
    """Why it can never go on, if that is so."""
    if run.tries > MOST_TRIES:
        return "This takes longer than it may here. Whoever runs the server can take it in for you."
    if run.begun_by is None or not run.begun_by.may(Act.MOVE_CONTENT):
        return "Whoever began this may not do it any more. Bring the export again."
    try:
        with opened_run(run, zone) as source:
            part = look_on if run.state == State.LOOKING else take_on
            part(run, source, at=at, is_time_up=is_time_up)
    except ExportError as error:
        return str(error)
    except FileNotFoundError:
        return "The files are not here any more. Bring the export again."
    return ""


@contextmanager
def opened_run(run: ContentImport, zone: tzinfo) -> Iterator[Source]:
    """Raises ExportError, FileNotFoundError."""
    has_media = default_storage.exists(path_of(run, MEDIA))
    with default_storage.open(path_of(run, EXPORT)) as export:
        media = default_storage.open(path_of(run, MEDIA)) if has_media else None
        try:
            with opened_source(export, media=media, zone=zone) as source:
                yield source
        finally:
            if media:
                media.close()


def look_on(run: ContentImport, source: Source, *, at: datetime, is_time_up: Callable[[], bool]) -> None:
    """Look at posts until there are no more, or until it is time; then write down what was found."""
    report, position, is_done = Report.from_json(run.found), run.position, True
    for entry in islice(source.entries(), position, None):
        look_at(source, entry, report, at=at)
        position += 1
        if is_time_up():
            is_done = False
            break
    ContentImport.objects.filter(pk=run.pk, state=State.LOOKING, position=run.position).update(
        found=report.as_json(),
        position=position,
        total=source.export.posts,
        tries=0,
        state=State.LOOKED if is_done else State.LOOKING,
    )


def take_on(run: ContentImport, source: Source, *, at: datetime, is_time_up: Callable[[], bool]) -> None:
    """Take in posts until there are no more, or until it is time. Each moves the row on in its own transaction."""
    report = Report.from_json(run.done)
    for position, entry in enumerate(islice(source.entries(), run.position, None), start=run.position):
        if is_time_up():
            return
        plan = prepare(source, entry, at=at)
        with transaction.atomic():
            mine = ContentImport.objects.filter(pk=run.pk, state=State.IMPORTING, position=position)
            # Stopped meanwhile, or another worker is at it.
            if not mine.update(position=position + 1, tries=0):
                return
            take_in(plan, source, report, by=run.begun_by, at=at)
            ContentImport.objects.filter(pk=run.pk).update(done=report.as_json())
    end(run, State.DONE, at=at)


def end(run: ContentImport, state: State, *, at: datetime, problem: str = "") -> bool:
    """Whether it was still open."""
    fields: dict[str, Any] = {"state": state, "is_open": None, "ended_at": at, "problem": problem}
    return bool(ContentImport.objects.filter(pk=run.pk, is_open=True).update(**fields))


def next_part() -> datetime | None:
    """When the current clinic next has something to do with an import."""
    ended = ContentImport.objects.filter(is_open=None, has_files=True).first()
    if ended:
        return ended.ended_at
    run = ContentImport.objects.filter(is_open=True).first()
    if run is None:
        return None
    return run.busy_until or run.begun_at if run.is_at_work else run.begun_at + KEPT


def path_of(run: ContentImport, name: str) -> str:
    """Below the clinic's id, so that a clinic's files are one folder."""
    return f"{folder_of(run)}/{name}"


def folder_of(run: ContentImport) -> str:
    return f"{current_clinic().pk}/imports/{run.pk}"


def remove_files(run: ContentImport) -> None:
    for path in (path_of(run, EXPORT), path_of(run, MEDIA), folder_of(run)):
        default_storage.delete(path)
