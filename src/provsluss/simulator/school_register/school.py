"""An invented school organiser as its register has it, in the words of SS 12000; the same for the same seed."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from provsluss.simulator.sweden import SCHOOL_UNITS, SchoolUnit

Entity = dict[str, Any]
KINDS = ("organisations", "programmes", "syllabuses", "persons", "duties", "groups", "activities")
_NAMESPACE = uuid.UUID("6f1d9c7a-5b0e-4d7c-9f63-2f0c6f1b7a11")
_GIVEN_LIST = (
    "Alva Arvid Astrid Axel Bilal Cornelia Dana Ebba Elias Elin Fatima Folke Greta Hugo Ibrahim Ines Juni Kerstin Leo "
    "Liv Maja Malik Nora Omar Otto Rut Sami Saga Sixten Tyra Ulf Vera Wilma Yusuf Zara Åke Åsa Örjan"
)
_GIVEN = _GIVEN_LIST.split()
_FAMILY_LIST = (
    "Ahmadi Berg Björk Dahl Ek Forslund Gran Hassan Holm Isaksson Jansson Kovač Lind Lundqvist Mohamud Nyberg Näslund "
    "Olofsson Pettersson Qvist Rask Sandell Söder Tallberg Ulvskog Vik Wallin Yilmaz Zetterman Åberg Ängquist Öberg"
)
_FAMILY = _FAMILY_LIST.split()
SUBJECTS = {"MAT": "Matematik", "SVE": "Svenska", "ENG": "Engelska"}
_SCHOOL_SIZE = 450
_CLASS_SIZE = 25
_YEARS = range(1, 10)
SCHOOL_DOMAIN, STAFF_DOMAIN = "elev.exempel.example", "exempel.example"


@dataclass
class School:
    """All objects, by kind and id."""

    objects: dict[str, dict[str, Entity]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def put(self, kind: str, one: Entity) -> Entity:
        """Add the object, or set it in the place of the one with its id."""
        self.objects[kind][one["id"]] = one
        return one

    def pupils(self) -> list[Entity]:
        """The persons with an enrolment."""
        return [one for one in self.objects["persons"].values() if one.get("enrolments")]

    def staff(self) -> list[Entity]:
        """The persons with a duty."""
        ids = {duty["person"]["id"] for duty in self.objects["duties"].values() if duty.get("person")}
        return [one for one in self.objects["persons"].values() if one["id"] in ids]

    def groups(self, group_type: str) -> list[Entity]:
        """The groups of a type."""
        return [one for one in self.objects["groups"].values() if one["groupType"] == group_type]


def new_id(*names: object) -> str:
    """The id of what has these names."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, names))))


def make_school(pupils: int, seed: int) -> School:
    """A school organiser with so many pupils: years 1–9 in units of some 450, and one of ten in upper secondary."""
    school, dice = School(), random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    make = _Maker(school, dice, seed)
    organiser = make.organisation("Huvudman", "Exempelkommunen", None, organisationCode="2120009945")
    for code, name in SUBJECTS.items():
        school.put("syllabuses", {"id": new_id(seed, "GR", code), "subjectCode": f"GRGR{code}01", "subjectName": name})
    upper = pupils // 10 if pupils >= 2 * _CLASS_SIZE else 0
    units = _units_of("GR")
    left = pupils - upper
    while left > 0:
        size = min(left, _SCHOOL_SIZE)
        make.compulsory_school(next(units), organiser, size)
        left -= size
    if upper:
        make.upper_secondary_school(next(_units_of("GY")), organiser, upper)
    return school


def _units_of(school_type: str) -> Iterator[SchoolUnit]:
    return (one for one in SCHOOL_UNITS.values() if school_type in one.school_types and one.dnp)


@dataclass
class _Maker:
    school: School
    dice: random.Random
    seed: int
    _made: int = 0

    def organisation(self, kind: str, name: str, parent: Entity | None, **more: Any) -> Entity:
        one = {"id": new_id(self.seed, kind, name), "displayName": name, "organisationType": kind, **more}
        if parent:
            one["parentOrganisation"] = {"id": parent["id"]}
        return self.school.put("organisations", one)

    def compulsory_school(self, unit: SchoolUnit, organiser: Entity, pupils: int) -> None:
        place = self._unit(unit, organiser, "GR")
        subject_teachers = {code: self._duty(place, "Lärare") for code in SUBJECTS}
        counts = [pupils // len(_YEARS) + (number < pupils % len(_YEARS)) for number in range(len(_YEARS))]
        for year, count in zip(_YEARS, counts, strict=True):
            for number in range(0, count, _CLASS_SIZE):
                size = min(_CLASS_SIZE, count - number)
                name = f"{year}{chr(ord('A') + number // _CLASS_SIZE)}"
                members = [self._pupil(place, "GR", year) for _ in range(size)]
                own = self._group(place, name, "Klass", "GR", members)
                mentor = self._duty(place, "Lärare")
                mentor["assignmentRole"] = [{"group": {"id": own["id"]}, "assignmentRoleType": "Mentor"}]
                if year in (3, 6, 9):
                    for code, subject in SUBJECTS.items():
                        group = self._group(place, f"{name} {subject}", "Undervisning", "GR", members)
                        self._activity(
                            place, f"{subject} {name}", group, subject_teachers[code], new_id(self.seed, "GR", code)
                        )

    def upper_secondary_school(self, unit: SchoolUnit, organiser: Entity, pupils: int) -> None:
        place = self._unit(unit, organiser, "GY")
        programme = {"id": new_id(self.seed, "NANAT0"), "code": "NANAT0", "name": "Naturvetenskapsprogrammet"}
        self.school.put("programmes", programme)
        course = {"id": new_id(self.seed, "GY", "MATMAT01c"), "courseCode": "MATMAT01c", "courseName": "Matematik 1c"}
        self.school.put("syllabuses", course)
        teacher = self._duty(place, "Lärare")
        for year in (1, 2, 3):
            count = pupils // 3 + (year <= pupils % 3)
            members = [self._pupil(place, "GY", year, programme={"id": programme["id"]}) for _ in range(count)]
            self._group(place, f"NA{year}", "Klass", "GY", members)
            if year == 1:
                group = self._group(place, "Matematik 1c", "Undervisning", "GY", members)
                self._activity(place, "Matematik 1c", group, teacher, course["id"])

    def _unit(self, unit: SchoolUnit, organiser: Entity, school_type: str) -> Entity:
        above = self.organisation("Skola", f"{unit.name} (skola)", organiser)
        place = self.organisation(
            "Skolenhet",
            unit.name,
            above,
            schoolUnitCode=unit.code,
            schoolTypes=[school_type],
            organisationCode=unit.code,
        )
        self._duty(place, "Rektor")
        self._duty(place, "Skoladministratör")
        return place

    def _person(self, born: int, what: str) -> Entity:
        self._made += 1
        number = self._made
        given, family = self.dice.choice(_GIVEN), self.dice.choice(_FAMILY)
        civic_number = _civic_number(born, number)
        return {
            "id": new_id(self.seed, what, number),
            "givenName": given,
            "familyName": family,
            "civicNo": {"value": civic_number, "nationality": "SWE"},
            "birthDate": f"{civic_number[:4]}-{civic_number[4:6]}-{civic_number[6:8]}",
            "personStatus": "Aktiv",
            "securityMarking": "Ingen",
        }

    def _pupil(self, place: Entity, school_type: str, year: int, **more: Any) -> Entity:
        age = year + 6 if school_type == "GR" else year + 15
        one = self._person(2026 - age, "pupil")
        one["eduPersonPrincipalNames"] = [f"elev{self._made}@{SCHOOL_DOMAIN}"]
        one["emails"] = [{"value": f"elev{self._made}@{SCHOOL_DOMAIN}", "type": "Skola elev"}]
        one["enrolments"] = [
            {
                "enroledAt": {"id": place["id"]},
                "schoolType": school_type,
                "schoolYear": year,
                "startDate": "2024-08-12",
                **more,
            }
        ]
        guardian = self._person(1980, "guardian")
        self.school.put("persons", guardian)
        one["responsibles"] = [{"person": {"id": guardian["id"]}, "relationType": "Vårdnadshavare"}]
        return self.school.put("persons", one)

    def _duty(self, place: Entity, role: str) -> Entity:
        one = self._person(1960 + self._made % 35, "staff")
        address = f"personal{self._made}@{STAFF_DOMAIN}"
        one["eduPersonPrincipalNames"] = [address]
        one["emails"] = [{"value": address, "type": "Skola personal"}]
        self.school.put("persons", one)
        duty = {
            "id": new_id(self.seed, "duty", self._made),
            "person": {"id": one["id"]},
            "dutyAt": {"id": place["id"]},
            "dutyRole": role,
            "startDate": "2024-08-01",
        }
        return self.school.put("duties", duty)

    def _group(self, place: Entity, name: str, group_type: str, school_type: str, members: list[Entity]) -> Entity:
        one = {
            "id": new_id(self.seed, place["id"], group_type, name),
            "displayName": name,
            "groupType": group_type,
            "schoolType": school_type,
            "organisation": {"id": place["id"]},
            "startDate": "2024-08-12",
            "groupMemberships": [{"person": {"id": each["id"]}, "startDate": "2024-08-12"} for each in members],
        }
        return self.school.put("groups", one)

    def _activity(self, place: Entity, name: str, group: Entity, duty: Entity, syllabus: str) -> None:
        self.school.put(
            "activities",
            {
                "id": new_id(self.seed, "activity", group["id"]),
                "displayName": name,
                "activityType": "Undervisning",
                "organisation": {"id": place["id"]},
                "groups": [{"id": group["id"]}],
                "teachers": [{"duty": {"id": duty["id"]}, "startDate": "2024-08-12"}],
                "syllabus": {"id": syllabus},
                "startDate": "2024-08-12",
            },
        )


def _civic_number(born: int, number: int) -> str:
    """The `number`th person of a year, with the right check digit; the same number never twice in a year."""
    day, serial = number % 28 + 1, number // 28
    month, last = serial % 12 + 1, serial // 12 % 1000
    nine = f"{born % 100:02}{month:02}{day:02}{last:03}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return f"{born:04}{month:02}{day:02}{last:03}{-total % 10}"
