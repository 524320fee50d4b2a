"""`provsluss example`."""

import json
from pathlib import Path

from tests.fixtures.command import Command


def test_it_tells_in_swedish_what_was_written(provsluss: Command, tmp_path: Path) -> None:
    told = provsluss("example", tmp_path / "skola.xlsx")
    assert told.returncode == 0, told.stderr
    assert "268 elever" in told.stdout
    assert "3 nekas av Skolverket" in told.stdout
    assert (tmp_path / "skola.xlsx").stat().st_size > 10_000


def test_the_next_year_says_what_the_control_remarks_on(provsluss: Command, tmp_path: Path) -> None:
    told = provsluss("example", tmp_path / "skola.xlsx", "--pupils", 90, "--next-year")
    assert "Kontroll anmärker på de grupperna" in told.stdout


def test_json_gives_the_numbers(provsluss: Command, tmp_path: Path) -> None:
    path = tmp_path / "skola.xlsx"
    told = json.loads(provsluss("example", path, "--pupils", 90, "--schools", 2, "--faultless", "--json").stdout)
    assert told["file"] == str(path)
    assert (told["pupils"], told["school_units"], told["planted_faults"]) == (90, 2, 0)
    assert "GRGRMAT01_6" in told["national_tests"]


def test_what_cannot_be_done_is_a_sentence(provsluss: Command, tmp_path: Path) -> None:
    for refused in (
        provsluss("example", tmp_path / "saknas" / "skola.xlsx"),
        provsluss("example", tmp_path / "skola.xlsx", "--pupils", 3),
    ):
        assert refused.returncode == 2
        assert refused.stderr.strip().endswith((".", "--pupils."))
        assert "Traceback" not in refused.stderr


def test_the_name_must_end_in_xlsx(provsluss: Command, tmp_path: Path) -> None:
    refused = provsluss("example", tmp_path / "skola.docx")
    assert refused.returncode == 2
    assert "skola.docx" in refused.stderr
    assert "slutar på .xlsx" in refused.stderr
    assert not (tmp_path / "skola.docx").exists()
