"""Somebody whom an import says is protected is closed in the transfers that were made before it."""

import sqlite3
from pathlib import Path

from tests.fixtures import python
from tests.fixtures.command import Command
from tests.register.workbooks import pupil_row, write_workbook

ORGANISATION = "2120009945"
_A_TRANSFER = """
import django; django.setup()
from django_scopes import scopes_disabled
from provsluss.register.models import Person
from provsluss.transfers.models import ObjectResult, SyncJob, Transfer
with scopes_disabled():
    for person in Person.objects.filter(role="pupil"):
        where = {"organisation_id": person.organisation_id}
        transfer = Transfer.objects.create(environment="simulator", state="done", **where)
        job = SyncJob.objects.create(transfer=transfer, kind="persons", position=0, **where)
        ObjectResult.objects.create(sync_job=job, object_id=person.pk, name=person.eppn, **where)
"""


def test_it_is_closed(provsluss: Command, tmp_path: Path) -> None:
    data = tmp_path / "data"
    provsluss("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    before = write_workbook(tmp_path / "nu.xlsx", pupils=[pupil_row(), pupil_row(2)])
    assert provsluss("import", before, "--organisation", ORGANISATION).returncode == 0
    environment = {"PROVSLUSS_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "provsluss.settings"}
    python.run("-c", _A_TRANSFER, environment=environment).check_returncode()

    protected = pupil_row(2, **{"Sekretessmarkering": "Skyddad folkbokföring"})
    after = write_workbook(tmp_path / "sedan.xlsx", pupils=[pupil_row(), protected])
    assert provsluss("import", after, "--organisation", ORGANISATION).returncode == 0

    with sqlite3.connect(data / "provsluss.sqlite3") as database:
        rows = database.execute("SELECT name, restricted FROM transfers_objectresult ORDER BY name").fetchall()
    assert rows == [("elev1@huvudman.se", 0), ("elev2@huvudman.se", 1)]
