"""An example looks like a workbook that somebody filled in by hand, and everything in it hangs together."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from provsluss.register.example import Written, write_example
from provsluss.register.sources.skolverket_workbook.layout import FIRST_DATA_ROW, HEADER_ROW, SHEETS
from provsluss.ss12000.civic_number import read_civic_number
from provsluss.ss12000.code_lists import DUTY_ROLES
from provsluss.ss12000.eppn import is_eppn, resembles_name

Rows = dict[str, list[dict[str, Any]]]


def read(path: Path) -> Rows:
    """Every sheet's rows, by header."""
    workbook = CalamineWorkbook.from_path(path)
    rows = {}
    for sheet in SHEETS:
        cells = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        assert tuple(cells[HEADER_ROW - 1]) == sheet.columns
        rows[sheet.name] = [dict(zip(sheet.columns, row, strict=True)) for row in cells[FIRST_DATA_ROW - 1 :]]
    return rows


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Written, Rows]:
    """Thirty school units of every school type, without planted faults."""
    path = tmp_path_factory.mktemp("example") / "large.xlsx"
    return write_example(path, pupils=2400, schools=30, seed=7, faultless=True), read(path)


def test_the_sheets_and_headers_are_those_of_skolverkets_own_file(shared: Path, tmp_path: Path) -> None:
    write_example(tmp_path / "example.xlsx")
    ours, theirs = (
        CalamineWorkbook.from_path(path)
        for path in (tmp_path / "example.xlsx", shared / "skolverket/dnp-mall-1.5.2.xlsx")
    )
    for sheet in SHEETS:
        assert (
            ours.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)[:2]
            == theirs.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)[:2]
        )


def test_it_says_what_it_wrote(large: tuple[Written, Rows]) -> None:
    written, rows = large
    counts = (written.classes, written.teaching_groups, written.pupils, written.staff)
    assert counts == tuple(len(rows[sheet.name]) for sheet in SHEETS)
    assert written.pupils == 2400
    assert {row["Provaktivitetsnamn"] for row in rows[SHEETS[1].name]} == set(written.national_tests)


def test_every_mandatory_cell_is_filled(large: tuple[Written, Rows]) -> None:
    for sheet in SHEETS:
        for row in large[1][sheet.name]:
            leaders = row.get("Personalkategori") in ("Rektor", "Skoladministratör")
            empty = {column for column in sheet.mandatory if row[column] == ""}
            assert empty <= ({"Ämnesgrupper"} if leaders else set())


def test_year_and_programme_are_given_where_the_school_type_asks_for_them(large: tuple[Written, Rows]) -> None:
    for row in large[1]["Elevinskrivningar"]:
        assert (row["Årskurs"] != "") == (row["Skolform"] in ("GR", "SP", "SAM"))
        assert (row["Studievägskod"] != "") == (row["Skolform"] == "GY")


def test_everybody_has_an_own_right_civic_number_and_an_own_eppn(large: tuple[Written, Rows]) -> None:
    people = [*large[1]["Elevinskrivningar"], *large[1]["Personaltjänstgöringar"]]
    numbers = [read_civic_number(row["Personnummer"]) for row in people]
    assert all(number.check_digit_right for number in numbers)
    assert {number.kind for number in numbers} == {"personnummer", "samordningsnummer", "TF-nummer"}
    assert len({number.value for number in numbers}) == len(people)
    assert len({row["Federationsanvändarnamn"] for row in people}) == len(people)
    for row in people:
        assert is_eppn(row["Federationsanvändarnamn"])
        assert not resembles_name(row["Federationsanvändarnamn"], row["Förnamn"], row["Efternamn"])


def test_an_ordinary_example_holds_nobodys_real_number(large: tuple[Written, Rows]) -> None:
    for row in [*large[1]["Elevinskrivningar"], *large[1]["Personaltjänstgöringar"]]:
        if "TF" not in row["Personnummer"]:
            birth_number = int(row["Personnummer"][8:11])
            assert birth_number in (238, 239) or birth_number >= 980


def test_groups_are_named_once_and_used_by_pupils_and_a_teacher(large: tuple[Written, Rows]) -> None:
    listed = Counter((row["Skolenhetskod"], row["Ämnesgrupp"]) for row in large[1]["Ämnesgrupper & Provaktiviteter"])
    assert set(listed.values()) == {1}
    for sheet in ("Elevinskrivningar", "Personaltjänstgöringar"):
        used = {
            (row["Skolenhetskod"], name) for row in large[1][sheet] for name in row["Ämnesgrupper"].split(", ") if name
        }
        assert used == set(listed)


def test_every_school_unit_has_one_rektor_and_one_skoladministrator(large: tuple[Written, Rows]) -> None:
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    for row in large[1]["Personaltjänstgöringar"]:
        roles[row["Skolenhetskod"]][row["Personalkategori"]] += 1
    assert len(roles) == 30
    for counted in roles.values():
        assert counted["Rektor"] == counted["Skoladministratör"] == 1
        assert set(counted) <= set(DUTY_ROLES)


def test_classes_have_twenty_to_twenty_eight_pupils(large: tuple[Written, Rows]) -> None:
    sizes = Counter(
        (row["Skolenhetskod"], row["Klass"]) for row in large[1]["Elevinskrivningar"] if row["Skolform"] != "VUXGY"
    )
    assert set(sizes) == {(row["Skolenhetskod"], row["Klass"]) for row in large[1]["Klasser"]}
    assert all(20 <= size <= 28 for size in sizes.values())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_example(tmp_path / name, pupils=60, seed=seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()
