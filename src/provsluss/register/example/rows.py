"""The rows of the four sheets, before they are cells. Names are those of SS 12000."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A klass."""

    id: str
    name: str
    school_type: str
    school_unit_code: str


@dataclass(frozen=True, slots=True)
class TeachingGroupRow:
    """An ämnesgrupp and the national test that it takes."""

    id: str
    name: str
    school_type: str
    national_test: str
    school_unit_code: str


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil's enrolment. A civic number may be written in any way a spreadsheet can hold it."""

    person_id: str
    eppn: str
    civic_number: str | int
    security_marking: str
    given_name: str
    middle_name: str
    family_name: str
    school_type: str
    school_unit_code: str
    school_year: int | None
    education_code: str
    class_name: str
    teaching_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff's duty."""

    duty_id: str
    person_id: str
    eppn: str
    eduid_eppn: str
    civic_number: str
    given_name: str
    middle_name: str
    family_name: str
    email: str
    school_unit_code: str
    duty_role: str
    teaching_groups: tuple[str, ...]
