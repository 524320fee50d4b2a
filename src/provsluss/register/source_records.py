"""What a source says, row by row, in the register's own words. Every reader in `sources/` gives these."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from provsluss.register.questions import Question
from provsluss.register.sections import RowKind, Section

Kept = Literal["security_marking", "given_name", "middle_name", "family_name", "email", "eduid_eppn", "class", "taught"]
"""What a row may say nothing usable of: something of the person, the pupil's class, the groups that staff teaches."""

PERSON_ATTRIBUTES = (
    "source_id",
    "role",
    "civic_number",
    "eppn",
    "eduid_eppn",
    "given_name",
    "middle_name",
    "family_name",
    "email",
    "security_marking",
)
ENROLMENT_ATTRIBUTES = ("school_unit_code", "school_type", "school_year", "education_code")
GROUP_ATTRIBUTES = (
    "source_id",
    "name",
    "group_type",
    "school_type",
    "school_unit_code",
    "national_test",
    "subjects",
)
DUTY_ATTRIBUTES = ("source_id", "person_id", "school_unit_code", "duty_role")
"""What the register has of each, by the names of its models' fields."""


@dataclass(frozen=True, slots=True)
class SourcePerson:
    """A pupil or a member of staff; the attributes are those of register.models.Person."""

    id: uuid.UUID
    source_id: str
    role: str
    civic_number: str
    eppn: str
    given_name: str
    middle_name: str
    family_name: str
    email: str
    security_marking: str
    eduid_eppn: str = ""


@dataclass(frozen=True, slots=True)
class SourceEnrolment:
    """A pupil's place in a school unit."""

    school_unit_code: str
    school_type: str
    school_year: int | None
    education_code: str


@dataclass(frozen=True, slots=True)
class SourcePupil:
    """A pupil with the enrolment and the groups. Several enrolments are several rows, which ingest puts together."""

    person: SourcePerson
    enrolment: SourceEnrolment
    groups: frozenset[uuid.UUID]
    other_enrolments: frozenset[SourceEnrolment] = frozenset()

    @property
    def id(self) -> uuid.UUID:
        return self.person.id


@dataclass(frozen=True, slots=True)
class SourceDuty:
    """A duty with the person who has it and the groups that are taught.

    `subjects` are the codes of what each of the groups is taught (subjects.codes_as_text), where the source tells.
    """

    id: uuid.UUID
    source_id: str
    person: SourcePerson
    school_unit_code: str
    duty_role: str
    groups: frozenset[uuid.UUID]
    subjects: frozenset[tuple[uuid.UUID, str]] = frozenset()

    @property
    def person_id(self) -> uuid.UUID:
        return self.person.id


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A class or a teaching group, without its members: those are told by the pupils."""

    id: uuid.UUID
    source_id: str
    name: str
    group_type: str
    school_type: str
    school_unit_code: str
    national_test: str = ""
    subjects: str = ""
    """What it is taught, as subjects.as_text writes it."""


SourceRecord = SourceGroup | SourcePupil | SourceDuty


@dataclass(frozen=True, slots=True)
class RowContent:
    """What a refused row says all the same: who is on it, and where it belongs, as far as that can be told.

    `person_id` and `identities` (personnummer and EPPN) are only to be compared with, and are not kept.
    """

    name: str = ""
    groups: tuple[uuid.UUID, ...] = ()
    school_type: str = ""
    school_year: int | None = None
    national_test: str = ""
    person_id: uuid.UUID | None = None
    identities: frozenset[str] = frozenset()

    def belongs_to(self) -> dict[str, object]:
        """Its place, as JSON can hold it."""
        return {
            "groups": [str(group_id) for group_id in self.groups],
            "school_type": self.school_type,
            "school_year": self.school_year,
            "national_test": self.national_test,
        }


NOTHING_TOLD = RowContent()


def identities_of(civic_number: str, eppn: str) -> frozenset[str]:
    """What says who somebody is, however it is written: the last ten digits of the number, and the EPPN."""
    digits = re.sub(r"\D", "", civic_number)[-10:]
    return frozenset(one for one in (digits, eppn.strip().casefold()) if one)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row. `value` is fit to be shown: masked, and empty for protected persons."""

    section: Section
    row: int
    column: str
    value: str
    reason: str
    row_refused: bool = True
    is_protection: bool = False
    """Whether it is about somebody's protection; such are told of first."""
    school_unit_code: str = ""
    """Of which school unit the row is, where it was refused and that may be told."""
    content: RowContent = NOTHING_TOLD
    """What else may be told of it then."""
    when_read: str = ""
    """What is to be said besides if the row goes in: another problem may keep it out, and then it is not true."""
    question: Question | None = None
    """Which question has to be answered with yes for the row to go in as it stands."""


class PersonRow(NamedTuple):
    """Who a row of pupils or staff says that it is about: all that tells persons apart, and no more.

    `eppn` is in lower case and `civic_number` in Skolverket's form; each is empty where it is missing or unreadable.
    """

    section: Section
    place: str
    """What its section is called there, such as `bladet Elevinskrivningar`; empty where nobody can look it up."""
    number: int
    role: str
    person_id: uuid.UUID
    source_id: str
    school_unit_code: str
    eppn: str
    civic_number: str
    given_name: str
    family_name: str
    removed: bool

    @property
    def spot(self) -> str:
        """Where it is, for another row's sentence."""
        return f"rad {self.number}" if self.place else "en annan person i källan"


@dataclass(frozen=True, slots=True)
class Marked:
    """That a row says that this person has a protection marking."""

    person_id: uuid.UUID
    security_marking: str


@dataclass(slots=True)
class RowRead:
    """One row of the source as it was understood.

    `record` is empty where the row was refused or ends its object, or was put together with another row (`joined`).
    `number` is where the record stood in its section, as the source counts them.
    `source_id` is the object's id as the row has it. `object_id` and `school_unit_code` tell whose row it
    is, also where it was refused; they are empty where that cannot be told. `marked` is there also on a refused row.
    `is_protected`: the row has a protection marking, or one that cannot be read, though it may not be possible to tell
    whose.
    """

    section: Section
    number: int
    object_id: uuid.UUID | None
    school_unit_code: str
    record: SourceRecord | None = None
    removed: bool = False
    joined: bool = False
    source_id: str = ""
    marked: Marked | None = None
    is_protected: bool = False
    kept: frozenset[Kept] = frozenset()
    """Of what the row says nothing usable: it stays as the register has it, and nothing but that counts of it."""
    unworked: tuple[str, ...] = ()
    """The columns in which a formula stands whose result is not in the file; `problems` does not tell of them."""
    content: RowContent = NOTHING_TOLD
    problems: list[Problem] = field(default_factory=list)

    @property
    def kind(self) -> RowKind:
        """What it tells of."""
        return self.section.kind

    @property
    def refused(self) -> bool:
        """Whether the row stays out, so that its object remains as it was."""
        return self.record is None and not self.removed and not self.joined

    @property
    def rejected_at(self) -> str:
        """The school unit that may be told to have had this row refused: nothing says where a protected person is."""
        return self.school_unit_code if self.refused and not self.is_protected else ""

    @property
    def rejected_content(self) -> RowContent:
        """What may be told of a row that was refused, by the same rule."""
        return self.content if self.refused and not self.is_protected else NOTHING_TOLD
