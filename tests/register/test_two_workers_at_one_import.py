"""A worker that was taken for dead wakes up: the import has ended meanwhile, and stays as it ended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django_scopes import scope

from provsluss.register.imports import imports
from provsluss.register.imports.imports import read_import, reject, store_import
from provsluss.register.models import Import
from provsluss.register.sources import uploads
from tests.register.conftest import Reads

Wake = Callable[[Callable[[], None]], None]


def current_state(import_run: Import) -> tuple[str, str, object]:
    with scope(organisation=import_run.organisation):
        import_run.refresh_from_db()
    return import_run.state, import_run.message, import_run.counts


@pytest.fixture(params=["before the copy is read", "after it was read"])
def freeze(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Wake:
    """Makes the next worker stand still at its copy, until somebody else has done what is given."""
    checked = uploads.checked_copy

    def freeze(meanwhile: Callable[[], None]) -> None:
        def slow(import_id: int, fingerprint: str) -> Path:
            monkeypatch.setattr(uploads, "checked_copy", checked)
            if request.param == "after it was read":
                path = checked(import_id, fingerprint)
                meanwhile()
                return path
            meanwhile()
            return checked(import_id, fingerprint)

        monkeypatch.setattr(uploads, "checked_copy", slow)

    return freeze


def test_the_second_storing_leaves_the_first_ones_result(preview: Reads, freeze: Wake) -> None:
    import_run = preview()
    seen: list[object] = []

    def other_worker() -> None:
        store_import(import_run.pk)
        seen.append(current_state(import_run))

    freeze(other_worker)
    store_import(import_run.pk)
    assert current_state(import_run) == seen[0]
    assert import_run.state == "done"
    assert import_run.counts["pupils"]["new"] == 1


def test_a_late_reader_leaves_what_was_stored(preview: Reads, freeze: Wake) -> None:
    import_run = preview()
    with scope(organisation=import_run.organisation):
        Import.objects.filter(pk=import_run.pk).update(state="reading")

    def other_worker() -> None:
        read_import(import_run.pk)
        store_import(import_run.pk)

    freeze(other_worker)
    read_import(import_run.pk)
    assert current_state(import_run)[0] == "done"


def test_what_has_ended_is_not_rejected(stored: Reads) -> None:
    import_run = stored()
    before = current_state(import_run)
    assert not reject(import_run.pk, "Ett oväntat fel.")
    assert current_state(import_run) == before


def test_what_has_not_ended_is_rejected_with_all_that_it_kept(preview: Reads) -> None:
    import_run = preview()
    assert imports.reject(import_run.pk, "Ett oväntat fel.")
    assert current_state(import_run)[:2] == ("rejected", "Ett oväntat fel.")
    assert import_run.finished_at is not None
    assert not uploads.path_of(import_run.pk).exists()
    with scope(organisation=import_run.organisation):
        assert not import_run.changes.exists()
