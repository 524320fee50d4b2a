"""Rules of the school unit that an enrolment, a duty, a group or an activity points at (rules.md E1, E10, O2)."""

import re

from provsluss.catalogue.models import Status
from provsluss.rules.catalogue_snapshot import Catalogue, SchoolUnitFacts
from provsluss.rules.explained_attributes import Attribute
from provsluss.rules.findings import API, OPEN_DATA, Finding, Severity, about
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import SCHOOL_TYPES

_CODE = re.compile(r"[0-9]{8}")
_SCHOOL_REGISTER = "Skolverkets skolenhetsregister."
_CHECK_BOTH = "Kontrollera skolform och skolenhetskod. Stämmer de: be huvudmannen kontakta Skolverket om uppgifterna."
_ASK_SKOLVERKET = (
    "Kontrollera först att skolenhetskoden är rätt. Är den det: be huvudmannen kontakta Skolverket om uppgifterna."
)


def school_unit_findings(
    code: str, catalogue: Catalogue, attribute: Attribute, rule: str, name: str, school_type: str = "", year: int = 0
) -> list[Finding]:
    """What is wrong with the school unit `code`; `rule` is E1, D1, G1 or A1, `name` SS 12000's attribute.

    A unit that has not been fetched gives nothing: not knowing is not an error.
    """
    if not _CODE.fullmatch(code):
        sentence = "Skolenhetskod saknas." if not code else "Skolenhetskoden ska ha åtta siffror."
        return [about(attribute, rule, Severity.ERROR, name, sentence, API)]
    unit = catalogue.school_units.get(code)
    if unit is None:
        return []
    if unit.status == Status.UNKNOWN:
        sentence = f"Skolenhetskoden {code} finns inte hos Skolverket."
        return [about(attribute, rule, Severity.ERROR, name, sentence, OPEN_DATA)]
    return [
        *unit_stands(unit, attribute, name),
        *unit_takes_tests(unit, name),
        *unit_has_school_type(unit, attribute, name, school_type, year),
    ]


def unit_stands(unit: SchoolUnitFacts, attribute: Attribute, name: str) -> list[Finding]:
    """E10: Skolverket says that the unit has ceased."""
    if unit.status != Status.EXPIRED:
        return []
    sentence = f"Skolenheten {unit.shown} har upphört enligt Skolverket."
    return [about(attribute, "E10", Severity.WARNING, name, sentence, OPEN_DATA)]


def unit_takes_tests(unit: SchoolUnitFacts, name: str) -> list[Finding]:
    """E10: dnpStatus of the unit."""
    if unit.dnp is not False:
        return []
    return [_at_skolverket(name, f"Skolenheten {unit.shown} är inte med i provtjänsten.")]


def unit_has_school_type(
    unit: SchoolUnitFacts, attribute: Attribute, name: str, school_type: str, year: int
) -> list[Finding]:
    """E10: the unit has the school type and year, and they are in the test service. Silence gives no finding."""
    if not school_type or school_type not in SCHOOL_TYPES or not unit.school_types:
        return []
    shown = SCHOOL_TYPES[school_type].lower()
    offered = unit.school_types.get(school_type)
    if offered is None:
        sentence = f"Skolenheten {unit.shown} har inte skolformen {shown} enligt Skolverket."
        return [about(attribute, "E10", Severity.WARNING, name, sentence, OPEN_DATA, how=_CHECK_BOTH)]
    if offered.dnp is False:
        return [_at_skolverket(name, f"Skolformen {shown} på {unit.shown} är inte med i provtjänsten.")]
    if offered.years.get(year) is False:
        return [_at_skolverket(name, f"Årskurs {year} på {unit.shown} är inte med i provtjänsten.")]
    return []


def _at_skolverket(name: str, sentence: str) -> Finding:
    return Finding(
        "E10", Severity.WARNING, name, sentence, Who.SKOLVERKET, _SCHOOL_REGISTER, _ASK_SKOLVERKET, OPEN_DATA
    )
