"""How the tests of this room read and store a workbook."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import accept_upload, read_import, store_import
from provsluss.register.imports.questions import accept
from provsluss.register.models import Import
from provsluss.register.questions import Question
from tests.register.workbooks import write_workbook

Reads = Callable[..., Import]


@pytest.fixture(autouse=True)
def own_uploads(settings: object, tmp_path: Path) -> None:
    """Each test has its own place for private copies."""
    settings.MEDIA_ROOT = tmp_path / "uploads"  # type: ignore[attr-defined]


@pytest.fixture
def read_file(organisation: Organisation) -> Reads:
    """Reads a file up to its preview."""

    def read(path: Path, name: str = "fil.xlsx") -> Import:
        with path.open("rb") as file:
            import_run = accept_upload(organisation, None, file, name)
        read_import(import_run.pk)
        with scope(organisation=organisation):
            import_run.refresh_from_db()
        return import_run

    return read


@pytest.fixture
def preview(read_file: Reads, tmp_path: Path) -> Reads:
    """Reads a workbook made of what is given (see write_workbook) up to its preview."""
    return lambda **parts: read_file(write_workbook(tmp_path / "fil.xlsx", **parts))


@pytest.fixture
def stored(preview: Reads, organisation: Organisation) -> Reads:
    """Reads and stores a workbook made of what is given. `yes` are the questions that are answered with yes."""

    def store(yes: Collection[Question] = (), **parts: object) -> Import:
        import_run = preview(**parts)
        assert import_run.state == "preview", import_run.message
        if yes:
            with scope(organisation=organisation):
                assert accept(import_run, [Question.ENDING, *yes], user=None)
        before = dict(import_run.counts)
        store_import(import_run.pk)
        with scope(organisation=organisation):
            import_run.refresh_from_db()
        assert yes or import_run.counts == before, "the preview said something else than what was stored"
        return import_run

    return store


def problems_of(import_run: Import) -> list[tuple[str, int, str, bool]]:
    """Sheet, row, column and whether the row was refused, of each problem."""
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.values_list("sheet", "row", "column", "row_refused"))
