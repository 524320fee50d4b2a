"""A row that was not read in is named, and counts on the tests that whoever is on it takes, and no others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import findings_of, to_mend
from provsluss.preflight.run import make_at_once
from provsluss.register.imports.imports import accept_upload, read_import, store_import
from provsluss.register.models import ImportProblem
from provsluss.transfers.models import Control, ControlFinding, TestActivity
from provsluss.transfers.test_activities import activities
from provsluss.transfers.test_activities.group_overview import group_rows
from tests.register.workbooks import civic_number, class_row, group_row, pupil_row, write_workbook
from tests.transfers.small_school import fetch_list_of_tests

MATHS, BIOLOGY = "GRGRMAT01_6", "GRGRBIO01_9"
SIXTH, NINTH = {"Årskurs": 6}, {"Årskurs": 9, "Klass": "9A", "Ämnesgrupper": "BI 9A"}

Reads = Callable[..., None]


@pytest.fixture(autouse=True)
def own_uploads(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"  # type: ignore[attr-defined]


@pytest.fixture
def read(scoped: Organisation, tmp_path: Path) -> Reads:
    """Reads in a school with a mathematics group of year 6 and a biology group of year 9, with these pupils."""
    fetch_list_of_tests(scoped, MATHS, BIOLOGY)
    ninth = {"Klass-ID": "K9", "Klass": "9A"}

    def read(*pupils: dict[str, object]) -> None:
        path = write_workbook(
            tmp_path / "fil.xlsx",
            classes=[class_row(), class_row(**ninth)],
            groups=[
                group_row(),
                group_row(**{"Grupp-ID": "G9", "Ämnesgrupp": "BI 9A", "Provaktivitetsnamn": BIOLOGY}),
            ],
            pupils=[pupil_row(1, **SIXTH), pupil_row(9, **NINTH), *pupils],
        )
        with path.open("rb") as file:
            import_run = accept_upload(scoped, None, file, "fil.xlsx")
        read_import(import_run.pk)
        store_import(import_run.pk)
        activities.follow_register(scoped)

    return read


def _rows(control: Control, national_test: str) -> list[str]:
    activity = TestActivity.objects.get(national_test=national_test)
    found = findings_of(control, activity).filter(kind="rows")
    return list(found.order_by("name").values_list("name", flat=True))


@pytest.mark.parametrize(
    "wrong", [{"Efternamn": "Ek", "Personnummer": ""}, {"Efternamn": "Ek", "Ämnesgrupper": "", "Personnummer": ""}]
)
def test_a_sixth_formers_row_is_no_fault_of_biology_9(read: Reads, scoped: Organisation, wrong: dict[str, str]) -> None:
    read(pupil_row(2, **SIXTH | wrong))

    control = make_at_once(scoped)

    assert _rows(control, MATHS) == ["Kim Ek (Elevinskrivningar rad 5)"]
    assert _rows(control, BIOLOGY) == []


def test_a_row_of_no_test_can_wait(read: Reads, scoped: Organisation) -> None:
    read(pupil_row(2, Årskurs=4, Klass="", Ämnesgrupper="", Personnummer=""))

    (told,) = ControlFinding.objects.filter(cause__control=make_at_once(scoped), kind="rows")

    assert not told.cause.urgent
    assert told.name.startswith("Kim Jensen2")


def test_who_is_protected_is_not_named(read: Reads, scoped: Organisation) -> None:
    read(pupil_row(2, Efternamn="Ek", Personnummer="", Sekretessmarkering="Sekretessmarkering"))

    make_at_once(scoped)

    assert set(ImportProblem.objects.filter(row_refused=True).values_list("name", flat=True)) == {""}
    assert not ControlFinding.objects.filter(name__contains="Ek").exists()


def test_no_personnummer_goes_along_with_the_name(read: Reads, scoped: Organisation) -> None:
    read(pupil_row(2, Efternamn=civic_number(2), Personnummer=""))

    assert civic_number(2) not in str(ImportProblem.objects.values_list("name", "belongs_to"))


def test_a_class_says_how_many_of_it_were_not_read_in(read: Reads, scoped: Organisation) -> None:
    read(pupil_row(2, Personnummer=""), pupil_row(3, Personnummer=""))

    maths, biology = (
        [missing.text for row in group_rows(TestActivity.objects.get(national_test=test)) for missing in row.missing]
        for test in (MATHS, BIOLOGY)
    )

    assert "2 elever lästes inte in." in maths
    assert not [text for text in biology if "lästes inte in" in text]
    assert to_mend(make_at_once(scoped)) >= 2
