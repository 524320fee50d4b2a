"""The example as a whole: how many schools and pupils, which seed, with planted faults or without."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from provsluss.register.example.faults import FAULT_COUNT, TAKEN_CIVIC_NUMBERS, Planter
from provsluss.register.example.next_year import a_year_later
from provsluss.register.example.people import Population
from provsluss.register.example.school import School, make_school
from provsluss.register.example.school_units import UNIT_COUNT, school_unit
from provsluss.register.example.workbook import WorkbookWriter

DEFAULT_PUPILS = 268
SMALLEST = 30
"""Fewer pupils than this may lack room for all planted faults."""
_COUNTED = ("classes", "teaching_groups", "pupils", "staff")
_PUPILS_A_SCHOOL = 400
_SMALLEST_NUMBER_OF_SCHOOLS = 4


class ExampleNotPossible(ValueError):
    """The numbers that were asked for do not go together. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a workbook came to hold."""

    school_units: int
    classes: int
    teaching_groups: int
    pupils: int
    staff: int
    planted_faults: int
    national_tests: tuple[str, ...]


def write_example(
    path: Path,
    pupils: int = DEFAULT_PUPILS,
    schools: int | None = None,
    seed: int = 1,
    faultless: bool = False,
    next_year: bool = False,
) -> Written:
    """Write a workbook with `pupils` pupils in `schools` school units to `path` and return what it holds.

    Without `schools` there is one for every 400 pupils, at least four. With `next_year` it is what the same example
    has become a year later: then there are more pupils, since those who have moved up stand there beside the new ones.
    The same arguments give the same bytes. Raises ExampleNotPossible, and OSError when `path` cannot be written.
    """
    schools = schools or _usual_number_of_schools(pupils)
    _check(pupils, schools)
    population = Population(seed, TAKEN_CIVIC_NUMBERS)
    made = _schools(pupils, schools, population, None if faultless else Planter())
    counted: Counter[str] = Counter()
    tests: set[str] = set()
    path.touch()  # says at once, and not after a minute's work, that a file cannot be written
    with WorkbookWriter(path) as workbook:
        for school in a_year_later(made, population) if next_year else made:
            workbook.add(school)
            counted.update({name: len(getattr(school, name)) for name in _COUNTED})
            tests.update(group.national_test for group in school.teaching_groups)
    return Written(
        school_units=schools,
        **{name: counted[name] for name in _COUNTED},
        planted_faults=0 if faultless else FAULT_COUNT,
        national_tests=tuple(sorted(tests)),
    )


def _schools(pupils: int, schools: int, population: Population, planter: Planter | None) -> Iterator[School]:
    for number in range(schools):
        size = pupils // schools + (1 if number < pupils % schools else 0)
        school = make_school(school_unit(number), size, population)
        if planter:
            school = replace(school, pupils=[planter.plant(pupil) for pupil in school.pupils])
        yield school


def _usual_number_of_schools(pupils: int) -> int:
    return min(UNIT_COUNT, max(_SMALLEST_NUMBER_OF_SCHOOLS, pupils // _PUPILS_A_SCHOOL))


def _check(pupils: int, schools: int) -> None:
    if pupils < SMALLEST:
        raise ExampleNotPossible(f"Ett exempel behöver minst {SMALLEST} elever. Ange ett större antal med --pupils.")
    if not 1 <= schools <= UNIT_COUNT:
        raise ExampleNotPossible(f"Antalet skolenheter ska vara mellan 1 och {UNIT_COUNT}. Ändra --schools.")
    if schools > pupils:
        raise ExampleNotPossible("Varje skolenhet behöver minst en elev. Ange färre skolor eller fler elever.")
