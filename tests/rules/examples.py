"""Objects that no rule has anything to say about, to be changed in one place by a test (`dataclasses.replace`)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from provsluss.rules.catalogue_snapshot import (
    Catalogue,
    NationalTestFacts,
    OfferedType,
    ProgrammeFacts,
    SchoolUnitFacts,
)
from provsluss.rules.findings import Finding

UNIT = "31279295"
GYMNASIUM = "43219876"


@dataclass(frozen=True)
class APerson:
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    role: str = "pupil"
    civic_number: str = "200901272385"
    eppn: str = "717e28a83b@elev.exempel.se"
    eduid_eppn: str = ""
    given_name: str = "Pippi"
    middle_name: str = ""
    family_name: str = "Långstrump"
    email: str = ""
    security_marking: str = "Ingen"


@dataclass(frozen=True)
class AnEnrolment:
    school_unit_code: str = UNIT
    school_type: str = "GR"
    school_year: int | None = 6
    education_code: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class ADuty:
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    person_id: uuid.UUID = field(default_factory=uuid.uuid4)
    school_unit_code: str = UNIT
    duty_role: str = "Lärare"
    ended_at: datetime | None = None


@dataclass(frozen=True)
class AGroup:
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    name: str = "Ma 6A"
    group_type: str = "Undervisning"
    school_type: str = "GR"
    school_unit_code: str = UNIT


@dataclass(frozen=True)
class AMembership:
    group_id: uuid.UUID
    person_id: uuid.UUID


STAFF = APerson(role="staff", civic_number="200904220126", eppn="a4c0e345@exempel.se", email="skola@exempel.se")

CATALOGUE = Catalogue(
    school_units={
        UNIT: SchoolUnitFacts(UNIT, "Norra skolan", "Active", True, {"GR": OfferedType(True, {6: True, 9: False})}),
        GYMNASIUM: SchoolUnitFacts(GYMNASIUM, "Gymnasiet", "Active", True, {"GY": OfferedType(True)}),
        "11111111": SchoolUnitFacts("11111111", status="Unknown"),
        "22222222": SchoolUnitFacts("22222222", "Gamla skolan", "Expired", True),
        "33333333": SchoolUnitFacts("33333333", "Utanför", "Active", False),
        "44444444": SchoolUnitFacts("44444444", "Halva", "Active", True, {"GR": OfferedType(False)}),
    },
    national_tests={
        "GRGRMAT01_6": NationalTestFacts("GRGRMAT01_6", "GR", 6),
        "MATMAT01a_GY": NationalTestFacts("MATMAT01a_GY", "GY"),
        "GRGRMAT01_3": NationalTestFacts("GRGRMAT01_3", "GR", 3, gone=True),
    },
    programmes={"NA": ProgrammeFacts("NA"), "GAMMAL": ProgrammeFacts("GAMMAL", usable=False)},
    national_tests_fetched=True,
    programmes_fetched=True,
)


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    """(code, severity) of each finding, in order."""
    return [(finding.code, finding.severity.value) for finding in findings]
