"""An import that would end unexpectedly much: often a file that is not whole, such as one of a single class."""

from dataclasses import dataclass

from provsluss.register.imports.sheet_counts import sheet_counts
from provsluss.register.models import Import
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS

MORE_THAN = 20
MORE_THAN_PER_CENT = 10
_CALLED = {
    CLASSES.name: "klasser",
    TEACHING_GROUPS.name: "undervisningsgrupper",
    PUPILS.name: "elever",
    STAFF.name: "tjänstgöringar",
}


@dataclass(frozen=True, slots=True)
class MassEnding:
    """How many of a sheet's objects would end, of how many that the register has where the file speaks."""

    sheet: str
    called: str
    ended: int
    known: int


def mass_endings(import_run: Import) -> list[MassEnding]:
    """The sheets of which more than 20 objects and more than a tenth would end; empty when all is as usual."""
    found = []
    for sheet, counts in sheet_counts(import_run):
        known = counts["changed"] + counts["unchanged"] + counts["ended"]
        if counts["ended"] > MORE_THAN and 100 * counts["ended"] > MORE_THAN_PER_CENT * known:
            found.append(MassEnding(sheet, _CALLED[sheet], counts["ended"], known))
    return found
