"""Two sources that bring the same school units: the first keeps them, and neither ends what the other has brought."""

from django_scopes import scope

from provsluss.register.imports.source_rows import remove_source
from provsluss.register.models import Person, Source
from tests.fixtures.school_register import Registers, SchoolRegister

GR, GY = "90000011", "90000159"


def pupils_of(register: SchoolRegister, source: Source) -> int:
    with scope(organisation=register.organisation):
        return Person.objects.filter(source=source.key, role="pupil", ended_at=None).count()


def test_the_second_is_refused_with_one_remark_a_section(school_register: Registers) -> None:
    register = school_register(pupils=60)
    register.read()
    first, second = register.source, register.add("Ett till")

    run = register.read()

    with scope(organisation=register.organisation):
        said = list(run.problems.filter(row_refused=True).values_list("reason", flat=True))
    assert run.counts["pupils"]["bad"] == 60
    assert len(said) == 8  # four sections at two units
    assert "hör till källan Elevregistret" in said[0]
    assert (pupils_of(register, first), pupils_of(register, second)) == (60, 0)


def test_each_brings_its_own_units(school_register: Registers) -> None:
    register = school_register(add=False, pupils=60)
    first = register.add("Grundskolan", (GR,))
    assert register.read().counts["pupils"]["new"] == 54
    second = register.add("Gymnasiet", (GY,))
    run = register.read()

    assert (run.counts["pupils"]["new"], run.counts["pupils"]["ended"]) == (6, 0)
    with scope(organisation=register.organisation):
        assert run.problems.filter(
            reason__contains=f"rader gäller skolenheten {GR}, som källan inte talar för"
        ).exists()
    assert (pupils_of(register, first), pupils_of(register, second)) == (54, 6)


def test_what_is_handed_over_goes_on_as_the_same_persons(school_register: Registers) -> None:
    register = school_register(pupils=60)
    register.read()
    first, second = register.source, register.add("Ett till")

    remove_source(first, None, second)
    run = register.read()

    assert (run.counts["pupils"]["new"], run.counts["pupils"]["ended"], run.counts["pupils"]["bad"]) == (0, 0, 0)
    assert pupils_of(register, second) == 60
