"""New, changed, unchanged and ended: what a second file does to what the first one record."""

import uuid
from typing import Any

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.section_counts import changes_nothing
from provsluss.register.models import Duty, Group, Import, Membership, Person
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS, Sheet
from provsluss.ss12000.ids import stable_id
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import OTHER_UNIT, UNIT, class_row, group_row, pupil_row, staff_row


def of_other_unit(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return row | {"Skolenhetskod": OTHER_UNIT} | changes


def counted(import_run: Import, sheet: Sheet) -> dict[str, int]:
    return {
        what: n
        for what, n in import_run.counts[sheet.section].items()
        if n and what in ("new", "changed", "unchanged", "ended", "bad")
    }


def active(organisation: Organisation) -> dict[str, set[str]]:
    with scope(organisation=organisation):
        return {
            "persons": set(Person.objects.filter(ended_at=None).values_list("source_id", flat=True)),
            "duties": set(Duty.objects.filter(ended_at=None).values_list("source_id", flat=True)),
            "groups": set(Group.objects.filter(ended_at=None).values_list("source_id", flat=True)),
        }


def test_everything_is_stored(stored: Reads, organisation: Organisation) -> None:
    import_run = stored()
    assert import_run.state == "done"
    assert import_run.finished_at
    with scope(organisation=organisation):
        pupil, teacher = Person.objects.get(role="pupil"), Person.objects.get(role="staff")
        duty = Duty.objects.get()
        assert pupil.pk == stable_id(organisation.pk, "person", "pupil", UNIT, "E1")
        assert teacher.pk == stable_id(organisation.pk, "person", "staff", "P1")
        assert duty.pk == stable_id(organisation.pk, "duty", UNIT, "T1")
        assert duty.person_id == teacher.pk
        assert {m.group.name for m in pupil.memberships.all()} == {"6A", "MA 6A"}
        assert [a.group.name for a in duty.assignments.all()] == ["MA 6A"]
        assert Group.objects.get(group_type="Undervisning").national_test == "GRGRMAT01_6"
        assert pupil.changed_by_id == import_run.pk
        assert pupil.source == "skolverket_workbook"


def test_uuids_are_kept(stored: Reads, organisation: Organisation) -> None:
    ids = [str(uuid.uuid4()) for _ in range(4)]
    stored(
        classes=[class_row(**{"Klass-ID": ids[0].upper()})],
        pupils=[pupil_row(**{"Person-ID": ids[1]})],
        staff=[staff_row(**{"Tjänstgörings-ID": ids[2], "Person-ID": ids[3]})],
    )
    with scope(organisation=organisation):
        assert str(Group.objects.get(group_type="Klass").pk) == ids[0]
        assert {str(pk) for pk in Person.objects.values_list("pk", flat=True)} == {ids[1], ids[3]}
        assert str(Duty.objects.get().pk) == ids[2]


def test_the_same_file_twice_changes_nothing(stored: Reads, organisation: Organisation) -> None:
    first = stored()
    second = stored()
    assert not changes_nothing(first)
    assert changes_nothing(second)
    with scope(organisation=organisation):
        assert not Person.objects.filter(changed_by=second).exists()
        assert Person.objects.filter(changed_by=first).count() == 2


def test_changes_are_listed_attribute_by_attribute(stored: Reads, preview: Reads, organisation: Organisation) -> None:
    stored()
    groups = [group_row(), group_row(**{"Grupp-ID": "G2", "Ämnesgrupp": "SV 6A", "Provaktivitetsnamn": "GRGRSVE01_6"})]
    changed = pupil_row(**{"Förnamn": "Kim Alex", "Personnummer": "200904220126", "Ämnesgrupper": "SV 6A"})
    import_run = preview(groups=groups, pupils=[changed], staff=[])
    with scope(organisation=organisation):
        changes = {(c.sheet, c.what): c for c in import_run.changes.all()}
    assert changes.keys() == {(TEACHING_GROUPS.name, "new"), (PUPILS.name, "changed"), (STAFF.name, "ended")}
    assert changes[PUPILS.name, "changed"].label == "Kim Alex Jensen1"
    assert changes[PUPILS.name, "changed"].attributes == [
        ["personnummer", "20090127-****", "20090422-****"],
        ["förnamn", "Kim", "Kim Alex"],
        ["grupper", "6A, MA 6A", "6A, SV 6A"],
    ]
    assert changes[STAFF.name, "ended"].label == "Bengt Hansson"
    assert active(organisation)["duties"] == {"T1"}, "a preview changes nothing"


def test_changed_rows_are_stored(stored: Reads, organisation: Organisation) -> None:
    stored()
    second = stored(
        pupils=[pupil_row(**{"Årskurs": 7, "Klass": "", "Efternamn": "Ny"})],
        staff=[staff_row(**{"Personalkategori": "Rektor", "Ämnesgrupper": "", "E-postadress": "ny@skola.se"})],
    )
    assert counted(second, PUPILS) == {"changed": 1}
    assert counted(second, STAFF) == {"changed": 1}
    with scope(organisation=organisation):
        pupil = Person.objects.get(role="pupil")
        assert pupil.family_name == "Ny"
        assert pupil.enrolments.get().school_year == 7
        assert [m.group.name for m in pupil.memberships.all()] == ["MA 6A"]
        duty = Duty.objects.get()
        assert (duty.duty_role, duty.person.email, duty.assignments.count()) == ("Rektor", "ny@skola.se", 0)


def test_what_the_file_no_longer_says_ends(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    second = stored(groups=[], pupils=[pupil_row(**{"Ämnesgrupper": "MA 6A"})], staff=[])
    assert counted(second, TEACHING_GROUPS) == {"ended": 1}
    assert counted(second, PUPILS) == {"changed": 1, "ended": 1}
    assert counted(second, STAFF) == {"ended": 1}
    assert active(organisation) == {"persons": {"E1"}, "duties": set(), "groups": {"K1"}}
    with scope(organisation=organisation):
        assert Membership.objects.count() == 1


def test_other_school_units_are_untouched(stored: Reads, organisation: Organisation) -> None:
    stored(
        classes=[of_other_unit(class_row())],
        groups=[of_other_unit(group_row())],
        pupils=[of_other_unit(pupil_row(2))],
        staff=[of_other_unit(staff_row())],
    )
    stored()
    before = active(organisation)
    second = stored(groups=[], staff=[])
    assert counted(second, STAFF) == {"ended": 1}
    assert active(organisation) == before  # T1, G1 and P1 are on both units
    with scope(organisation=organisation):
        assert set(Duty.objects.filter(ended_at=None).values_list("school_unit_code", flat=True)) == {OTHER_UNIT}
        assert Person.objects.get(role="staff").ended_at is None


def test_ta_bort_ends_the_object_and_needs_nothing_but_its_id(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    second = stored(
        pupils=[pupil_row(), {"Person-ID": "E2", "Skolenhetskod": UNIT, "Ta bort": "ja "}],
        staff=[staff_row(**{"Ta bort": "Ja"})],
        classes=[class_row(**{"Ta bort": "Ja"})],
    )
    assert counted(second, PUPILS) == {"changed": 1, "ended": 1}
    assert counted(second, STAFF) == {"ended": 1}
    assert counted(second, CLASSES) == {"ended": 1}
    assert problems_of(second) == [(PUPILS.name, 3, "Klass", False)]
    assert active(organisation) == {"persons": {"E1"}, "duties": set(), "groups": {"G1"}}


def test_ta_bort_of_what_is_not_there_is_no_change(stored: Reads) -> None:
    assert changes_nothing(stored(classes=[], groups=[], pupils=[], staff=[staff_row(**{"Ta bort": "Ja"})]))


def test_a_file_with_nothing_but_removals_ends_only_those(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    stored(classes=[], groups=[], staff=[], pupils=[pupil_row(**{"Ta bort": "Ja"})])
    assert active(organisation) == {"persons": {"E2", "P1"}, "duties": {"T1"}, "groups": {"K1", "G1"}}


def test_what_comes_back_is_the_same_object(stored: Reads, organisation: Organisation) -> None:
    stored()
    with scope(organisation=organisation):
        before = set(Person.objects.values_list("pk", flat=True))
    stored(pupils=[], staff=[], groups=[])
    third = stored()
    assert counted(third, PUPILS) == {"new": 1}
    with scope(organisation=organisation):
        assert set(Person.objects.filter(ended_at=None).values_list("pk", flat=True)) == before
        assert Person.objects.get(role="pupil").memberships.count() == 2
        assert Person.objects.get(role="pupil").enrolments.count() == 1
        assert Duty.objects.get().assignments.count() == 1


def test_a_refused_row_leaves_its_object_as_it_was(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    second = stored(
        classes=[class_row(**{"Skolform": "X"})],
        groups=[group_row(**{"Provaktivitetsnamn": ""})],
        pupils=[pupil_row(**{"Förnamn": ""}), pupil_row(2)],
        staff=[staff_row(**{"E-postadress": ""})],
    )
    assert second.state == "done_with_errors"
    assert counted(second, PUPILS) == {"bad": 1, "unchanged": 1}, "the refused groups can still be referred to"
    assert active(organisation) == {"persons": {"E1", "E2", "P1"}, "duties": {"T1"}, "groups": {"K1", "G1"}}
    with scope(organisation=organisation):
        assert Membership.objects.count() == 4


def test_nothing_ends_by_absence_where_a_refused_row_could_be_anybodys(
    stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    second = stored(pupils=[pupil_row(**{"Person-ID": ""})], staff=[])
    assert counted(second, PUPILS) == {"bad": 1}
    assert counted(second, STAFF) == {"ended": 1}
    assert active(organisation)["persons"] == {"E1", "E2"}


def test_staff_with_several_duties(stored: Reads, organisation: Organisation) -> None:
    rows = [staff_row(), staff_row(**{"Tjänstgörings-ID": "T2", "Personalkategori": "Rektor"})]
    stored(staff=rows)
    second = stored(staff=rows[1:])
    assert counted(second, STAFF) == {"unchanged": 1, "ended": 1}
    assert active(organisation) == {"persons": {"E1", "P1"}, "duties": {"T2"}, "groups": {"K1", "G1"}}
    stored(staff=[rows[1] | {"Person-ID": "P2"}])
    assert active(organisation)["persons"] == {"E1", "P2"}


def test_a_person_whose_duties_stand_far_apart_is_counted_as_in_the_preview(stored: Reads) -> None:
    """The rows are compared 500 at a time, and storing the first ones changes what the later ones meet."""

    def staff(given_name: str, person: str = "P1") -> list[dict[str, Any]]:
        others = [
            staff_row(
                **{
                    "Tjänstgörings-ID": f"A{number}",
                    "Person-ID": f"A{number}",
                    "Federationsanvändarnamn": f"a{number}@huvudman.se",
                }
            )
            for number in range(600)
        ]
        same = {"Förnamn": given_name, "Person-ID": person, "Federationsanvändarnamn": f"{person}@huvudman.se"}
        ends = [staff_row(**{"Tjänstgörings-ID": duty} | same) for duty in ("FIRST", "LAST")]
        return [ends[0], *others, ends[1]]

    stored(staff=staff("Bengt"))
    renamed = stored(staff=staff("Berit"))  # stored compares the counts of the preview and of the result
    assert counted(renamed, STAFF) == {"changed": 2, "unchanged": 600}
    somebody_new = stored(staff=staff("Berit", person="P2"))
    assert counted(somebody_new, STAFF) == {"new": 2, "unchanged": 600}
