"""The life of an import: accepted, read up to a preview, then stored or discarded (design.md section 3.1).

Nothing of the register changes before `store_import`, and that changes all of it or nothing.
"""

import uuid
from collections.abc import Collection
from datetime import timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation, User
from provsluss.register.imports import apply_progress
from provsluss.register.imports.database_copy import forget_old_copies
from provsluss.register.imports.questions import NOTHING_ANSWERED, answers_of, unanswered
from provsluss.register.imports.section_counts import refused_rows
from provsluss.register.imports.staleness import OUT_OF_DATE, REGISTER, is_out_of_date, register_now
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.change_list import ChangeList
from provsluss.register.ingest.counts import Counting
from provsluss.register.ingest.ingest import go_through
from provsluss.register.ingest.school_year_change import SCHOOL_YEAR_CHANGE, YearCounting
from provsluss.register.ingest.unusual_endings import MASS_ENDINGS, EndingCounting
from provsluss.register.models import Import, ImportChange, ImportProblem, ImportState
from provsluss.register.source_records import NOTHING_TOLD
from provsluss.register.sources import uploads
from provsluss.register.sources.harmful_files import demand_harmless, forget_attempts
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.registry import KINDS, UPLOADED, kind_of
from provsluss.register.sources.rows import uploaded_as
from provsluss.register.sources.source import Opened, Progress
from provsluss.ss12000.civic_number import without_civic_numbers

UNFINISHED = (ImportState.READING, ImportState.PREVIEW, ImportState.STORING)
FORGOTTEN = "Ingen läste in det i tid: det som har lästs sparas i högst ett dygn. Läs in på nytt."
STOPPED = "Inläsningen stoppades innan den var klar. Inget har ändrats. Läs in på nytt."


def accept_upload(
    organisation: Organisation, user: User | None, file: BinaryIO, file_name: str, source: str = UPLOADED
) -> Import:
    """Keep a private copy of `file` and make an import of it, in state READING; REJECTED if it is too large.

    `source` is the key of the source whose file it is. REJECTED is also a file that has killed its reader before
    (harmful_files.py). Only the last part of `file_name` is kept, without personnummer.
    """
    name = without_civic_numbers(PurePath(file_name.replace("\\", "/")).name)[-255:]
    with scope(organisation=organisation), transaction.atomic():
        if source in KINDS:
            uploaded_as(organisation, KINDS[source])
        import_run = Import.objects.create(organisation=organisation, source=source, file_name=name, created_by=user)
        try:
            import_run.fingerprint = uploads.keep_copy(import_run.pk, file)
            demand_harmless(import_run.fingerprint)
        except SourceRefused as problem:
            reject(import_run.pk, str(problem))
        import_run.save(update_fields=["fingerprint"])
        import_run.refresh_from_db()
    return import_run


def read_import(import_id: int, progress: Progress | None = None) -> None:
    """Read the source and compare it with the register: state PREVIEW with counts and problems, or REJECTED.

    `progress` is told how far it has come, besides counts["progress"]. An import in another state is left alone.
    """
    import_run = _find(import_id)
    if import_run.state != ImportState.READING:
        return
    counting = Counting()

    def tell(done: int, total: int) -> None:
        reading = Import.objects.filter(pk=import_id, state=ImportState.READING)
        reading.update(counts={"progress": {"done": done, "total": total}})
        if progress:
            progress(done, total)

    with scope(organisation=import_run.organisation):
        kind = kind_of(import_run.source)
        changes = ChangeList(import_run, kind.words)
        year, endings = YearCounting(), EndingCounting()
        register = register_now()
        try:
            if kind.fetch:
                kind.fetch(import_run, tell)
            with kind.of_import(import_run).open() as opened:
                go_through(
                    import_run,
                    opened,
                    counting,
                    NOTHING_ANSWERED,
                    changes=changes,
                    year=year,
                    endings=endings,
                    progress=tell,
                )
        except SourceRefused as problem:
            _reject(import_id, str(problem), [ImportState.READING])
            return
        more = {
            REGISTER: register,
            SCHOOL_YEAR_CHANGE: year.result(),
            MASS_ENDINGS: [one.as_dict() for one in endings.unusual],
        }
        _save_preview(import_run, counting, changes, more)
        if progress:
            progress(counting.done, counting.done)


def store_import(import_id: int, progress: Progress | None = None) -> None:
    """Read the source again and write its good rows into the register, in one transaction: DONE or DONE_WITH_ERRORS.

    Rows that ask something go in as they stand only if `Import.accepted` has a yes to it (questions.py).

    Only an import that waits for its decision (or whose storing was cut off) is stored; REJECTED if the file is gone,
    or if another import has been stored since this one was read: it would undo what nobody was shown.
    `progress` is told how far it has come, besides `progress_of`.
    """
    import_run = _find(import_id)
    kind = kind_of(import_run.source)

    def tell(done: int, total: int) -> None:
        apply_progress.write(import_id, done, total)
        if progress:
            progress(done, total)

    with scope(organisation=import_run.organisation):
        storable = Import.objects.filter(pk=import_id, state__in=[ImportState.PREVIEW, ImportState.STORING])
        if not storable.update(state=ImportState.STORING):
            return
        try:
            with kind.of_import(import_run).open() as opened:
                stored = _store(import_run, opened, tell)
        except SourceRefused as problem:
            _reject(import_id, str(problem), [ImportState.STORING])
            return
    if stored:
        if kind.stored:
            kind.stored(import_run)
        _refresh_statistics()
        _delete_files(import_id)


def discard_import(import_id: int) -> bool:
    """Throw away an import that has not been stored: nothing has changed, and the copy of its file is deleted.

    Returns whether it was thrown away: somebody may have stored it at the same moment.
    """
    import_run = _find(import_id)
    with scope(organisation=import_run.organisation):
        waiting = Import.objects.filter(pk=import_id, state__in=[ImportState.READING, ImportState.PREVIEW])
        if not waiting.update(state=ImportState.DISCARDED, finished_at=timezone.now()):
            return False
        ImportChange.objects.filter(import_run=import_run).delete()
    _delete_files(import_id)
    return True


def reject(import_id: int, message: str) -> bool:
    """End an import as refused, unless it has ended. Returns whether it was; its copy and its preview are deleted."""
    return _reject(import_id, message, UNFINISHED)


def forget_old_uploads() -> int:
    """Delete the copies older than a day, and reject the imports that need them. Returns how many copies.

    Also those are rejected that are as old and have no copy at all, such as one that was killed while it was stored.
    One that is being stored now is not touched. What killed processes left of the database (database_copy.py) goes too.
    """
    forgotten = uploads.old_copies()
    forget_old_copies()
    day_ago = timezone.now() - timedelta(seconds=uploads.KEPT_SECONDS)
    with scopes_disabled():
        unfinished = Import.objects.filter(state__in=UNFINISHED)
        old = unfinished.filter(Q(pk__in=forgotten) | Q(created_at__lt=day_ago))
        waiting = list(old.values_list("pk", "organisation_id"))
    for import_id, organisation_id in waiting:
        if import_id in forgotten or not uploads.path_of(import_id).exists():
            _reject_if_nobody_stores(import_id, organisation_id, FORGOTTEN)
    for import_id in forgotten:
        _delete_files(import_id)
    return len(forgotten)


def reject_stopped_commands(organisation: Organisation) -> int:
    """Reject what commands that no longer run have left unfinished on this machine. Returns how many.

    The caller knows that no command is at work for the organisation (see command_lock). An import that somebody is
    named for came by the page, and the queue takes it up again.
    """
    with scope(organisation=organisation):
        left = list(Import.objects.filter(created_by=None, state__in=UNFINISHED).values_list("pk", flat=True))
    here = [import_id for import_id in left if uploads.path_of(import_id).exists()]
    return sum(_reject_if_nobody_stores(import_id, organisation.pk, STOPPED) for import_id in here)


def progress_of(import_run: Import) -> tuple[int, int] | None:
    """How many rows have been read or stored, and of how many; None when nothing is under way or known yet."""
    if import_run.state == ImportState.STORING:
        return apply_progress.read(import_run.pk)
    progress = import_run.counts.get("progress")
    if import_run.state != ImportState.READING or progress is None:
        return None
    return progress["done"], progress["total"]


def _find(import_id: int) -> Import:
    with scopes_disabled():
        return Import.objects.select_related("organisation").get(pk=import_id)


def _delete_files(import_id: int) -> None:
    # The copy last: while it is there, forget_old_uploads finds what a killed process left.
    apply_progress.forget(import_id)
    forget_attempts(import_id)
    uploads.delete_copy(import_id)


def _refresh_statistics() -> None:
    """Let SQLite know how much there is of what; without, it takes bad ways through a large register."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")


def _store(import_run: Import, opened: Opened, progress: Progress) -> bool:
    """Store what the source says in one transaction; False if somebody has ended the import. Raises SourceRefused."""
    with transaction.atomic():
        locks.take_turn(locks.Purpose.REGISTER, import_run.organisation_id)
        # The one before us can have been this import, by a worker that was taken for dead.
        if not Import.objects.filter(pk=import_run.pk, state=ImportState.STORING).exists():
            return False
        if is_out_of_date(import_run):
            raise SourceRefused(OUT_OF_DATE)
        counting = Counting()
        storing = Storing(import_run, timezone.now())
        go_through(import_run, opened, counting, answers_of(import_run), storing=storing, progress=progress)
        _save_result(import_run, counting)
    return True


def _save_preview(import_run: Import, counting: Counting, changes: ChangeList, more: dict[str, Any]) -> None:
    counts = {**counting.as_json(counting.done), **more}
    with transaction.atomic():
        reading = Import.objects.filter(pk=import_run.pk, state=ImportState.READING)
        if not reading.update(state=ImportState.PREVIEW, counts=counts):
            return  # discarded while it was read
        _replace_problems(import_run, counting)
        ImportChange.objects.filter(import_run=import_run).delete()
        ImportChange.objects.bulk_create(changes.changes)


def _save_result(import_run: Import, counting: Counting) -> None:
    _replace_problems(import_run, counting)
    import_run.refresh_from_db(fields=["counts"])  # what it means at Skolverket may have come meanwhile
    kept = {name: import_run.counts.get(name) for name in (REGISTER, SCHOOL_YEAR_CHANGE, MASS_ENDINGS)}
    import_run.counts = {**counting.as_json(counting.done), **kept}
    leaves_something = refused_rows(import_run) or unanswered(import_run)
    import_run.state = ImportState.DONE_WITH_ERRORS if leaves_something else ImportState.DONE
    import_run.finished_at = timezone.now()
    import_run.message = ""
    import_run.save(update_fields=["counts", "state", "finished_at", "message"])
    ImportChange.objects.filter(import_run=import_run).delete()


def _replace_problems(import_run: Import, counting: Counting) -> None:
    words = kind_of(import_run.source).words
    ImportProblem.objects.filter(import_run=import_run).delete()
    ImportProblem.objects.bulk_create(
        ImportProblem(
            import_run=import_run,
            sheet=words[problem.section],
            row=problem.row,
            column=problem.column,
            value=problem.value,
            reason=problem.reason,
            row_refused=problem.row_refused,
            school_unit_code=problem.school_unit_code,
            question=problem.question or "",
            name=problem.content.name,
            belongs_to=problem.content.belongs_to() if problem.content != NOTHING_TOLD else {},
        )
        for problem in counting.problems()
    )


def _reject_if_nobody_stores(import_id: int, organisation_id: uuid.UUID, message: str) -> bool:
    """Reject it, unless its organisation's lock is held: then it can be the one that is stored, and its time comes.

    SQLite has no such lock; there the update waits for whoever stores, and then finds the import done.
    """
    with transaction.atomic():
        return locks.is_our_turn(locks.Purpose.REGISTER, organisation_id) and reject(import_id, message)


def _reject(import_id: int, message: str, states: Collection[ImportState]) -> bool:
    """As an update with a condition: another worker can have ended the import since we read its row."""
    with scopes_disabled(), transaction.atomic():
        waiting = Import.objects.filter(pk=import_id, state__in=states)
        if not waiting.update(state=ImportState.REJECTED, message=message, finished_at=timezone.now()):
            return False
        ImportChange.objects.filter(import_run=import_id).delete()
    _delete_files(import_id)
    return True
