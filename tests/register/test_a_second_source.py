"""A second source is its own room and one line of registration; it says all that there is, or what has changed."""

from collections.abc import Callable

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import read_import, store_import
from provsluss.register.imports.section_counts import section_counts
from provsluss.register.models import Duty, Group, Import, Membership, Person
from provsluss.register.rejected_rows import rejected_rows
from provsluss.register.sections import Section
from provsluss.register.source_records import SourcePupil
from provsluss.register.sources import registry
from tests.register.memory_source import UNIT, MemorySource, a_class, a_duty, a_pupil

SCHOOL = (a_class("6A"), a_class("6B"), a_pupil("Ali", "6A"), a_pupil("Bo", "6B"), a_duty("Ceder", "6A", "6B"))
OTHER = "10000002"
Reads = Callable[[MemorySource], Import]


@pytest.fixture
def read(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Read the source, and store what it says if it can be read."""

    def read(source: MemorySource) -> Import:
        monkeypatch.setitem(registry.KINDS, "memory", source.kind)
        with scope(organisation=organisation):
            import_run = Import.objects.create(organisation=organisation, source="memory")
        read_import(import_run.pk)
        store_import(import_run.pk)
        with scope(organisation=organisation):
            import_run.refresh_from_db()
        return import_run

    return read


def active(organisation: Organisation) -> set[str]:
    with scope(organisation=organisation):
        groups = Group.objects.filter(ended_at=None).values_list("name", flat=True)
        persons = Person.objects.filter(ended_at=None).values_list("given_name", flat=True)
        return {*groups, *persons}


def changed(import_run: Import) -> dict[str, int]:
    kinds = ("new", "changed", "ended", "bad")
    found = ((f"{word} {kind}", counts[kind]) for word, counts in section_counts(import_run) for kind in kinds)
    return {what: number for what, number in found if number}


def test_all_that_it_says_is_stored(read: Reads, organisation: Organisation) -> None:
    import_run = read(MemorySource(SCHOOL))
    assert (import_run.state, changed(import_run)) == ("done", {"klass new": 2, "elev new": 2, "tjänst new": 1})
    with scope(organisation=organisation):
        assert set(Person.objects.values_list("source", flat=True)) == {"memory"}
        assert Membership.objects.count() == 2
    assert changed(read(MemorySource(SCHOOL))) == {}


def test_a_full_reading_ends_what_it_does_not_name(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    assert changed(read(MemorySource(SCHOOL[:3]))) == {"elev ended": 1, "tjänst ended": 1}
    assert active(organisation) == {"6A", "6B", "Ali"}


def test_a_delta_ends_nothing_that_it_does_not_name(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    import_run = read(MemorySource([a_pupil("Ali", "6B", year=7), a_pupil("Disa", "6A")], is_full=False))
    assert changed(import_run) == {"elev new": 1, "elev changed": 1}
    assert active(organisation) == {"6A", "6B", "Ali", "Bo", "Ceder", "Disa"}
    with scope(organisation=organisation):
        assert Person.objects.get(given_name="Ali").memberships.get().group.name == "6B"
        assert Person.objects.get(given_name="Bo").memberships.get().group.name == "6B"
        assert Duty.objects.get().assignments.count() == 2


def test_an_empty_delta_changes_nothing(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    before = active(organisation)
    import_run = read(MemorySource(is_full=False))
    assert (import_run.state, changed(import_run), active(organisation)) == ("done", {}, before)


def test_a_delta_ends_what_it_says_has_ended(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    import_run = read(MemorySource(is_full=False, ended=[a_pupil("Bo"), a_duty("Ceder")]))
    assert changed(import_run) == {"elev ended": 1, "tjänst ended": 1}
    assert active(organisation) == {"6A", "6B", "Ali"}, "staff without a duty has ended too"


def test_a_delta_leaves_an_adult_at_the_other_school(read: Reads, organisation: Organisation) -> None:
    def adult(name: str, unit: str) -> SourcePupil:
        return a_pupil(name, year=None, unit=unit, school_type="VUX")

    read(MemorySource([adult("Eva", UNIT), adult("Eva", OTHER), adult("Fia", OTHER)]))
    read(MemorySource([adult("Eva", UNIT), adult("Gro", OTHER)], is_full=False))
    with scope(organisation=organisation):
        assert Person.objects.get(given_name="Eva").enrolments.count() == 2
    read(MemorySource([adult("Eva", UNIT), adult("Gro", OTHER)]))
    with scope(organisation=organisation):
        assert Person.objects.get(given_name="Eva").enrolments.count() == 1, "of a full reading it does not"


def test_a_delta_with_a_row_that_cannot_be_used(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    import_run = read(MemorySource([a_pupil("Disa", "6A")], is_full=False, refused=["Namn saknas."]))
    assert (import_run.state, import_run.counts["spared"]) == ("done_with_errors", [])
    assert changed(import_run) == {"elev new": 1, "elev bad": 1}
    with scope(organisation=organisation):
        row = rejected_rows(import_run)[0]
    assert (row.section, row.place, row.number, row.reasons) == (Section.PUPILS, "elev", 100, ("Namn saknas.",))


def test_a_source_that_cannot_be_read_changes_nothing(read: Reads, organisation: Organisation) -> None:
    read(MemorySource(SCHOOL))
    import_run = read(MemorySource(unreachable="Källan svarar inte."))
    assert (import_run.state, import_run.message) == ("rejected", "Källan svarar inte.")
    assert active(organisation) == {"6A", "6B", "Ali", "Bo", "Ceder"}
