"""What ends out of the ordinary in a small school, in one of many schools, and of one class."""

from typing import Any

import pytest

from provsluss.register.ingest.unusual_endings import MassEnding, mass_endings
from provsluss.register.models import Import
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS
from provsluss.wording.import_outcome import ending_sentence
from tests.register.conftest import Reads
from tests.register.workbooks import OTHER_UNIT, class_row, group_row, pupil_row, staff_row

SMALL: dict[str, Any] = {"Skolenhetskod": OTHER_UNIT}


def two_schools(small_school: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "classes": [class_row(), class_row(**SMALL)],
        "groups": [group_row(), group_row(**SMALL)],
        "pupils": [*(pupil_row(number) for number in range(1, 41)), *small_school],
        "staff": [staff_row(), staff_row(**SMALL | {"Personalkategori": "Rektor"})],
    }


def said(import_run: Import) -> list[str]:
    return [ending_sentence(one, import_run) for one in mass_endings(import_run)]


def test_all_pupils_of_a_small_school(stored: Reads, preview: Reads) -> None:
    pupils = [pupil_row(number, **SMALL) for number in (101, 102, 103)]
    stored(**two_schools(pupils))
    assert mass_endings(preview(**two_schools(pupils[:1]))) == []
    import_run = preview(**two_schools([]))
    assert mass_endings(import_run) == [MassEnding(PUPILS.section, 3, 3, 0, OTHER_UNIT)]
    assert said(import_run) == [f"3 elever på skolenheten {OTHER_UNIT} avslutas eftersom de inte finns i filen."]


@pytest.mark.parametrize(("left", "is_told"), [(6, False), (5, True)])
def test_half_of_a_small_school(left: int, is_told: bool, stored: Reads, preview: Reads) -> None:
    pupils = [pupil_row(number, **SMALL) for number in range(101, 111)]
    stored(**two_schools(pupils))
    assert bool(mass_endings(preview(**two_schools(pupils[:left])))) is is_told


def test_the_only_one_of_a_kind(stored: Reads, preview: Reads) -> None:
    stored()
    import_run = preview(groups=[], staff=[staff_row(**{"Ta bort": "Ja"})])
    assert mass_endings(import_run) == [MassEnding(TEACHING_GROUPS.section, 1, 1), MassEnding(STAFF.section, 1, 1, 1)]
    assert said(import_run) == [
        "1 undervisningsgrupp avslutas eftersom den inte finns i filen.",
        "1 tjänstgöring avslutas eftersom den har Ja i kolumnen Ta bort.",
    ]


@pytest.mark.parametrize(("size", "is_told"), [(4, False), (5, True)])
def test_every_pupil_of_a_class(size: int, is_told: bool, stored: Reads, preview: Reads) -> None:
    classes = [class_row(), class_row(**{"Klass-ID": "K2", "Klass": "6B"})]
    of_6a = [pupil_row(number) for number in range(1, 60)]
    of_6b = [pupil_row(number, Klass="6B") for number in range(101, 101 + size)]
    stored(classes=classes, pupils=of_6a + of_6b)
    assert mass_endings(preview(classes=classes, pupils=of_6a + of_6b[1:])) == []
    import_run = preview(classes=classes, pupils=[*of_6a, of_6b[0] | {"Ta bort": "Ja"}])
    if not is_told:
        assert mass_endings(import_run) == []
    else:
        assert said(import_run) == [
            "5 elever i klassen 6B på skolenheten 31279295 avslutas: 4 finns inte i filen och 1 har Ja i kolumnen "
            "Ta bort."
        ]


def test_a_class_whose_pupils_move_is_not_told_of(stored: Reads, preview: Reads) -> None:
    classes = [class_row(), class_row(**{"Klass-ID": "K2", "Klass": "6B"})]
    of_6a = [pupil_row(number) for number in range(1, 60)]
    of_6b = [pupil_row(number, Klass="6B") for number in range(101, 107)]
    stored(classes=classes, pupils=of_6a + of_6b)
    import_run = preview(classes=classes[:1], pupils=of_6a + [pupil | {"Klass": "6A"} for pupil in of_6b])
    assert import_run.counts[CLASSES.section]["ended"] == 1
    assert mass_endings(import_run) == []
