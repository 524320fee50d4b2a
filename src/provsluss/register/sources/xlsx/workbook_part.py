"""The workbook's own part: which sheets there are, in which parts they stand, and what counts for all of them."""

from collections.abc import Iterable
from typing import NamedTuple

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.relations import Relation, relations_of
from provsluss.register.sources.xlsx.sentences import BINARY_EXCEL, DAMAGED, NOT_A_WORKBOOK
from provsluss.register.sources.xlsx.xml_events import Attributes, local, parse
from provsluss.register.sources.xlsx.zip_parts import Parts

_USUAL = "xl/workbook.xml"
_TRUE = ("1", "true")


class NamedSheet(NamedTuple):
    """A sheet by its name, whether Excel hides it, and the part that it stands in."""

    name: str
    is_hidden: bool
    part: str


class WorkbookPart(NamedTuple):
    """What the workbook says of itself. `strings` and `styles` are the parts that hold them; empty: there are none."""

    sheets: list[NamedSheet]
    strings: str
    styles: str
    counts_from_1904: bool
    is_to_be_recalculated: bool
    """Whether the program that wrote it has left the formulas to Excel, so that a result of 0 says nothing."""


def read_workbook_part(parts: Parts) -> WorkbookPart:
    """Raises SourceRefused if there is no workbook."""
    part = _workbook(parts)
    relations = relations_of(parts, part)
    by_id = {relation.id: relation for relation in relations}
    sheets: list[NamedSheet] = []
    said: dict[str, Attributes] = {}

    def start(element: str, attributes: Attributes) -> None:
        if not said and element != "workbook":
            raise SourceRefused(NOT_A_WORKBOOK)
        said[element] = attributes
        if element == "sheet":
            sheets.append(_sheet(attributes, by_id))

    parse(parts.content(part), start)
    return WorkbookPart(
        sheets=sheets,
        strings=_first("sharedStrings", relations),
        styles=_first("styles", relations),
        counts_from_1904=said.get("workbookPr", {}).get("date1904") in _TRUE,
        is_to_be_recalculated=said.get("calcPr", {}).get("fullCalcOnLoad") in _TRUE,
    )


def _workbook(parts: Parts) -> str:
    part = _first("officeDocument", relations_of(parts)) or _USUAL
    if part.casefold().endswith(".bin"):
        raise SourceRefused(BINARY_EXCEL)
    if part not in parts:
        raise SourceRefused(NOT_A_WORKBOOK)
    return part


def _first(kind: str, relations: Iterable[Relation]) -> str:
    return next((relation.part for relation in relations if relation.kind == kind), "")


def _sheet(attributes: Attributes, relations: dict[str, Relation]) -> NamedSheet:
    ids = [value for name, value in attributes.items() if ":" in name and local(name) == "id"]
    if len(ids) != 1 or ids[0] not in relations:
        raise SourceRefused(DAMAGED)
    is_hidden = attributes.get("state", "visible") != "visible"
    return NamedSheet(attributes.get("name", ""), is_hidden, relations[ids[0]].part)
