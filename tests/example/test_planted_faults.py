"""The same twelve faults in every example, and none when they are not wanted."""

from pathlib import Path
from typing import Any

import pytest

from provsluss.register.example import ExampleNotPossible, write_example
from provsluss.register.example.faults import MOVED_IN
from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.ss12000.eppn import resembles_name
from tests.example.test_the_workbook_follows_skolverkets_layout import read


def faults(pupils: list[dict[str, Any]], known_groups: set[str]) -> dict[str, int]:
    """How many pupils have each kind of fault."""
    neighbours = {pupil.eppn for pupil in MOVED_IN}
    return {
        "moved in": sum(row["Federationsanvändarnamn"] in neighbours for row in pupils),
        "resembles name": sum(
            resembles_name(row["Federationsanvändarnamn"], row["Förnamn"], row["Efternamn"]) for row in pupils
        ),
        "no EPPN": sum(row["Federationsanvändarnamn"] == "" for row in pupils),
        "impossible": sum(not is_readable(row["Personnummer"]) for row in pupils),
        "unknown group": sum(not set(row["Ämnesgrupper"].split(", ")) <= known_groups for row in pupils),
        "number": sum(isinstance(row["Personnummer"], float) for row in pupils),
        "hyphen": sum("-" in str(row["Personnummer"]) for row in pupils),
        "spaces": sum(str(row["Personnummer"]).endswith(" ") and row["Efternamn"].endswith(" ") for row in pupils),
        "lower-case tf": sum("tf" in str(row["Personnummer"]) for row in pupils),
    }


def is_readable(value: str | float) -> bool:
    try:
        read_civic_number(value if isinstance(value, str) else str(int(value)))
    except CivicNumberError:
        return False
    return True


def planted(path: Path, **how: Any) -> dict[str, int]:
    written = write_example(path, **how)
    rows = read(path)
    groups = {row["Ämnesgrupp"] for row in rows["Ämnesgrupper & Provaktiviteter"]}
    found = faults(rows["Elevinskrivningar"], groups)
    assert sum(found.values()) == written.planted_faults
    return found


@pytest.mark.parametrize(("pupils", "schools"), [(268, None), (30, 1), (30, 30), (3000, 31)])
def test_every_example_has_the_same_twelve(tmp_path: Path, pupils: int, schools: int | None) -> None:
    assert planted(tmp_path / "example.xlsx", pupils=pupils, schools=schools) == {
        "moved in": 3,
        "resembles name": 2,
        "no EPPN": 1,
        "impossible": 1,
        "unknown group": 1,
        "number": 1,
        "hyphen": 1,
        "spaces": 1,
        "lower-case tf": 1,
    }


def test_faultless_has_none(tmp_path: Path) -> None:
    assert set(planted(tmp_path / "example.xlsx", faultless=True).values()) == {0}


@pytest.mark.parametrize(("pupils", "schools"), [(29, None), (1000, 361), (1000, -1), (40, 41)])
def test_impossible_sizes_are_refused_in_swedish(tmp_path: Path, pupils: int, schools: int | None) -> None:
    with pytest.raises(ExampleNotPossible, match=r"elever|skolenheter"):
        write_example(tmp_path / "example.xlsx", pupils, schools)
    assert not (tmp_path / "example.xlsx").exists()
