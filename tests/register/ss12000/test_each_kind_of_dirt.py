"""Each kind of dirt that registers have (sources.md section 4): read over HTTP, mapped, counted, and told of.

A row says what is remarked, or why something is left out; `seen` is what the register then has.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django_scopes import scope

from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Import, Membership, Person
from provsluss.simulator.school_register.dirt import DIRT
from tests.fixtures.school_register import Registers, SchoolRegister

Seen = Callable[[SchoolRegister], bool]


class Case(NamedTuple):
    """What one kind of dirt comes to. `choices` are the source's own, where they change it."""

    remarks: str = ""
    left_out: str = ""
    seen: Seen = lambda _: True
    choices: tuple[str, ...] = ()


def _pupils() -> int:
    return Person.objects.filter(role="pupil", ended_at=None).count()


def _teaching() -> list[Group]:
    return list(Group.objects.filter(group_type="Undervisning"))


def _taught_classes() -> int:
    return Group.objects.filter(group_type="Klass").exclude(subjects="").count()


def _maths_is_told() -> bool:
    return all("Matematik" in one.subjects for one in _teaching() if "Matematik" in one.name)


def _has(**attributes: str) -> Seen:
    return lambda _: Person.objects.filter(**attributes).exists()


def _number_of_pupils(how_many: int) -> Seen:
    return lambda _: _pupils() == how_many


PUPILS = 60
TENTH = 6
CASES = {
    "unit-without-code": Case("Skolenheten har ingen skolenhetskod.", seen=_number_of_pupils(PUPILS - 1)),
    "school-with-several-units": Case(
        "Tjänstgöringen gäller en skola med flera skolenheter",
        # The taught groups' school unit decides for those who teach; of a group its members' does.
        seen=lambda _: Duty.objects.filter(assignments__isnull=False).exists() and len(_teaching()) == 10,
    ),
    "pupil-and-staff": Case(seen=lambda _: _is_two_persons()),
    "upper-case-ids": Case(seen=lambda _: Membership.objects.values("person").distinct().count() == PUPILS),
    "civic-number-forms": Case(seen=lambda _: not Person.objects.exclude(civic_number__regex=r"^\d{12}$").exists()),
    "civic-number-missing": Case("Personnummer saknas i källan.", seen=_has(civic_number="")),
    "civic-number-impossible": Case("Personnumret har ett födelsedatum som inte finns.", seen=_has(civic_number="")),
    "civic-number-temporary": Case(seen=_has(civic_number__contains="TF")),
    "birth-date-of-another": Case("Födelsedatumet är ett annat än det i personnumret."),
    "no-eppn": Case(f"{PUPILS} elever saknar federationsanvändarnamn (EPPN)", seen=_has(role="pupil", eppn="")),
    "several-eppn": Case(
        "Källan har 2 federationsanvändarnamn. Det första används.",
        seen=lambda _: not Person.objects.filter(eppn__contains="gammal").exists(),
    ),
    "private-email": Case("Källan har bara en privat e-postadress", seen=_has(role="staff", email="")),
    "email-without-type": Case(seen=lambda _: not Person.objects.filter(role="staff", email="").exists()),
    "email-invalid": Case("E-postadressen är inte en e-postadress.", seen=_has(role="staff", email="")),
    "no-security-marking": Case("personen kan vara skyddad", seen=_number_of_pupils(0)),
    "protected": Case(seen=_has(security_marking="Sekretessmarkering")),
    "unknown-marking": Case("har ett okänt värde", seen=_has(security_marking="Sekretessmarkering")),
    "emigrated": Case(left_out="Har flyttat från Sverige (Utvandrad)", seen=_number_of_pupils(PUPILS - TENTH)),
    "foreign-identifiers": Case(seen=_has(eduid_eppn="hubba-0@eduid.se")),
    "old-enrolments": Case(seen=lambda _: Enrolment.objects.count() == PUPILS and not _first_years_are_older()),
    "cancelled": Case(left_out="Inskrivningen är avbruten", seen=_number_of_pupils(PUPILS - TENTH)),
    "ended-enrolments": Case(left_out="Inskrivningen har upphört", seen=_number_of_pupils(PUPILS - TENTH)),
    "school-types-not-sent": Case(left_out="Skolformen FKLASS skickas inte", seen=_number_of_pupils(PUPILS - TENTH)),
    "adult-education": Case(left_out="källan behöver säga VUXGY", seen=_number_of_pupils(PUPILS - TENTH)),
    "no-school-type": Case(left_out="Inskrivningen har ingen skolform", seen=_number_of_pupils(PUPILS - TENTH)),
    "no-school-year": Case(seen=lambda _: Enrolment.objects.filter(school_year=None, school_type="GR").exists()),
    "no-programme": Case(seen=lambda _: Enrolment.objects.filter(school_type="GY", education_code="").exists()),
    "unknown-unit": Case("skolenhet som inte finns i källan", seen=_number_of_pupils(PUPILS - TENTH)),
    "duty-without-person": Case(left_out="Tjänstgöringen har ingen person"),
    "dangling-duties": Case("Tjänstgöringen hänvisar till en skolenhet som inte finns i källan."),
    "other-roles": Case(left_out="Befattningen Förskolechef tas inte emot av Skolverket"),
    "all-other-staff": Case("är Annan personal, också lärarnas", seen=lambda _: Duty.objects.count() > TENTH),
    "no-head": Case("Källan har ingen rektor eller skoladministratör på skolenheten 90000011"),
    "other-group-types": Case(left_out="Grupp av typen Mentor"),
    "test-groups": Case(left_out="Provgrupp: kan läsas som undervisningsgrupp"),
    "groups-without-school-type": Case(seen=lambda _: {one.school_type for one in _teaching()} == {"GR", "GY"}),
    "groups-at-a-school": Case(seen=lambda _: Group.objects.filter(school_unit_code="90000011").count() > TENTH),
    "several-classes": Case(seen=lambda _: Membership.objects.filter(group__group_type="Klass").count() == PUPILS),
    "strange-members": Case(seen=lambda _: not Membership.objects.exclude(person__role="pupil").exists()),
    "groups-without-members": Case(seen=lambda _: len(_teaching()) == 10),
    "unnamed-groups": Case("Gruppens namn saknas."),
    "activities-on-classes": Case(seen=lambda _: _taught_classes() == 3),
    "teachers-as-persons": Case(seen=lambda _: DutyAssignment.objects.exclude(subjects="").count() == 10),
    "no-syllabus": Case(seen=lambda _: _maths_is_told()),
    "other-activities": Case(left_out="Aktiviteten har ingen grupp"),
}  # fmt: skip
CHOSEN = {
    "cancelled": Case(seen=_number_of_pupils(PUPILS), choices=("ignore_cancelled",)),
    "no-security-marking": Case(seen=_number_of_pupils(PUPILS), choices=("unmarked_is_open",)),
    "private-email": Case(
        seen=lambda _: not Person.objects.filter(role="staff", email="").exists(), choices=("private_staff_email",)
    ),
    "test-groups": Case(seen=lambda _: len(_teaching()) == 10, choices=("test_groups",)),
}


def _is_two_persons() -> bool:
    """The register's id as a pupil, and one that is derived as staff (rules.md P4)."""
    both = Person.objects.values_list("civic_number", flat=True).filter(role="staff")
    return Person.objects.filter(role="pupil", civic_number__in=list(both)).count() == 1


def _first_years_are_older() -> bool:
    return Enrolment.objects.filter(school_year=1).exclude(person__civic_number__startswith="2019").exists()


def test_every_kind_has_its_case() -> None:
    assert set(CASES) == set(DIRT)


@pytest.mark.parametrize("dirt", CASES)
def test_dirt_is_mapped(school_register: Registers, dirt: str) -> None:
    _read(school_register, dirt, CASES[dirt])


@pytest.mark.parametrize("dirt", CHOSEN)
def test_a_choice_of_the_source_takes_it_otherwise(school_register: Registers, dirt: str) -> None:
    _read(school_register, dirt, CHOSEN[dirt])


def _read(school_register: Registers, dirt: str, case: Case) -> None:
    register = school_register(add=False, pupils=PUPILS, dirt=(dirt,))
    register.add(choices=dict.fromkeys(case.choices, True))
    run = register.read()
    assert run.state in ("done", "done_with_errors"), run.message
    _demand_accounts(run)
    with scope(organisation=register.organisation):
        said = " ".join(run.problems.values_list("reason", flat=True))
        reasons = " ".join(reason for kind in run.reading["left_out"].values() for reason in kind)
        assert case.remarks in said
        assert case.left_out in reasons
        assert case.seen(register)


def test_the_dirtiest_school_is_accounted_for(school_register: Registers) -> None:
    register = school_register(pupils=PUPILS, dirt=tuple(DIRT))
    run = register.read()
    assert run.state == "done_with_errors"
    _demand_accounts(run)


def _demand_accounts(run: Import) -> None:
    """Read = used + refused + left out, of every kind."""
    told = run.reading
    for kind, read in told["read"].items():
        of_kind = (told["used"].get(kind, 0), told["refused"].get(kind, 0), told["unreadable"].get(kind, 0))
        assert read == sum(of_kind) + sum(told["left_out"].get(kind, {}).values()), kind
