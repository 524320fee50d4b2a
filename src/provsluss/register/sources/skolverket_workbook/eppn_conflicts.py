"""An EPPN on rows of two persons, or a pupil's id on rows with two EPPN: whose is it? (rules.md P5)

The order of the rows says nothing about that. The register does: who has had it keeps it, and the other rows stay out.
Where the register does not tell, all of them do, since the wrong one of two could see the other's tests.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from provsluss.register.sources.skolverket_workbook.cells import text_of
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.register.sources.skolverket_workbook.row_ids import person_id
from provsluss.register.sources.skolverket_workbook.sheets import FoundSheet
from provsluss.register.sources.xlsx.cell import Cell
from provsluss.ss12000.addresses import bare_address
from provsluss.ss12000.eppn import is_eppn
from provsluss.ss12000.ids import as_uuid

KeptEppns = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, str]]
"""Gives, of these persons, the EPPN of those whom the register has."""

_EPPN = "Federationsanvändarnamn"
_ID = "Person-ID"


@dataclass(frozen=True, slots=True)
class _Claim:
    sheet: str
    number: int
    person_id: uuid.UUID
    eppn: str


class Contested:
    """Finds, before the rows are read, which of them claim what is another's."""

    def __init__(self, sheets: Iterable[FoundSheet], organisation_id: uuid.UUID, kept_eppns: KeptEppns) -> None:
        self._refusals: dict[tuple[str, int], tuple[str, str]] = {}
        persons = [sheet for sheet in sheets if sheet.layout in (PUPILS, STAFF)]
        if suspects := _suspects(persons):
            claims = list(_claims(persons, suspects, organisation_id))
            kept = {pk: eppn.casefold() for pk, eppn in kept_eppns({claim.person_id for claim in claims}).items()}
            self._settle_ids(claims, kept)
            self._settle_eppns(claims, kept)

    def refuse(self, row: RowCells) -> bool:
        """Refuse the row if it claims what is another's, or nobody knows whose. Returns whether it did."""
        refusal = self._refusals.get((row.sheet.name, row.number))
        if refusal:
            row.refuse(*refusal)
        return refusal is not None

    def _settle_ids(self, claims: Iterable[_Claim], kept: Mapping[uuid.UUID, str]) -> None:
        of_pupils = (claim for claim in claims if claim.sheet == PUPILS.name)
        for same in _by(of_pupils, lambda claim: claim.person_id):
            for claim in same:
                other = next((one for one in same if one.eppn != claim.eppn), None)
                if other and claim.eppn != kept.get(claim.person_id):
                    reason = f"{_also_on(other, claim)}, med ett annat {_EPPN.lower()}. Varje rad behöver ett eget id"
                    self._refusals[claim.sheet, claim.number] = (_ID, reason)

    def _settle_eppns(self, claims: Iterable[_Claim], kept: Mapping[uuid.UUID, str]) -> None:
        for same in _by(claims, lambda claim: claim.eppn):
            owners = {claim.person_id for claim in same if kept.get(claim.person_id) == claim.eppn}
            for claim in same:
                other = next((one for one in same if one.person_id != claim.person_id), None)
                if other and owners != {claim.person_id}:
                    reason = f"{_also_on(other, claim)}. {_advice(other, claim)}"
                    self._refusals.setdefault((claim.sheet, claim.number), (_EPPN, reason))


def _suspects(sheets: Iterable[FoundSheet]) -> set[str]:
    """The EPPN on rows that seem to collide. A first look at every row, so it keeps little and makes no RowCells."""
    whose: dict[str, int] = {}
    eppn_of: dict[Hashable, str] = {}
    suspects: set[str] = set()
    for sheet in sheets:
        eppn_place, id_place, unit_place = (sheet.places[name] for name in (_EPPN, _ID, "Skolenhetskod"))
        for _, cells in sheet.rows():
            eppn = _eppn_of(cells[eppn_place])
            if not eppn:
                continue
            source_id = text_of(cells[id_place])
            unit = text_of(cells[unit_place]) if sheet.layout is PUPILS else STAFF.name
            key = hash(as_uuid(source_id) or (unit, source_id))
            if whose.setdefault(eppn, key) != key:
                suspects.add(eppn)
            if sheet.layout is PUPILS and (before := eppn_of.setdefault(key, eppn)) != eppn:
                suspects |= {before, eppn}
    return suspects


def _claims(sheets: Iterable[FoundSheet], eppns: Collection[str], organisation_id: uuid.UUID) -> Iterator[_Claim]:
    for sheet in sheets:
        place = sheet.places[_EPPN]
        for number, cells in sheet.rows():
            eppn = _eppn_of(cells[place])
            if eppn not in eppns or not is_eppn(eppn):
                continue
            row = RowCells(sheet.layout, number, cells, sheet.places)
            whose = person_id(row, organisation_id)
            if whose and not row.is_removed():
                yield _Claim(sheet.layout.name, number, whose, eppn)


def _eppn_of(cell: Cell) -> str:
    return bare_address(text_of(cell)).casefold()


def _by(claims: Iterable[_Claim], key: Callable[[_Claim], Hashable]) -> Iterable[list[_Claim]]:
    found: dict[Hashable, list[_Claim]] = defaultdict(list)
    for claim in claims:
        found[key(claim)].append(claim)
    return found.values()


def _also_on(other: _Claim, claim: _Claim) -> str:
    where = "" if other.sheet == claim.sheet else f" i bladet {other.sheet}"
    return f"står också på rad {other.number}{where}"


def _advice(other: _Claim, claim: _Claim) -> str:
    if other.sheet == claim.sheet:
        return "Varje person behöver ett eget"
    return "Den som är både elev och personal behöver två olika (rollerna hålls isär)"
