"""From the upload to the end: states, the private copy, and that nothing is half done."""

import io
import os
import stat
import time
from pathlib import Path

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import (
    accept_upload,
    discard_import,
    forget_old_uploads,
    progress_of,
    read_import,
    store_import,
)
from provsluss.register.ingest.apply import Storing
from provsluss.register.models import Group, Import, Person
from provsluss.register.sources import uploads
from tests.register.conftest import Reads
from tests.register.workbooks import class_row, pupil_row, write_workbook


def state_of(import_run: Import) -> str:
    with scope(organisation=import_run.organisation):
        import_run.refresh_from_db()
    return import_run.state


def test_the_copy_is_private_and_named_by_number(preview: Reads) -> None:
    copy = uploads.path_of(preview().pk)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_the_file_name_is_kept_without_path_and_personnummer(organisation: Organisation) -> None:
    import_run = accept_upload(organisation, None, io.BytesIO(b"x"), "C:\\kim\\200901272385 elever.xlsx")
    assert import_run.file_name == "20090127-**** elever.xlsx"


def test_the_copy_goes_when_the_import_is_stored(stored: Reads) -> None:
    import_run = stored()
    assert not uploads.path_of(import_run.pk).exists()
    with scope(organisation=import_run.organisation):
        assert not import_run.changes.exists()


def test_the_copy_goes_when_the_import_is_discarded(preview: Reads, organisation: Organisation) -> None:
    import_run = preview()
    discard_import(import_run.pk)
    assert state_of(import_run) == "discarded"
    assert not uploads.path_of(import_run.pk).exists()
    store_import(import_run.pk)
    with scope(organisation=organisation):
        assert not Person.objects.exists()


def test_old_copies_are_forgotten(preview: Reads) -> None:
    old, new = preview(), preview()
    day_ago = time.time() - 25 * 3600
    os.utime(uploads.path_of(old.pk), (day_ago, day_ago))
    assert forget_old_uploads() == 1
    assert (state_of(old), state_of(new)) == ("rejected", "preview")
    assert "ett dygn" in old.message
    assert uploads.path_of(new.pk).exists()


def test_another_file_in_the_copys_place_is_not_stored(preview: Reads, tmp_path: Path) -> None:
    import_run = preview()
    other = write_workbook(tmp_path / "annan.xlsx", pupils=[pupil_row(2)])
    uploads.path_of(import_run.pk).write_bytes(other.read_bytes())
    store_import(import_run.pk)
    assert state_of(import_run) == "rejected"
    with scope(organisation=import_run.organisation):
        assert not Person.objects.exists()


def test_a_preview_is_made_once_and_stored_once(preview: Reads) -> None:
    import_run = preview()
    read_import(import_run.pk)
    store_import(import_run.pk)
    ended = state_of(import_run), import_run.finished_at
    store_import(import_run.pk)
    read_import(import_run.pk)
    assert (state_of(import_run), import_run.finished_at) == ended


class Cut(Exception):
    """The machine goes down here."""


def test_a_storing_that_is_cut_off_has_done_nothing_and_can_be_done_again(
    preview: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_run = preview()
    with monkeypatch.context() as broken:

        def cut(*_: object) -> None:
            raise Cut

        broken.setattr(Storing, "end_staff_without_duty", cut)
        with pytest.raises(Cut):
            store_import(import_run.pk)
    assert state_of(import_run) == "storing"
    with scope(organisation=import_run.organisation):
        assert not Person.objects.exists()
        assert not Group.objects.exists()
    store_import(import_run.pk)
    assert state_of(import_run) == "done"


def test_progress_is_told(organisation: Organisation, tmp_path: Path) -> None:
    classes = [class_row(**{"Klass-ID": n, "Klass": f"K{n}"}) for n in range(4500)]
    path = write_workbook(tmp_path / "x.xlsx", classes=classes, groups=[], pupils=[], staff=[])
    with path.open("rb") as file:
        import_run = accept_upload(organisation, None, file, "x.xlsx")
    told: list[tuple[int, int]] = []
    read_import(import_run.pk, lambda done, total: told.append((done, total)))
    assert told == [(2000, 4500), (4000, 4500), (4500, 4500)]


def test_the_progress_of_a_storing_shows_outside_its_transaction(preview: Reads) -> None:
    classes = [class_row(**{"Klass-ID": n, "Klass": f"K{n}"}) for n in range(4500)]
    import_run = preview(classes=classes, groups=[], pupils=[], staff=[])
    assert progress_of(import_run) is None
    import_run.state = "storing"
    assert progress_of(import_run) is None
    shown: list[object] = []
    store_import(import_run.pk, lambda *told: shown.append(progress_of(import_run) == told))
    assert shown == [True, True]
    assert state_of(import_run) == "done"
    assert progress_of(import_run) is None
    assert not list(uploads.directory().iterdir())


def test_the_progress_of_a_reading(preview: Reads) -> None:
    import_run = preview()
    import_run.state = "reading"
    import_run.counts = {}
    assert progress_of(import_run) is None
    import_run.counts = {"progress": {"done": 30, "total": 120}}
    assert progress_of(import_run) == (30, 120)


def test_of_very_many_problems_the_first_are_kept(preview: Reads) -> None:
    classes = [class_row(**{"Klass-ID": n, "Klass": ""}) for n in range(4200)]
    import_run = preview(classes=classes, groups=[], pupils=[], staff=[])
    assert import_run.counts["problems"] == {"found": 4200, "kept": 4000, "not_kept": 200}
    with scope(organisation=import_run.organisation):
        assert import_run.problems.count() == 4000
