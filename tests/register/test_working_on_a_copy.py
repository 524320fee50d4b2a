"""What takes minutes is done on a copy of the embedded database, and holds up nobody who writes meanwhile."""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.database_copy import NoRoom, forget_old_copies, on_a_copy
from provsluss.register.imports.what_if import as_if_stored
from provsluss.register.models import Group
from tests.register.conftest import Reads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_data_directory(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def somebody_else_writes() -> None:
    """Fails at once where the database is locked."""
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=0)) as database:
        database.execute("UPDATE organisations_organisation SET name = 'Nytt namn'")
        database.commit()


def test_others_write_while_an_import_is_tried_out(preview: Reads, organisation: Organisation, tmp_path: Path) -> None:
    import_run = preview()
    original = str(connection.settings_dict["NAME"])
    with scope(organisation=organisation), as_if_stored(import_run):
        assert Group.objects.exists()
        assert str(connection.settings_dict["NAME"]).startswith(str(tmp_path))
        with closing(sqlite3.connect(original, timeout=0)) as database, database:
            database.execute("UPDATE organisations_organisation SET name = 'Nytt namn'")
    with scope(organisation=organisation):
        assert not Group.objects.exists()
    organisation.refresh_from_db()
    assert organisation.name == "Nytt namn"
    assert not list(tmp_path.glob("copy-*")), "the copy holds personal data and is gone"


def test_what_is_done_to_the_copy_is_forgotten_also_when_it_goes_wrong(
    organisation: Organisation, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), on_a_copy():
        Organisation.objects.update(name="I kopian")
        (copy,) = tmp_path.glob("copy-*")
        assert copy.stat().st_mode & 0o077 == 0
        raise ZeroDivisionError
    organisation.refresh_from_db()
    assert organisation.name == "Exempelkommunen"
    assert not list(tmp_path.glob("copy-*"))
    somebody_else_writes()


def test_inside_a_transaction_it_is_the_database_itself(organisation: Organisation) -> None:
    with transaction.atomic():
        organisation.name = "Inte sparat än"
        organisation.save()
        with on_a_copy():
            assert Organisation.objects.get().name == "Inte sparat än"


def test_a_full_disk_is_said_before_it_is_full(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(NoRoom), on_a_copy():
        pass
    assert not list(tmp_path.glob("copy-*"))


def test_copies_that_killed_processes_left_are_deleted(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait(10)
    killed, old, in_use = (tmp_path / f"copy-{number}-a" for number in (ended.pid, 1, os.getpid()))
    for one in (killed, old, in_use):
        one.mkdir()
        (one / "provsluss.sqlite3").touch()
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    assert forget_old_copies() == 2
    assert (killed.exists(), old.exists(), in_use.exists()) == (False, False, True)
