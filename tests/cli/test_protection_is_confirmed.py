"""`provsluss organisation protection`, and what `send` and `preview` say as long as it is not confirmed."""

import json
import sqlite3
from pathlib import Path

from tests.fixtures.command import Command
from tests.register.workbooks import pupil_row, write_workbook

NUMBER = "2120009945"


def test_it_is_confirmed_taken_back_and_asked_for(provsluss: Command, tmp_path: Path) -> None:
    provsluss("organisation", "add", NUMBER, "Exempelkommunen", "--environment", "simulator")
    protected = pupil_row(2, **{"Sekretessmarkering": "Sekretessmarkering"})
    file = write_workbook(tmp_path / "skola.xlsx", pupils=[pupil_row(), protected])
    assert provsluss("import", file, "--organisation", NUMBER).returncode == 0

    some = provsluss("organisation", "protection", NUMBER, "--confirm", "fullmakt", "--confirm", "metod")
    assert some.returncode == 0, some.stderr
    assert "epost     inte bekräftat" in some.stdout
    assert "skickas inte förrän alla tre" in some.stdout
    held = provsluss("preview", "--organisation", NUMBER, "--json")
    assert (held.returncode, json.loads(held.stdout)["jobs"]["persons"]["withheld"]) == (1, 1)
    assert f"provsluss organisation protection {NUMBER} --confirm epost" in held.stderr
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        database.execute("UPDATE register_import SET state = 'preview'")

    both = provsluss("organisation", "protection", NUMBER, "--confirm", "epost", "--take-back", "metod", "--json")
    assert json.loads(both.stdout) == {
        "protection": {"fullmakt": True, "epost": True, "metod": False},
        "ready": False,
    }
    assert json.loads(provsluss("organisation", "protection", NUMBER, "--confirm", "metod", "--json").stdout)["ready"]
    free = provsluss("preview", "--organisation", NUMBER, "--json")
    assert (free.returncode, json.loads(free.stdout)["jobs"]["persons"]["withheld"]) == (0, 0)
    assert "--confirm" not in free.stderr
    assert "skola.xlsx är läst men väntar på beslut" in free.stderr

    wrong = provsluss("organisation", "protection", NUMBER, "--confirm", "allt")
    assert (wrong.returncode, "Välj bland fullmakt, epost, metod" in wrong.stderr) == (2, True)
