"""Whether pupils of a school unit can be sent at all, as the page says it (rules.md O2, E10)."""

from dataclasses import dataclass

from provsluss.catalogue.models import SchoolUnit, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """`ok` is False where Skolverket is known to say no; what has not been checked counts as ok."""

    ok: bool
    text: str


def school_unit_standing(unit: SchoolUnit | None) -> Standing:
    """How a school unit stands with Skolverket; None is one that has not been asked for."""
    if unit is None:
        return Standing(True, "Inte kontrollerad")
    if unit.status == Status.UNKNOWN:
        return Standing(False, "Finns inte hos Skolverket")
    if unit.status == Status.EXPIRED:
        return Standing(False, "Upphörd")
    if unit.dnp_status is False:
        return Standing(False, "Finns inte i provtjänsten")
    if unit.status == Status.NEW:
        return Standing(True, "Ny")
    return Standing(True, "Aktiv") if unit.status == Status.ACTIVE else Standing(True, "Inte kontrollerad")
