"""Rules of a person (rules.md 1.2), and the entry point that asks them all."""

import re
from collections.abc import Callable, Sequence
from typing import get_args

from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.civic_numbers import civic_number_findings, plausible_birth
from provsluss.rules.enrolments import check_enrolment, one_enrolment
from provsluss.rules.explained_attributes import (
    AFTERWARDS,
    DUTY,
    EMAIL,
    ENROLMENT,
    FAMILY_NAME,
    GIVEN_NAME,
    MIDDLE_NAME,
    SECURITY_MARKING,
)
from provsluss.rules.findings import API, OUR_CHOICE, WORKBOOK, Finding, Severity, about
from provsluss.rules.identities import usable_id
from provsluss.rules.login_names import login_name_findings
from provsluss.rules.shapes import DutyLike, EnrolmentLike, PersonLike
from provsluss.ss12000.addresses import is_email
from provsluss.ss12000.code_lists import SecurityMarking
from provsluss.ss12000.person_names import is_no_name, is_odd_name

LONGEST_NAME = 64
_SHORTER = f"Korta namnet, till exempel genom att utelämna mellannamn. {AFTERWARDS}"
_MARKINGS = frozenset(get_args(SecurityMarking))
_PRIVATE_MAIL = re.compile(r"@(gmail|hotmail|outlook|live|yahoo|icloud|telia|spray)\.(com|se)$", re.IGNORECASE)


def check_person(
    person: PersonLike, enrolments: Sequence[EnrolmentLike], duties: Sequence[DutyLike], catalogue: Catalogue
) -> list[Finding]:
    """Every finding about `person` with the own enrolments and duties. An error holds the person back."""
    findings = [finding for check in _CHECKS for finding in check(person)]
    findings += in_some_school(person, enrolments, duties)
    findings += plausible_birth(person, enrolments)
    findings += one_enrolment(enrolments)
    for enrolment in enrolments:
        findings += check_enrolment(enrolment, catalogue)
    return findings


def person_id(person: PersonLike) -> list[Finding]:
    """P1, P2: the id that is sent is a UUID."""
    return usable_id(person.id, "P1", "Personen")


def given_name(person: PersonLike) -> list[Finding]:
    """P1."""
    if person.given_name.strip():
        return []
    return [about(GIVEN_NAME, "P1", Severity.ERROR, "givenName", "Förnamn saknas.", role=person.role)]


def family_name(person: PersonLike) -> list[Finding]:
    """P1."""
    if person.family_name.strip():
        return []
    return [about(FAMILY_NAME, "P1", Severity.ERROR, "familyName", "Efternamn saknas.", role=person.role)]


def names_look_like_names(person: PersonLike) -> list[Finding]:
    """P1: Skolverket takes `0`, `null` and `Sj?gren` for a name; nobody else does."""
    found = []
    for attribute, name, written, called in (
        (GIVEN_NAME, "givenName", person.given_name, "Förnamnet"),
        (MIDDLE_NAME, "middleName", person.middle_name, "Mellannamnet"),
        (FAMILY_NAME, "familyName", person.family_name, "Efternamnet"),
    ):
        if written.strip() and (is_no_name(written) or is_odd_name(written)):
            sentence = f"{called} ser inte ut som ett namn, eller har tecken som gått förlorade."
            how = f"Skriv namnet som det står i folkbokföringen. {AFTERWARDS}"
            found.append(
                about(attribute, "P1", Severity.WARNING, name, sentence, OUR_CHOICE, role=person.role, how=how)
            )
    return found


def length_of_given_names(person: PersonLike) -> list[Finding]:
    """P16: the test platform keeps given and middle name in one field of 64 characters."""
    together = " ".join(part for part in (person.given_name, person.middle_name) if part)
    if len(together) <= LONGEST_NAME:
        return []
    attribute, name = (MIDDLE_NAME, "middleName") if person.middle_name else (GIVEN_NAME, "givenName")
    sentence = f"Förnamn och mellannamn är tillsammans längre än {LONGEST_NAME} tecken."
    return [about(attribute, "P16", Severity.WARNING, name, sentence, WORKBOOK, role=person.role, how=_SHORTER)]


def length_of_family_name(person: PersonLike) -> list[Finding]:
    """P16."""
    if len(person.family_name) <= LONGEST_NAME:
        return []
    sentence = f"Efternamnet är längre än {LONGEST_NAME} tecken."
    return [
        about(FAMILY_NAME, "P16", Severity.WARNING, "familyName", sentence, WORKBOOK, role=person.role, how=_SHORTER)
    ]


def staff_has_email(person: PersonLike) -> list[Finding]:
    """P17: mandatory for staff, optional for pupils."""
    if person.role == "pupil" or person.email.strip():
        return []
    return [about(EMAIL, "P17", Severity.ERROR, "emails", "E-postadress till arbetet saknas.", role=person.role)]


def form_of_email(person: PersonLike) -> list[Finding]:
    """P17: what is given must be an address."""
    email = person.email.strip()
    if not email or is_email(email):
        return []
    sentence = "E-postadressen är inte rätt skriven."
    return [about(EMAIL, "P17", Severity.ERROR, "emails", sentence, API, role=person.role)]


def email_for_work(person: PersonLike) -> list[Finding]:
    """P17: staff's address is not to be a private one. Our choice: the common free services count as private."""
    if person.role == "pupil" or not _PRIVATE_MAIL.search(person.email.strip()):
        return []
    sentence = "E-postadressen ser ut att vara privat. Personal ska ha en adress för arbetet."
    return [about(EMAIL, "P17", Severity.WARNING, "emails", sentence, WORKBOOK, role=person.role)]


def known_security_marking(person: PersonLike) -> list[Finding]:
    """P18. An empty marking is sent as Ingen."""
    if not person.security_marking or person.security_marking in _MARKINGS:
        return []
    sentence = "Sekretessmarkeringen är inte Ingen, Sekretessmarkering eller Skyddad folkbokföring."
    return [about(SECURITY_MARKING, "P18", Severity.ERROR, "securityMarking", sentence, role=person.role)]


def in_some_school(
    person: PersonLike, enrolments: Sequence[EnrolmentLike], duties: Sequence[DutyLike]
) -> list[Finding]:
    """P23: without an enrolment or a duty the person is stored but gets no account."""
    if person.role == "pupil":
        if any(not enrolment.cancelled for enrolment in enrolments):
            return []
        sentence = "Eleven är inte inskriven på någon skola och får inget konto i provplattformen."
        return [about(ENROLMENT, "P23", Severity.WARNING, "enrolments", sentence)]
    if any(duty.ended_at is None for duty in duties):
        return []
    sentence = "Personen har ingen tjänstgöring på någon skola och får inget konto i provplattformen."
    how = f"Lägg till en tjänstgöring på rätt skola. {AFTERWARDS}"
    return [about(DUTY, "P23", Severity.WARNING, "duties", sentence, how=how)]


_CHECKS: tuple[Callable[[PersonLike], list[Finding]], ...] = (
    person_id,
    civic_number_findings,
    given_name,
    family_name,
    names_look_like_names,
    length_of_given_names,
    length_of_family_name,
    login_name_findings,
    staff_has_email,
    form_of_email,
    email_for_work,
    known_security_marking,
)
