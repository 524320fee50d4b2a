"""Rules of a duty (rules.md 1.4)."""

from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.explained_attributes import AFTERWARDS, DUTY_ROLE, PERSON, SCHOOL_UNIT_OF_DUTY
from provsluss.rules.findings import API, Finding, Severity, about
from provsluss.rules.identities import usable_id
from provsluss.rules.school_units import school_unit_findings
from provsluss.rules.shapes import DutyLike, PersonLike
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import DUTY_ROLES


def check_duty(duty: DutyLike, person: PersonLike | None, catalogue: Catalogue) -> list[Finding]:
    """Every finding about `duty`. `person` is its holder, None where there is none to send."""
    return [
        *usable_id(duty.id, "D1", "Tjänstgöringen"),
        *has_person(person),
        *held_by_staff(person),
        *school_unit(duty, catalogue),
        *known_role(duty),
    ]


def has_person(person: PersonLike | None) -> list[Finding]:
    """D1, T4: the person must be there before the duty."""
    if person is not None:
        return []
    return [about(PERSON, "D1", Severity.ERROR, "person", "Personen som har tjänstgöringen saknas.")]


def held_by_staff(person: PersonLike | None) -> list[Finding]:
    """P4: somebody who is both pupil and staff is two persons, and the duty belongs to the one on the staff."""
    if person is None or person.role != "pupil":
        return []
    how = f"Lägg upp personen som personal också, med ett eget inloggningsnamn (EPPN). {AFTERWARDS}"
    return [
        Finding(
            "P4",
            Severity.WARNING,
            "person",
            "Tjänstgöringen hör till en elev. Den som är både elev och personal ska finnas två gånger.",
            Who.STAFF_REGISTER,
            "Personalregistret, tjänstgöringens person.",
            how,
            API,
        )
    ]


def school_unit(duty: DutyLike, catalogue: Catalogue) -> list[Finding]:
    """D1, E10."""
    return school_unit_findings(duty.school_unit_code, catalogue, SCHOOL_UNIT_OF_DUTY, "D1", "dutyAt")


def known_role(duty: DutyLike) -> list[Finding]:
    """D3 (and D1, which requires it)."""
    if duty.duty_role in DUTY_ROLES:
        return []
    sentence = "Personalkategori saknas." if not duty.duty_role else "Personalkategorin finns inte i Skolverkets lista."
    return [about(DUTY_ROLE, "D3", Severity.ERROR, "dutyRole", sentence)]
