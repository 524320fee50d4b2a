"""The 102 national tests of the open data (rules.md 3.3), written as subjects per school year and courses."""

import uuid
from dataclasses import dataclass

NIL = uuid.UUID(int=0)

_BY_YEAR = {
    ("GR", 6, "GRGR"): "BIO ENG FYS KEM MAT SAM SVA SVE",
    ("GR", 9, "GRGR"): "BIO ENG FYS GEO HIS KEM MAT REL SAM SVA SVE",
    ("SP", 7, "GRSP"): "ENG MAT SAM SVA SVE SVF",
    ("SP", 10, "GRSP"): "BIO ENG FYS GEO HIS KEM MAT REL SAM SVA SVE SVF",
}
_MODERN_LANGUAGES = "FRA SPA TYS"
_COURSES = (
    "ENGENG05 ENGENG06 ENGENG07 FYSFYS01a FYSFYS01b1 FYSFYS01b2 FYSFYS02 KEMKEM01 KEMKEM02 "
    "MATMAT01a MATMAT01b MATMAT01c MATMAT02a MATMAT02b MATMAT02c MATMAT03b MATMAT03c MATMAT04 "
    "MODFRA02 MODFRA03 MODFRA04 MODGER02 MODGER03 MODGER04 MODSPA02 MODSPA03 MODSPA04 "
    "SVASVA01 SVASVA03 SVESVE01 SVESVE03"
)


@dataclass(frozen=True)
class NationalTest:
    """One test that Skolverket offers; its id is derived from its name (rules.md 3.1)."""

    name: str
    school_type: str
    school_year: int | None = None

    @property
    def id(self) -> str:
        """Skolverket's UUID."""
        return str(uuid.uuid5(NIL, self.name))

    def as_json(self) -> dict[str, object]:
        """The object as the open-data API shows it."""
        shown: dict[str, object] = {
            "id": self.id,
            "displayName": self.name,
            "activityType": "Provaktivitet",
            "schoolType": self.school_type,
        }
        if self.school_year is not None:
            shown["schoolYear"] = self.school_year
        return shown


def _all() -> list[NationalTest]:
    """Every test, compulsory school first."""
    tests = [
        NationalTest(f"{prefix}{subject}01_{year}", school_type, year)
        for (school_type, year, prefix), subjects in _BY_YEAR.items()
        for subject in subjects.split()
    ]
    tests += [NationalTest(f"GRGRMSP01{language}_9", "GR", 9) for language in _MODERN_LANGUAGES.split()]
    tests += [NationalTest(f"{course}_{kind}", kind) for kind in ("GY", "VUXGY") for course in _COURSES.split()]
    return tests


NATIONAL_TESTS = {test.id: test for test in _all()}
