"""`provsluss import` says what is out of the ordinary before it stores: a new school year, and mass endings."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from django.utils.html import strip_tags

from provsluss.cli import imports, unusual_imports
from provsluss.cli.reading_in import Caution
from provsluss.organisations.models import Organisation
from provsluss.register.example import write_example
from provsluss.register.models import Import, Person
from tests.register.workbooks import pupil_row, write_workbook


@pytest.fixture(autouse=True)
def own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def run(file: Path, of: Organisation, status: int = 0, **options: Any) -> None:
    options = {"preview_only": False, "as_json": False} | options
    with pytest.raises(typer.Exit) as ended:
        imports._import(file, of, **options)
    assert ended.value.exit_code == status


def active_pupils() -> int:
    return Person._base_manager.filter(ended_at=None, role="pupil").count()


@pytest.fixture
def fewer(organisation: Organisation, tmp_path: Path) -> Path:
    """A file that lacks 30 of the 40 pupils who have been read in."""
    whole = write_workbook(tmp_path / "hel.xlsx", pupils=[pupil_row(number) for number in range(1, 41)])
    run(whole, organisation, as_json=True)
    return write_workbook(tmp_path / "delvis.xlsx", pupils=[pupil_row(number) for number in range(1, 11)])


def test_a_new_school_year_is_told_in_the_words_of_the_page(
    organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str], logged_in_client: Any
) -> None:
    now, later = tmp_path / "2026.xlsx", tmp_path / "2027.xlsx"
    write_example(now, pupils=100, faultless=True)
    write_example(later, pupils=100, faultless=True, next_year=True)
    run(now, organisation, as_json=True)
    ordinary = json.loads(capsys.readouterr().out)
    assert (ordinary["school_year_change"], ordinary["mass_endings"]) == (None, [])

    run(later, organisation, preview_only=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    change = told["school_year_change"]
    assert told["state"] == "discarded"
    assert change["totals"]["new"] == 100
    assert sum(unit.get("left", 0) for unit in change["units"].values()) == change["totals"]["left"] > 0
    assert change["at_skolverket"]["kinds"]["persons"]["new"] > 0
    assert {one["name"] for one in change["at_skolverket"]["test_activities"]}
    assert not Person._base_manager.filter(ended_at__isnull=False).exists()

    run(later, organisation)
    printed = " ".join(capsys.readouterr().out.split())
    page = logged_in_client.get(f"/register/inlasningar/{Import._base_manager.latest('pk').pk}/lasarsskifte/")
    words = " ".join(strip_tags(page.content.decode()).split())
    for sentence in ("Filen ser ut att gälla ett nytt läsår.", change["summary"]):
        assert sentence in printed
        assert sentence in words
    assert printed.index("nytt läsår") < printed.index("Tas bort") < printed.index("är sparad")
    assert "Så går du vidare: Kontrollera provaktiviteterna" in printed


def test_a_mass_ending_is_stored_and_told(organisation: Organisation, fewer: Path, capsys: Any) -> None:
    run(fewer, organisation)
    printed = " ".join(capsys.readouterr().out.split())
    assert "30 elever avslutas eftersom de inte finns i filen. Det är 30 av 40. Är filen hel?" in printed
    assert "Läs in en hel fil innan du skickar" in printed
    assert active_pupils() == 10


def test_a_mass_ending_is_refused_where_that_is_asked_for(organisation: Organisation, fewer: Path, capsys: Any) -> None:
    run(fewer, organisation, status=2, caution=Caution(refuse=True), as_json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["state"], told["message"]) == ("discarded", unusual_imports.TOO_MUCH_ENDS)
    assert told["mass_endings"] == [
        {
            "sheet": "Elevinskrivningar",
            "ended": 30,
            "known": 40,
            "asked_for": 0,
            "school_unit_code": "",
            "class_name": "",
        }
    ]
    assert active_pupils() == 40


@pytest.mark.parametrize(("answer", "status", "left"), [("n", 2, 40), ("j", 0, 10)])
def test_somebody_at_the_terminal_is_asked(
    organisation: Organisation, fewer: Path, answer: str, status: int, left: int, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    run(fewer, organisation, status=status, caution=Caution(ask=True))
    assert active_pupils() == left
    assert "Ska filen läsas in?" in capsys.readouterr().out


def test_nothing_is_asked_of_an_ordinary_file(organisation: Organisation, fewer: Path, tmp_path: Path) -> None:
    again = write_workbook(tmp_path / "igen.xlsx", pupils=[pupil_row(number) for number in range(1, 42)])
    run(again, organisation, caution=Caution(refuse=True, ask=True))
    assert active_pupils() == 41
