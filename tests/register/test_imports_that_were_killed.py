"""An import whose process was killed does not stand as if it were stored for ever; one that runs is left alone."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.imports.command_lock import working_as_command
from provsluss.register.imports.imports import forget_old_uploads, reject_stopped_commands
from provsluss.register.models import Import
from provsluss.register.sources import uploads
from tests.register.conftest import Reads

HOLD = (
    "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_SH); print('held', flush=True); input()"
)


def killed_while_stored(preview: Reads, **changes: object) -> Import:
    """An import that says that it is being stored, though nobody does it."""
    import_run = preview()
    with scope(organisation=import_run.organisation):
        Import.objects.filter(pk=import_run.pk).update(state="storing", **changes)
    return import_run


def state_of(import_run: Import) -> str:
    with scope(organisation=import_run.organisation):
        import_run.refresh_from_db()
    return import_run.state


def test_after_a_day_without_its_copy_it_ends(preview: Reads) -> None:
    day_ago = timezone.now() - timedelta(hours=25)
    old, copy_left, new = [killed_while_stored(preview, created_at=when) for when in (day_ago, day_ago, timezone.now())]
    for import_run in (old, new):
        uploads.path_of(import_run.pk).unlink()
    forget_old_uploads()
    assert [state_of(import_run) for import_run in (old, copy_left, new)] == ["rejected", "storing", "storing"]
    assert "ett dygn" in old.message
    with scope(organisation=old.organisation):
        assert not old.changes.exists()


def test_the_next_command_ends_it(preview: Reads, organisation: Organisation) -> None:
    import_run = killed_while_stored(preview)
    with working_as_command(organisation.pk, if_alone=lambda: reject_stopped_commands(organisation)):
        assert state_of(import_run) == "rejected"
    assert "Inget har ändrats" in import_run.message
    assert not uploads.path_of(import_run.pk).exists()


@pytest.fixture
def another_command(organisation: Organisation) -> Iterator[None]:
    """A process that works for the organisation."""
    uploads.directory().mkdir(parents=True, exist_ok=True)
    lock = uploads.directory() / f"{organisation.pk}.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate("\n", timeout=20)


def test_while_another_command_runs_nothing_is_touched(
    preview: Reads, organisation: Organisation, another_command: None
) -> None:
    import_run = killed_while_stored(preview)
    with working_as_command(organisation.pk, if_alone=lambda: reject_stopped_commands(organisation)):
        assert state_of(import_run) == "storing"


def test_what_came_by_the_page_or_lies_on_another_machine_is_not_touched(
    preview: Reads, organisation: Organisation, user: User
) -> None:
    by_page, elsewhere = killed_while_stored(preview, created_by=user), killed_while_stored(preview)
    uploads.path_of(elsewhere.pk).unlink()
    assert reject_stopped_commands(organisation) == 0
    assert (state_of(by_page), state_of(elsewhere)) == ("storing", "storing")
