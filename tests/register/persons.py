"""Small helpers of the tests about who somebody is: a school of three pupils, and what the register has."""

from typing import Any

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Enrolment, Import, Membership, Person
from provsluss.register.questions import Question
from tests.register.workbooks import OTHER_UNIT, class_row, group_row, pupil_row

EPPN, NUMBER, ID = "Federationsanvändarnamn", "Personnummer", "Person-ID"
NAMES = ("Ada", "Bea", "Cia", "Dan", "Eli", "Fia")


def pupil(number: int, **changes: Any) -> dict[str, Any]:
    """A pupil with a name of its own."""
    return pupil_row(number, **{"Förnamn": NAMES[number - 1], "Efternamn": f"Efternamn{number}"} | changes)


def two_schools() -> dict[str, Any]:
    """Classes and groups of two school units with the same names."""
    there = {"Skolenhetskod": OTHER_UNIT}
    return {
        "classes": [class_row(), class_row(**{"Klass-ID": "K2"} | there)],
        "groups": [group_row(), group_row(**{"Grupp-ID": "G2"} | there)],
    }


def ids(organisation: Organisation) -> dict[str, Any]:
    """The ids of the active persons, by given name."""
    with scope(organisation=organisation):
        return dict(Person.objects.filter(ended_at=None).values_list("given_name", "pk"))


def person(organisation: Organisation, given_name: str) -> Person:
    with scope(organisation=organisation):
        return Person.objects.get(given_name=given_name, ended_at=None)


def places(organisation: Organisation, given_name: str) -> tuple[list[str], list[str]]:
    """The school units of somebody's enrolments, and those of the groups."""
    with scope(organisation=organisation):
        units = Enrolment.objects.filter(person__given_name=given_name, person__ended_at=None)
        groups = Membership.objects.filter(person__given_name=given_name, person__ended_at=None)
        return (
            sorted(units.values_list("school_unit_code", flat=True)),
            sorted(groups.values_list("group__school_unit_code", flat=True)),
        )


def questions(import_run: Import) -> list[tuple[int, str, str]]:
    """Row, column and question of what nobody has said yes to."""
    with scope(organisation=import_run.organisation):
        asking = import_run.problems.exclude(question="")
        return sorted(asking.values_list("row", "column", "question"))


IDENTITY, PROTECTION, ENDING = Question.IDENTITY.value, Question.PROTECTION.value, Question.ENDING.value
