"""Whether pupils of a school unit can be sent at all, as the page says it (rules.md O2, E10)."""

from dataclasses import dataclass

from provsluss.catalogue.models import SchoolUnit, Status


@dataclass(frozen=True, slots=True)
class SchoolUnitStatus:
    """`ok` is False where Skolverket is known to say no; what has not been checked counts as ok."""

    ok: bool
    text: str


def school_unit_status(unit: SchoolUnit | None) -> SchoolUnitStatus:
    """How a school unit stands with Skolverket; None is one that has not been asked for."""
    if unit is None:
        return SchoolUnitStatus(True, "Inte kontrollerad")
    if unit.status == Status.UNKNOWN:
        return SchoolUnitStatus(False, "Finns inte hos Skolverket")
    if unit.status == Status.EXPIRED:
        return SchoolUnitStatus(False, "Upphörd")
    if unit.dnp_status is False:
        return SchoolUnitStatus(False, "Finns inte i provtjänsten")
    if unit.status == Status.NEW:
        return SchoolUnitStatus(True, "Ny")
    return (
        SchoolUnitStatus(True, "Aktiv") if unit.status == Status.ACTIVE else SchoolUnitStatus(True, "Inte kontrollerad")
    )
