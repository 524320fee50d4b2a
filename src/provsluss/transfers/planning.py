"""What a press of the button would do, worked out by the same code that sends (design.md section 3.4)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.packing import ENVELOPE_BYTES
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.at_skolverket import AtSkolverket, Planned
from provsluss.transfers.models import TestActivity
from provsluss.transfers.preparing import PIECE
from provsluss.transfers.selection import Selection
from provsluss.transfers.wanted import Wanted, wanted_objects


@dataclass(slots=True)
class KindPlan:
    """The plan for one kind of object. `calls` is the number of bulk calls it takes."""

    wanted: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withheld: int = 0
    bytes: int = 0
    held_back: list[Wanted] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return -(-self.bytes // (settings.MAX_PAYLOAD_BYTES - ENVELOPE_BYTES))


MAX_HELD_BACK = 500
"""How many held-back objects a plan names; all are counted."""


def plan(organisation: Organisation, test_activities: Iterable[TestActivity]) -> dict[Kind, KindPlan]:
    """What sending `test_activities` would do now. Nothing is sent or stored. Needs the organisation's scope."""
    selection = Selection(organisation, test_activities)
    there = AtSkolverket(organisation, organisation.environment)
    planned = Planned(there)
    catalogue = catalogue_snapshot(organisation.environment)
    return {kind: _plan_kind(selection, kind, there, planned, catalogue) for kind in KINDS}


def _plan_kind(
    selection: Selection, kind: Kind, there: AtSkolverket, planned: Planned, catalogue: Catalogue
) -> KindPlan:
    result = KindPlan()
    ids = selection.ids(kind)
    for start in range(0, len(ids), PIECE[kind]):
        wanted = wanted_objects(selection, kind, ids[start : start + PIECE[kind]], planned, catalogue)
        payloads = {one.object_id: one.payload for one in wanted if one.payload is not None}
        unchanged = there.unchanged(kind, payloads)
        known = there.present(kind, payloads)
        _count(result, wanted, payloads, unchanged, known)
        planned.will_send(kind, payloads)
    return result


def _count(
    result: KindPlan,
    wanted: list[Wanted],
    payloads: dict[uuid.UUID, bytes],
    unchanged: set[uuid.UUID],
    known: set[uuid.UUID],
) -> None:
    held_back = [one for one in wanted if one.is_withheld]
    result.wanted += len(wanted)
    result.withheld += len(held_back)
    result.unchanged += len(unchanged)
    result.changed += len(known - unchanged)
    result.new += len(payloads) - len(known)
    result.bytes += sum(len(payload) + 1 for object_id, payload in payloads.items() if object_id not in unchanged)
    result.held_back.extend(held_back[: MAX_HELD_BACK - len(result.held_back)])
