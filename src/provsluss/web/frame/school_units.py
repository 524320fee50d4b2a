"""School units by name, for filters."""

from collections.abc import Iterable

from provsluss.catalogue.lookup import school_units
from provsluss.web.frame.swedish_order import swedish

ENDED = "avslutade"


def named_units(environment: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """`codes` with the names that Skolverket has for them (the code itself where it has none)."""
    units = school_units(environment, codes)
    named = [(code, (code in units and units[code].name) or code) for code in set(codes)]
    return sorted(named, key=lambda pair: swedish(pair[1]))
