"""The national tests and bedömningsstöd we know of ourselves: used until the API has answered, and for their kind.

Source: rules.md 3.3. The API is right when it says otherwise; it does not say which are tests and which are support.
"""

from dataclasses import dataclass
from typing import Literal

TestKind = Literal["NP", "BS", ""]
"""Nationellt prov, bedömningsstöd, or not published."""


@dataclass(frozen=True, slots=True)
class KnownTest:
    """A national test as rules.md lists it."""

    name: str
    school_type: str
    school_year: int | None
    kind: TestKind


# (prefix, school type, school year) → kind → subjects
_BY_YEAR: dict[tuple[str, str, int], dict[TestKind, str]] = {
    ("GRGR", "GR", 6): {"NP": "ENG MAT SVA SVE", "BS": "BIO FYS KEM SAM"},
    ("GRGR", "GR", 9): {"NP": "BIO ENG FYS GEO HIS KEM MAT REL SAM SVA SVE"},
    # The three without a kind stand in the workbook's drop-down list only.
    ("GRSP", "SP", 7): {"NP": "ENG MAT SAM SVA SVE SVF", "": "BIO FYS KEM"},
    ("GRSP", "SP", 10): {"NP": "BIO ENG FYS GEO HIS KEM MAT REL SAM SVA SVE SVF"},
}
_MODERN_LANGUAGES = ("GRGRMSP01FRA_9", "GRGRMSP01SPA_9", "GRGRMSP01TYS_9")
# The same courses in GY and VUXGY.
_COURSES: dict[TestKind, str] = {
    "NP": "ENGENG05 ENGENG06 MATMAT01a MATMAT01b MATMAT01c MATMAT02a MATMAT02b MATMAT02c MATMAT03b MATMAT03c MATMAT04"
    " SVASVA01 SVASVA03 SVESVE01 SVESVE03",
    "BS": "ENGENG07 FYSFYS01a FYSFYS01b1 FYSFYS01b2 FYSFYS02 KEMKEM01 KEMKEM02 MODFRA02 MODFRA03 MODFRA04"
    " MODGER02 MODGER03 MODGER04 MODSPA02 MODSPA03 MODSPA04",
}


def _listed() -> list[KnownTest]:
    tests = [
        KnownTest(f"{prefix}{subject}01_{year}", school_type, year, kind)
        for (prefix, school_type, year), by_kind in _BY_YEAR.items()
        for kind, subjects in by_kind.items()
        for subject in subjects.split()
    ]
    tests += [KnownTest(name, "GR", 9, "BS") for name in _MODERN_LANGUAGES]
    tests += [
        KnownTest(f"{course}_{school_type}", school_type, None, kind)
        for school_type in ("GY", "VUXGY")
        for kind, courses in _COURSES.items()
        for course in courses.split()
    ]
    return tests


KNOWN_TESTS: dict[str, KnownTest] = {test.name: test for test in _listed()}
