"""Same EPPN and personnummer are the same person: the id that is sent stays, whatever the file's id looks like."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.section_counts import section_counts
from provsluss.register.models import Duty, Group, ImportState
from provsluss.register.questions import Question
from provsluss.register.source_ids import is_rounded, meant_id
from tests.register.conftest import Reads, problems_of
from tests.register.persons import EPPN, ID, IDENTITY, NUMBER, ids, person, places, pupil, questions, two_schools
from tests.register.workbooks import OTHER_UNIT, UNIT, class_row, group_row, staff_row

UUID = "0f1e2d3c-4b5a-4697-8877-665544332213"


@pytest.mark.parametrize("written", ["00101", "101", "'00101", "101.0", "101,00", "1,01E+02", "1.010E+02", "0 101"])
def test_one_number_however_it_is_formatted(written: str) -> None:
    assert meant_id(written) == "101"
    assert not is_rounded(written)


@pytest.mark.parametrize("written", ["E101", "6E1", "5E10", "101.5", "6A", "", "1-01", "1,01E+05", UUID])
def test_what_is_no_number_is_itself(written: str) -> None:
    assert meant_id(written) == written
    assert is_rounded(written) == (written == "1,01E+05")


@pytest.mark.parametrize("other", ["101", 101, "101.0", "1,01E+02"])
def test_ids_in_another_format_make_nobody_new(other: Any, stored: Reads, organisation: Organisation) -> None:
    def school(written: Any) -> dict[str, Any]:
        return {
            "classes": [class_row(**{"Klass-ID": written})],
            "groups": [group_row(**{"Grupp-ID": written})],
            "pupils": [pupil(1, **{ID: written}), pupil(2)],
            "staff": [staff_row(**{"Tjänstgörings-ID": written, ID: written})],
        }

    stored(**school("00101"))
    import_run = stored(**school(other))
    assert problems_of(import_run) == []
    for _, counts in section_counts(import_run):
        assert (counts["new"], counts["changed"], counts["ended"]) == (0, 0, 0)


def test_another_format_is_another_id_where_the_file_has_both(stored: Reads, organisation: Organisation) -> None:
    classes = [class_row(**{"Klass-ID": "00101"})]
    both = [*classes, class_row(**{"Klass-ID": "101", "Klass": "6B"})]
    rows = [pupil(1, **{ID: "00101"})]
    stored(classes=classes, pupils=rows)
    import_run = stored(classes=both, pupils=[*rows, pupil(2, **{ID: "101"})])
    assert (problems_of(import_run), import_run.counts["classes"]["new"]) == ([], 1)
    assert ids(organisation).keys() >= {"Ada", "Bea"}


def test_a_rounded_id_is_no_id(stored: Reads, preview: Reads) -> None:
    stored(pupils=[pupil(1, **{ID: "103456"})])
    import_run = preview(pupils=[pupil(1, **{ID: "1,03E+05"})])
    assert problems_of(import_run) == [("Elevinskrivningar", 3, ID, True)]
    assert import_run.counts["pupils"]["ended"] == 0


@pytest.mark.parametrize("written", ["E3", UUID])
@pytest.mark.parametrize("leaves", [False, True], ids=["one row", "Ta bort on the old one"])
def test_a_pupil_moves_to_another_school_unit(
    written: str, leaves: bool, stored: Reads, organisation: Organisation
) -> None:
    there = {"Skolenhetskod": OTHER_UNIT}
    stay = [pupil(1), pupil(2, **there)]
    stored(pupils=[*stay, pupil(3, **{ID: written})], staff=[], **two_schools())
    before = ids(organisation)
    assert places(organisation, "Cia") == ([UNIT], [UNIT, UNIT])
    old = [pupil(3, **{ID: written, "Ta bort": "Ja"})] if leaves else []
    moved = [*stay, *old, pupil(3, **{ID: written} | there)]
    import_run = stored(pupils=moved, staff=[], **two_schools())
    assert problems_of(import_run) == []
    assert ids(organisation) == before
    assert places(organisation, "Cia") == ([OTHER_UNIT], [OTHER_UNIT, OTHER_UNIT])
    again = stored(pupils=moved[:2] + moved[-1:], staff=[], **two_schools())
    assert again.counts["pupils"]["unchanged"] == 3


def test_the_old_school_ends_its_row_after_the_move(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1), pupil(3)], staff=[], **two_schools())
    there = {"Skolenhetskod": OTHER_UNIT}
    stored(pupils=[pupil(2, **there), pupil(3, **there)], staff=[], classes=[], groups=two_schools()["groups"][1:])
    stored(pupils=[pupil(1), pupil(3, **{"Ta bort": "Ja"})], staff=[], classes=[], groups=two_schools()["groups"][:1])
    assert places(organisation, "Cia")[0] == [OTHER_UNIT]


def test_a_row_that_ends_somebody_else_is_asked_about(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1), pupil(2)], staff=[])
    import_run = stored(pupils=[pupil(1), pupil(5, **{ID: "E2", "Ta bort": "Ja"})], staff=[])
    assert questions(import_run) == [(4, ID, IDENTITY)]
    assert "Bea" in ids(organisation)


def test_a_school_unit_that_changes_its_code_is_one_school(stored: Reads, organisation: Organisation) -> None:
    def school(code: str, **changes: Any) -> dict[str, Any]:
        at = {"Skolenhetskod": code}
        return {
            "classes": [class_row(**at)],
            "groups": [group_row(**{"Grupp-ID": f"{code}-1"} | at)],
            "pupils": [pupil(number, **at) for number in (1, 2, 3)],
            "staff": [staff_row(**at)],
        } | changes

    def all_ids() -> set[Any]:
        with scope(organisation=organisation):
            found = [*Group.objects.filter(ended_at=None), *Duty.objects.filter(ended_at=None)]
            assert {one.school_unit_code for one in found} == {code}
            return {one.pk for one in found} | set(ids(organisation).values())

    code = UNIT
    stored(**school(code))
    before = all_ids()
    code = OTHER_UNIT
    import_run = stored(**school(code))
    assert (all_ids(), problems_of(import_run)) == (before, [])
    assert [import_run.counts[section]["ended"] for section in ("classes", "pupils")] == [0, 0]


def test_pupils_who_go_on_to_a_new_school_take_no_school_with_them(stored: Reads, organisation: Organisation) -> None:
    there = {"Skolenhetskod": OTHER_UNIT}
    stored(pupils=[pupil(1), pupil(2), pupil(3)], staff=[])
    stored(pupils=[pupil(1), pupil(2, **there), pupil(3, **there)], staff=[], **two_schools())
    with scope(organisation=organisation):
        assert Group.objects.filter(ended_at=None).count() == 4
    assert len(ids(organisation)) == 3


def test_all_pupils_of_a_school_go_on_to_another(stored: Reads, organisation: Organisation) -> None:
    """With a file for each school unit: nothing says that the old school is no more."""
    there = {"Skolenhetskod": OTHER_UNIT}
    stored(pupils=[pupil(1), pupil(2)])
    later = [class_row(**{"Klass-ID": "K7", "Klass": "7A"} | there)]
    groups = [group_row(**{"Grupp-ID": "G7", "Ämnesgrupp": "MA 7A"} | there)]
    teacher = staff_row(**{"Tjänstgörings-ID": "T7", ID: "P7", EPPN: "p7@huvudman.se", NUMBER: "20090424TF20"} | there)
    pupils = [pupil(number, Klass="7A", Ämnesgrupper="MA 7A", Årskurs=7, **there) for number in (1, 2)]
    stored(classes=later, groups=groups, pupils=pupils, staff=[teacher | {"Förnamn": "Disa"}])
    with scope(organisation=organisation):
        assert Duty.objects.filter(ended_at=None).count() == 2
        assert Group.objects.filter(ended_at=None).count() == 4


def test_all_new_ids_are_a_question_and_no_new_school_year(stored: Reads, organisation: Organisation) -> None:
    old = [pupil(number) for number in range(1, 7)]
    stored(pupils=old, staff=[])
    before = ids(organisation)
    new = [pupil(number, **{ID: f"ny{number}", EPPN: f"ny{number}@huvudman.se"}) for number in range(1, 7)]
    import_run = stored(pupils=new, staff=[], classes=[class_row(**{"Klass-ID": "K9", "Klass": "7A"})])
    assert questions(import_run) == [(row, ID, IDENTITY) for row in range(3, 9)]
    assert import_run.counts["school_year_change"] is None
    assert import_run.counts["pupils"]["ended"] == 0
    assert import_run.state == ImportState.DONE_WITH_ERRORS
    assert person(organisation, "Ada").eppn == "elev1@huvudman.se"

    answered = stored(yes=[Question.IDENTITY], pupils=new, staff=[])
    assert (questions(answered), ids(organisation)) == ([], before)
    assert person(organisation, "Ada").eppn == "ny1@huvudman.se"
    assert person(organisation, "Ada").source_id == "ny1"
    assert stored(pupils=new, staff=[]).counts["pupils"]["unchanged"] == 6


@pytest.mark.parametrize(
    "changes",
    [
        {EPPN: "ny@huvudman.se"},
        {NUMBER: "200904239995"},
        {NUMBER: "20090127TF12"},
        {ID: "ny"},
        {ID: "ny", "Förnamn": "Adela"},
    ],
    ids=["EPPN", "personnummer", "TF-nummer", "id", "id and name"],
)
def test_what_changes_of_one_person_is_no_question(
    changes: dict[str, str], stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil(1), pupil(2)], staff=[])
    before = set(ids(organisation).values())
    import_run = stored(pupils=[pupil(1, **changes), pupil(2)], staff=[])
    assert questions(import_run) == []
    assert set(ids(organisation).values()) == before


def test_a_teacher_with_an_id_at_each_school_is_one_person(stored: Reads, organisation: Organisation) -> None:
    elsewhere = {
        "Tjänstgörings-ID": "T9",
        ID: "P1-B",
        "Skolenhetskod": OTHER_UNIT,
        "E-postadress": "BENGT.Hansson@skola.se",
    }
    import_run = stored(pupils=[pupil(1)], staff=[staff_row(), staff_row(**elsewhere)], **two_schools())
    assert problems_of(import_run) == [("Personaltjänstgöringar", 4, ID, False)]
    with scope(organisation=organisation):
        assert Duty.objects.filter(person=person(organisation, "Bengt")).count() == 2
        reasons = list(import_run.problems.values_list("reason", flat=True))
    assert "Raderna läses in som en person." in reasons[0]
    before = ids(organisation)
    stored(pupils=[pupil(1)], staff=[staff_row(**elsewhere), staff_row()], **two_schools())
    assert ids(organisation) == before


def test_a_teacher_whose_address_is_in_another_case_is_one_person(stored: Reads, organisation: Organisation) -> None:
    elsewhere = {"Tjänstgörings-ID": "T9", "Skolenhetskod": OTHER_UNIT, "E-postadress": "Bengt.Hansson@Skola.se"}
    rows = [staff_row(), staff_row(**elsewhere)]
    assert problems_of(stored(pupils=[pupil(1)], staff=rows, **two_schools())) == []
    assert person(organisation, "Bengt").email == "bengt.hansson@skola.se"
    assert stored(pupils=[pupil(1)], staff=rows, **two_schools()).counts["duties"]["unchanged"] == 2
