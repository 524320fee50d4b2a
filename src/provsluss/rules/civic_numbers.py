"""Rules of the personnummer, samordningsnummer and TF-nummer (rules.md P1, P10, P11, P15)."""

from collections.abc import Sequence

from provsluss.rules.explained_attributes import CIVIC_NUMBER
from provsluss.rules.findings import API, OUR_CHOICE, Finding, Severity, about
from provsluss.rules.shapes import EnrolmentLike, PersonLike
from provsluss.ss12000.civic_number import CivicNumber, CivicNumberError, read_civic_number
from provsluss.ss12000.plausible_age import is_plausible_age

_NAME = "civicNo"


def civic_number_findings(person: PersonLike) -> list[Finding]:
    """Everything that is wrong with the person's number. The number itself is never in the findings."""
    if not person.civic_number:
        return [_finding(person, "P1", Severity.ERROR, "Personnummer saknas.", API)]
    try:
        number = read_civic_number(person.civic_number)
    except CivicNumberError as error:
        return [_finding(person, _rule_of(person.civic_number), Severity.ERROR, f"Personnumret {error}.", API)]
    return [*written_as_skolverket_wants(person, number), *check_digit(person, number)]


def written_as_skolverket_wants(person: PersonLike, number: CivicNumber) -> list[Finding]:
    """P10, P11: twelve characters without separator, TF in capitals."""
    if number.value == person.civic_number:
        return []
    sentence = "Personnumret ska ha tolv tecken utan bindestreck och mellanslag, och TF med stora bokstäver."
    return [_finding(person, _rule_of(number.value), Severity.ERROR, sentence, API)]


def check_digit(person: PersonLike, number: CivicNumber) -> list[Finding]:
    """P15: an error for a personnummer, a warning for a samordningsnummer, as Skolverket's own examples fail it."""
    if number.check_digit_right:
        return []
    if number.kind == "personnummer":
        sentence = "Personnumrets sista siffra stämmer inte. Någon siffra är troligen felskriven."
        return [_finding(person, "P15", Severity.ERROR, sentence, OUR_CHOICE)]
    sentence = "Samordningsnumrets sista siffra stämmer inte. Kontrollera att numret är rätt skrivet."
    return [_finding(person, "P15", Severity.WARNING, sentence, OUR_CHOICE)]


def plausible_birth(person: PersonLike, enrolments: Sequence[EnrolmentLike]) -> list[Finding]:
    """P14: a number that cannot be the person's: a sixth-former born in 1914. Our choice: the bounds."""
    number = person.civic_number
    if person.role != "pupil":
        plausible = is_plausible_age(number, person.role)
    else:
        current = [one for one in enrolments if not one.cancelled]
        plausible = all(is_plausible_age(number, "pupil", one.school_type, one.school_year) for one in current)
    if plausible:
        return []
    who = "elevens årskurs" if person.role == "pupil" else "någon i personalen"
    sentence = f"Personnumrets födelseår kan inte stämma med {who}."
    return [_finding(person, "P14", Severity.WARNING, sentence, OUR_CHOICE)]


def _rule_of(number: str) -> str:
    return "P11" if "TF" in number.upper() else "P10"


def _finding(person: PersonLike, code: str, severity: Severity, sentence: str, source: str) -> Finding:
    return about(CIVIC_NUMBER, code, severity, _NAME, sentence, source, role=person.role)
