"""`provsluss import` asks about persons who change places: `--yes` is no answer to that, an option of its own is."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.fixtures.command import Command
from tests.register.persons import EPPN, pupil
from tests.register.workbooks import write_workbook

ORGANISATION = "2120009945"


def test_each_question_has_an_option_of_its_own(provsluss: Command, tmp_path: Path) -> None:
    add = ("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    assert provsluss(*add).returncode == 0
    first = write_workbook(tmp_path / "a.xlsx", pupils=[pupil(1), pupil(2)], staff=[])
    swapped = [pupil(1) | {EPPN: pupil(2)[EPPN]}, pupil(2) | {EPPN: pupil(1)[EPPN]}]
    second = write_workbook(tmp_path / "b.xlsx", pupils=swapped, staff=[])
    of = ("--organisation", ORGANISATION)
    assert provsluss("import", first, *of, "--yes").returncode == 0
    answer = provsluss("import", second, *of, "--yes", "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["questions"] == {"identity": 2}
    assert "--accept-identity-changes" in provsluss("import", second, *of, "--yes").stdout
    assert provsluss("import", second, *of, "--accept-identity-changes").returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3")) as database:
        logged = database.execute("SELECT what, after, by_name FROM organisations_loggeddecision").fetchall()
    assert [row[:2] for row in logged] == [("identity", "Läses in som det står i filen")]
    assert logged[0][2].endswith("med ett kommando på servern")
