"""National tests by the names that people use, from the codes that Skolverket uses (rules.md 3.2)."""

import re
from typing import Literal

from provsluss.catalogue.known_national_tests import KNOWN_TESTS

_SUBJECTS = {
    "BIO": "Biologi",
    "ENG": "Engelska",
    "FRA": "Franska",
    "FYS": "Fysik",
    "GEO": "Geografi",
    "GER": "Tyska",
    "HIS": "Historia",
    "KEM": "Kemi",
    "MAT": "Matematik",
    "REL": "Religionskunskap",
    "SAM": "Samhällskunskap",
    "SPA": "Spanska",
    "SVA": "Svenska som andraspråk",
    "SVE": "Svenska",
    # Skolverket calls it "svenska" too; the code tells it from SVE.
    "SVF": "Svenska (SVF)",
    "TYS": "Tyska",
}
# GRGRMAT01_6, GRSPMAT01_10, GRGRMSP01FRA_9
_WITH_YEAR = re.compile(r"GR(?P<school>GR|SP)(?:(?P<subject>[A-Z]{3})01|MSP01(?P<language>[A-Z]{3}))_(?P<year>\d{1,2})")
# MATMAT01a_GY, FYSFYS01b1_VUXGY, MODGER02_GY
_COURSE = re.compile(r"[A-Z]{3}(?P<subject>[A-Z]{3})0*(?P<level>\d+[a-z]?\d*)_(?P<school>GY|VUXGY)")
_SCHOOLS = {"GR": "", "SP": " (specialskolan)", "GY": " (gymnasieskolan)", "VUXGY": " (komvux)"}


def test_title(name: str) -> str:
    """A test's name by its code: "Matematik årskurs 6" (GRGRMAT01_6), "Engelska 5 (gymnasieskolan)" (ENGENG05_GY).

    An unknown code is given back as it is.
    """
    if found := _WITH_YEAR.fullmatch(name):
        subject = _SUBJECTS.get(found["subject"] or found["language"])
        return f"{subject} årskurs {int(found['year'])}{_SCHOOLS[found['school']]}" if subject else name
    if found := _COURSE.fullmatch(name):
        subject = _SUBJECTS.get(found["subject"])
        return f"{subject} {found['level']}{_SCHOOLS[found['school']]}" if subject else name
    return name


def test_kind(name: str) -> Literal["nationellt prov", "bedömningsstöd", ""]:
    """What kind of test the code names; empty where Skolverket has not said."""
    known = KNOWN_TESTS.get(name)
    match known.kind if known else "":
        case "NP":
            return "nationellt prov"
        case "BS":
            return "bedömningsstöd"
        case _:
            return ""


# Not test cases, whatever their names make pytest think.
test_title.__test__ = False  # type: ignore[attr-defined]
test_kind.__test__ = False  # type: ignore[attr-defined]
