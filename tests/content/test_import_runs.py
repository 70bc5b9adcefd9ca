"""An import that was begun at the desk: what its row says is carried on, whatever becomes of the workers."""

import io
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections, transaction

from config.bench import exports
from content.models import Article, Comment, ContentImport, ImportedRow
from content.services.importing import runs
from content.services.importing.runs import (
    IMPORT_TASK,
    LEASE,
    MOST_TRIES,
    ImportRunningError,
    ImportStateError,
    begin_import,
    carry_on,
    confirm_import,
    next_part,
    stop_import,
)
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic, ClinicWakeup
from practices.tenancy import inside
from tests import factories
from tests.content.test_wordpress_importing import BOAT, picture_file
from tests.harness.databases import Database, GoneError, gone_after

AT = factories.AT
State = ContentImport.State
EDITORS = (Role.EDITOR,)
SMALL = exports.export(*(exports.post(number) for number in range(1, 7)))


def begun(by: User, data: bytes = SMALL, *, media: io.BytesIO | None = None, at: datetime = AT) -> ContentImport:
    pictures = ContentFile(media.getvalue(), name="uploads.zip") if media else None
    return begin_import(ContentFile(data, name="export.xml"), media=pictures, by=by, at=at)


def after(posts: int) -> Callable[[], bool]:
    """Time is up after so many posts."""
    asked = count(1)
    return lambda: next(asked) > posts


def go_on(clinic: Clinic, *, at: datetime = AT, posts: int = 1000) -> ContentImport:
    """What one task does, and how the newest import stands then."""
    carry_on(clinic, at=at, is_time_up=after(posts))
    return ContentImport.objects.newest_first()[0]


def taken_in(clinic: Clinic, by: User, data: bytes = SMALL, **brought: Any) -> ContentImport:
    run = begun(by, data, **brought)
    go_on(clinic)
    confirm_import(run, by=by, at=AT)
    return go_on(clinic)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file() and "imports" in path.parts]


def test_it_is_looked_at_then_taken_in_then_its_files_go(north: Clinic, editor: User, media: Path) -> None:
    run = begun(editor, exports.export(exports.post(1, content=BOAT.format("A boat"))), media=picture_file())
    brought = files(media)

    looked = go_on(north)
    assert (looked.state, looked.total, looked.report.totals) == (
        "looked",
        1,
        {"published": 1, "authors": 1, "topics": 1, "pictures": 1},
    )
    assert not Article.objects.exists() and next_part() == AT + timedelta(days=7)

    confirm_import(run, by=editor, at=AT)
    done = go_on(north)
    assert (done.state, done.report.totals) == ("done", looked.report.totals)
    assert next_part() == AT
    go_on(north)

    assert (len(brought), files(media), next_part()) == (2, [], None)
    assert Article.objects.get().revision.published_by == editor
    assert AuditEvent.objects.get(action=Action.CONTENT_IMPORTED).actor == editor.pk
    assert ClinicWakeup.objects.filter(clinic=north, kind=IMPORT_TASK).exists()


def test_a_large_one_takes_several_tasks(north: Clinic, editor: User) -> None:
    run = begun(editor)

    looking = [(run.state, run.position) for run in (go_on(north, posts=2), go_on(north, posts=2), go_on(north))]
    confirm_import(run, by=editor, at=AT)
    taking = [(run.state, run.position) for run in (go_on(north, posts=4), go_on(north, posts=4))]

    assert looking == [("looking", 3), ("looking", 6), ("looked", 6)]
    assert taking == [("importing", 4), ("done", 6)]
    assert Article.objects.published().count() == 6


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"<html></html>", "no export of WordPress (line 1"), (SMALL[:-100], "line "), (b"PK\x03\x04 broken", "no zip")],
)
def test_a_broken_file_says_what_is_wrong_and_goes(
    north: Clinic, editor: User, media: Path, data: bytes, problem: str
) -> None:
    begun(editor, data)

    failed = go_on(north)
    go_on(north)

    assert failed.state == "failed" and problem in failed.problem
    assert (Article.objects.count(), files(media)) == (0, [])


def test_there_is_one_at_a_time(north: Clinic, editor: User, media: Path) -> None:
    run = begun(editor)

    with pytest.raises(ImportRunningError):
        begun(editor)
    stop_import(run, at=AT)
    go_on(north)

    assert files(media) == []
    assert begun(editor).state == "looking"


def test_stopped_in_the_middle_what_was_taken_in_stays(north: Clinic, editor: User) -> None:
    run = begun(editor)
    go_on(north)
    confirm_import(run, by=editor, at=AT)
    go_on(north, posts=2)
    stop_import(run, at=AT)

    assert go_on(north).state == "stopped"
    assert Article.objects.count() == 2
    for act in (confirm_import, stop_import):
        with pytest.raises(ImportStateError):
            act(run, **({"by": editor} if act is confirm_import else {}), at=AT)


def test_nothing_is_taken_in_that_was_not_looked_at(north: Clinic, editor: User) -> None:
    run = begun(editor)

    with pytest.raises(ImportStateError):
        confirm_import(run, by=editor, at=AT)


def test_what_nobody_decides_about_is_put_away_after_a_week(north: Clinic, editor: User, media: Path) -> None:
    begun(editor)
    go_on(north)

    assert go_on(north, at=AT + timedelta(days=7)).state == "stopped"
    assert files(media) == []


def test_of_somebody_who_may_not_do_it_any_more_nothing_is_taken_in(north: Clinic, editor: User) -> None:
    begun(editor)
    User.objects.filter(pk=editor.pk).update(roles=["clinician"])

    assert go_on(north).problem.startswith("Whoever began this may not do it any more.")


def test_files_that_are_lost_end_it(north: Clinic, editor: User, media: Path) -> None:
    begun(editor)
    for file in files(media):
        file.unlink()

    assert go_on(north).problem == "The files are not here any more. Bring the export again."


def test_two_workers_are_not_at_it_at_once_and_after_the_lease_another_one_goes_on(north: Clinic, editor: User) -> None:
    run = begun(editor)
    ContentImport.objects.filter(pk=run.pk).update(busy_until=AT + LEASE)

    assert go_on(north, at=AT + LEASE - timedelta(seconds=1)).state == "looking"
    assert next_part() == AT + LEASE
    assert go_on(north, at=AT + LEASE).state == "looked"


def test_what_never_comes_further_ends(north: Clinic, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise GoneError

    begun(editor)
    monkeypatch.setattr(runs, "look_at", dies)
    for number in range(MOST_TRIES):
        with pytest.raises(GoneError):
            go_on(north, at=AT + number * LEASE)
    failed = go_on(north, at=AT + MOST_TRIES * LEASE)

    assert failed.problem.startswith("This takes longer than it may here.")


def everything() -> list[Any]:
    return [
        list(Article.objects.order_by("slug").values_list("slug", "title", "body", "status", "first_published_at")),
        list(Comment.objects.order_by("sent_at", "body").values_list("article__slug", "body", "state")),
        sorted(ImportedRow.objects.values_list("pk", flat=True)),
    ]


def test_killed_again_and_again_the_result_is_the_same(fresh_database: Database) -> None:
    data, north, south = exports.large(posts=20, comments=60), fresh_database.north, fresh_database.south
    with inside(south):
        whole = taken_in(south, factories.staff(*EDITORS), data)
        expected = everything()
    with inside(north):
        editor = factories.staff(*EDITORS)
        run = begun(editor, data)
        go_on(north)
        confirm_import(run, by=editor, at=AT)
    for number, statements in enumerate((25, 90, 140)):
        with pytest.raises(GoneError), inside(north), connections["default"].execute_wrapper(gone_after(statements)):
            go_on(north, at=AT + number * LEASE)
    with inside(north):
        some = ContentImport.objects.get()
        done = go_on(north, at=AT + 3 * LEASE)

        assert (some.state, done.state) == ("importing", "done") and 0 < some.position < 20
        assert everything() == expected
        assert done.report.totals == whole.report.totals


def test_the_same_export_from_two_sides_at_once_comes_once(fresh_database: Database) -> None:
    north, together = fresh_database.north, threading.Barrier(2)
    with inside(north):
        editor = factories.staff(*EDITORS)
        run = begun(editor)
        go_on(north)
        confirm_import(run, by=editor, at=AT)

    def work(at: datetime) -> None:
        try:
            with inside(north):
                together.wait()
                carry_on(north, at=at, is_time_up=after(1000))
        finally:
            connections.close_all()

    # The second one thinks that the first has been gone for long.
    threads = [threading.Thread(target=work, args=[AT + number * LEASE]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with inside(north), transaction.atomic():
        assert Article.objects.count() == 6
        assert ContentImport.objects.get().report.totals["published"] == 6
