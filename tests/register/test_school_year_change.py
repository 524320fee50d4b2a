"""A change of school year is recognised in an import's preview, and told from what only looks a little like it."""

from typing import Any

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.what_if import as_if_stored
from provsluss.register.ingest.school_year_change import school_year_change
from provsluss.register.models import Group, Import, Person
from tests.register.conftest import Reads
from tests.register.workbooks import OTHER_UNIT, UNIT, class_row, group_row, pupil_row, staff_row
from tests.transfers.small_school import civic_number

PUPILS = 12


def _class(year: int, key: str = "", **changes: Any) -> dict[str, Any]:
    return class_row(**{"Klass-ID": key or f"K{year}", "Klass": f"{year}A"} | changes)


def _pupils(year: int, first: int = 1, count: int = PUPILS, **changes: Any) -> list[dict[str, Any]]:
    columns = {"Årskurs": year, "Klass": f"{year}A", "Ämnesgrupper": "MA 6A"} | changes
    return [pupil_row(number, Personnummer=civic_number(number), **columns) for number in range(first, first + count)]


def _totals(import_run: Import) -> dict[str, int]:
    change = school_year_change(import_run)
    assert change is not None
    return {name: number for name, number in change.totals.items() if number}


def test_pupils_who_moved_up_into_new_classes(stored: Reads, preview: Reads) -> None:
    stored(
        classes=[_class(8), _class(9)],
        groups=[group_row()],
        pupils=[*_pupils(8), *_pupils(9, 101)],
        staff=[staff_row()],
    )

    later = preview(
        classes=[_class(8, "K8-27"), _class(9, "K9-27")], groups=[group_row()], pupils=[*_pupils(8, 201), *_pupils(9)],
        staff=[staff_row()],
    )  # fmt: skip

    assert _totals(later) == {
        "moved_up": PUPILS, "left": PUPILS, "new": PUPILS, "classes_new": 2, "classes_ended": 2
    }  # fmt: skip
    assert school_year_change(later).units.keys() == {UNIT}  # type: ignore[union-attr]


def test_the_same_class_under_a_new_name(stored: Reads, preview: Reads) -> None:
    stored(classes=[_class(5, "K1")], groups=[group_row()], pupils=_pupils(5), staff=[])

    later = preview(classes=[_class(6, "K1")], groups=[group_row()], pupils=_pupils(6), staff=[])

    assert _totals(later) == {"moved_up": PUPILS, "classes_renamed": 1}


def test_a_class_id_that_is_used_again_for_others(stored: Reads, preview: Reads) -> None:
    stored(classes=[_class(5), _class(6)], groups=[group_row()], pupils=[*_pupils(5), *_pupils(6, 101)], staff=[])

    later = preview(
        classes=[_class(5), _class(6)], groups=[group_row()], pupils=[*_pupils(5, 201), *_pupils(6)], staff=[]
    )

    assert _totals(later) == {"moved_up": PUPILS, "left": PUPILS, "new": PUPILS, "classes_refilled": 2}


def test_who_repeats_changes_school_or_jumps_is_told_apart(stored: Reads, preview: Reads) -> None:
    stored(classes=[_class(5)], groups=[group_row()], pupils=_pupils(5), staff=[])
    there = {"Skolenhetskod": OTHER_UNIT, "Ämnesgrupper": "MA"}

    later = preview(
        classes=[_class(6), _class(5, "K5-27"), _class(7), _class(6, "K6", **there)],
        groups=[group_row()],
        pupils=[
            *_pupils(6, 1, 8), *_pupils(5, 9, 1), *_pupils(7, 10, 1),
            *_pupils(6, 101, 1, **there),
        ],
        staff=[],
    )  # fmt: skip

    # A pupil without an own UUID is another pupil at another school: the id is only unique there (rules.md 4, rule 5).
    assert _totals(later) == {
        "moved_up": 8, "repeated": 1, "other": 1, "left": 2, "new": 1, "classes_new": 4, "classes_ended": 1
    }  # fmt: skip


def test_a_pupil_with_an_id_of_the_whole_world_is_followed_to_the_other_school(stored: Reads, preview: Reads) -> None:
    own = {"Person-ID": "6b3a1f5e-8a52-4c39-9a51-0a6bd1a2c0f1"}
    moving = _pupils(5, 50, 1, **own)
    stored(classes=[_class(5)], groups=[group_row()], pupils=[*_pupils(5), *moving], staff=[])
    there = {"Skolenhetskod": OTHER_UNIT, "Ämnesgrupper": "MA"}

    later = preview(
        classes=[_class(6), _class(6, "K6", **there)],
        groups=[group_row()],
        pupils=[*_pupils(6), *_pupils(6, 50, 1, **own, **there)],
        staff=[],
    )

    change = school_year_change(later)
    assert change is not None
    assert change.units[OTHER_UNIT]["arrived"] == 1
    assert "left" not in _totals(later)


def test_nearly_all_pupils_and_classes_exchanged(stored: Reads, preview: Reads) -> None:
    """Such is a file of year 6 alone: last year's pupils are gone from it."""
    stored(classes=[_class(6)], groups=[group_row()], pupils=_pupils(6), staff=[])

    later = preview(classes=[_class(6, "K6-27")], groups=[group_row()], pupils=_pupils(6, 101), staff=[])

    assert _totals(later) == {"left": PUPILS, "new": PUPILS, "classes_new": 1, "classes_ended": 1}


def test_staff_and_groups_are_counted(stored: Reads, preview: Reads) -> None:
    stored(
        classes=[_class(5)], groups=[group_row()], pupils=_pupils(5), staff=[staff_row(), staff_row(**_second_duty())]
    )

    later = preview(
        classes=[_class(6)],
        groups=[group_row(**{"Grupp-ID": "G2"})],
        pupils=_pupils(6),
        staff=[staff_row(), staff_row(**_second_duty("T9"))],
    )

    totals = _totals(later)
    assert {name: totals[name] for name in ("groups_new", "groups_ended", "staff_new", "staff_left")} == {
        "groups_new": 1, "groups_ended": 1, "staff_new": 1, "staff_left": 1
    }  # fmt: skip


def test_an_ordinary_import_is_none(stored: Reads, preview: Reads) -> None:
    stored(classes=[_class(6)], groups=[group_row()], pupils=_pupils(6), staff=[])

    assert school_year_change(preview(classes=[_class(6)], groups=[group_row()], pupils=_pupils(6), staff=[])) is None
    # Half of the pupils have left, and a class has come: no year has passed.
    classes = [_class(6), _class(6, "K7", Klass="6B")]
    fewer = preview(classes=classes, groups=[group_row()], pupils=_pupils(6, 1, 6), staff=[])
    assert school_year_change(fewer) is None


def test_the_first_import_is_none(preview: Reads) -> None:
    assert school_year_change(preview(classes=[_class(6)], groups=[group_row()], pupils=_pupils(6), staff=[])) is None


def test_trying_out_leaves_everything_as_it_was(stored: Reads, preview: Reads, organisation: Organisation) -> None:
    stored(classes=[_class(5)], groups=[group_row()], pupils=_pupils(5), staff=[])
    later = preview(classes=[_class(6)], groups=[group_row()], pupils=_pupils(6, 101), staff=[])

    with scope(organisation=organisation):
        with as_if_stored(later):
            names = _classes()
            left = Person.objects.filter(ended_at__isnull=False).count()
        assert (names, left) == ({"6A"}, PUPILS)
        assert _classes() == {"5A"}
        assert not Person.objects.exclude(ended_at=None).exists()
        later.refresh_from_db()
        assert later.state == "preview"


def _classes() -> set[str]:
    active = Group.objects.filter(ended_at=None, group_type=Group.Type.CLASS)
    return set(active.values_list("name", flat=True))


def _second_duty(key: str = "T2") -> dict[str, Any]:
    return {
        "Tjänstgörings-ID": key, "Person-ID": f"P{key}", "Federationsanvändarnamn": f"{key.lower()}@huvudman.se",
        "Personnummer": civic_number(7, year=1980 + int(key[1:])),
    }  # fmt: skip
