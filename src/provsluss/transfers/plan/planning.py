"""What a press of the button would do, worked out by the same code that sends (design.md section 3.4).

Objects are looked at some hundreds at a time, so memory stays flat. Nothing is sent or stored here: whoever goes
through the pieces stores the rows (storing.py), writes them to a file, or only wants the counts.
"""

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.packing import ENVELOPE_BYTES
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.desired.objects import PIECE, Wanted, wanted_objects
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, PlannedFate, PlannedObject, TestActivity
from provsluss.transfers.pipeline.batch_size import largest_call
from provsluss.transfers.plan.call_estimate import CallCount, expected_seconds
from provsluss.transfers.plan.earlier_refusals import last_refusals
from provsluss.transfers.plan.names import PlanNames
from provsluss.transfers.plan.rows import SENT_AGAIN, Place, removed_rows, sent_rows, withheld_rows
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.display_columns import Codes
from provsluss.transfers.remote.predicted import Planned
from provsluss.transfers.removal.guard import LISTED_AT_A_TIME, beyond_limits
from provsluss.transfers.removal.obsolete import in_vain, to_remove

ID_IN_A_CALL = 38
"""Bytes of an id with its quotation marks, as a removal lists it (rules.md X1)."""


@dataclass(slots=True)
class KindPlan:
    """The plan for one kind of object.

    `again` are those of `changed` of which nothing has changed; `incomplete` those of `unchanged` that lack somebody.
    `refused_before` are those of `new` and `changed` that Skolverket refused the last time exactly as they are now.
    `needs_review`: the removal would wait for somebody's decision; without `beyond_limit` only because another kind is
    beyond its own, and all that is removed waits together. `kept`: wanted by nobody, kept by decision.
    """

    wanted: int = 0
    new: int = 0
    changed: int = 0
    again: int = 0
    refused_before: int = 0
    unchanged: int = 0
    incomplete: int = 0
    withheld: int = 0
    removed: int = 0
    needs_review: bool = False
    beyond_limit: bool = False
    kept: int = 0
    calls: int = 0
    removal_calls: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Planning:
    """A plan in the making. Go through `pieces()` to the end; then `kinds`, `units` and `seconds` are the whole truth.

    `everything` plans "Skicka allt igen": as if nothing had been accepted. The organisation's scope must be active.
    """

    organisation: Organisation
    test_activities: list[TestActivity]
    environment: str
    everything: bool = False
    kinds: dict[Kind, KindPlan] = field(default_factory=lambda: {kind: KindPlan() for kind in KINDS})
    units: dict[str, Counter[str]] = field(default_factory=dict)
    """By school unit code: how many objects have which fate, "unchanged" among them."""
    protected_unchanged: Counter[str] = field(default_factory=Counter)
    """By school unit code: how many of the unchanged ones are protected persons. They have no row that says so."""
    seconds: float = 0.0
    done: int = 0
    total: int = 0

    def pieces(self) -> Iterator[list[PlannedObject]]:
        """The rows of the plan, not stored, some hundreds at a time. `done` of `total` says how far it has come."""
        begun = time.monotonic()
        selection = Selection(self.organisation, self.test_activities)
        there = RemoteState(self.organisation, self.environment)
        catalogue = catalogue_snapshot(self.environment)
        names = PlanNames(Codes(self.organisation, self.environment), catalogue.school_units)
        place = Place(self.organisation, self.environment, names)
        removals = to_remove(self.organisation, self.environment)
        self.total = sum(len(selection.ids(kind)) + len(removals[kind]) for kind in KINDS)
        planned = Planned(there)
        for kind in KINDS:
            yield from self._sent(place, kind, selection, there, planned, catalogue)
        yield from self._removals(place, removals)
        self._finish(time.monotonic() - begun)

    def _sent(
        self,
        place: Place,
        kind: Kind,
        selection: Selection,
        there: RemoteState,
        planned: Planned,
        catalogue: Catalogue,
    ) -> Iterator[list[PlannedObject]]:
        """What would be sent or held back of one kind, in the order and with the packing of a transfer."""
        ids, count = selection.ids(kind), CallCount(largest_call(self.environment))
        for start in range(0, len(ids), PIECE[kind]):
            piece = ids[start : start + PIECE[kind]]
            wanted = wanted_objects(selection, kind, piece, planned, catalogue)
            unchanged = set() if self.everything else _unchanged(there, kind, wanted)
            _hold_back_what_is_too_large(wanted, unchanged)
            to_send = [one for one in wanted if not one.is_withheld and one.object_id not in unchanged]
            payloads = {one.object_id: one.payload or b"" for one in to_send}
            refusals = last_refusals(self.organisation, self.environment, kind, payloads)
            # What is refused again brings nothing; what Skolverket has of it from before, `there` knows.
            refused_again = {i for i, refusal in refusals.items() if refusal.is_alike}
            planned.will_send(kind, payloads.keys() - refused_again)
            rows = sent_rows(place, kind, to_send, refusals)
            self.done += len(piece)
            yield self._look_at(place, kind, wanted, unchanged, rows, count)
        self.kinds[kind].calls = count.calls

    def _look_at(
        self,
        place: Place,
        kind: Kind,
        wanted: list[Wanted],
        unchanged: set[uuid.UUID],
        sent: list[PlannedObject],
        count: CallCount,
    ) -> list[PlannedObject]:
        """Count one piece, of which `sent` would be sent. Returns the rows of all but the unchanged ones."""
        result = self.kinds[kind]
        sizes = {one.object_id: len(one.payload or b"") for one in wanted}
        for row in sent:
            count.add(sizes[row.object_id])
            result.bytes += sizes[row.object_id]
        stays = [one for one in wanted if one.object_id in unchanged]
        rows = sent + withheld_rows(place, kind, [one for one in wanted if one.is_withheld])
        fates = Counter(row.fate for row in rows)
        result.wanted += len(wanted)
        result.new += fates[PlannedFate.NEW]
        result.changed += fates[PlannedFate.CHANGED]
        result.again += sum(1 for row in rows if is_sent_again(row))
        result.refused_before += sum(1 for row in rows if row.refused_before)
        result.withheld += fates[PlannedFate.WITHHELD]
        result.unchanged += len(stays)
        result.incomplete += sum(1 for one in stays if one.findings)
        self._count_units(rows)
        for one in stays:
            code = one.columns.get("school_unit_code") or ""
            self._unit(code)["unchanged"] += 1
            if one.columns.get("restricted"):
                self.protected_unchanged[code] += 1
        return rows

    def _removals(self, place: Place, removals: dict[Kind, list[uuid.UUID]]) -> Iterator[list[PlannedObject]]:
        """What would be removed, in the order in which it would be (rules.md X2), and whether it would wait."""
        for kind in reversed(KINDS):
            result, ids = self.kinds[kind], removals[kind]
            count = CallCount(largest_call(self.environment))
            for start in range(0, len(ids), LISTED_AT_A_TIME):
                rows = removed_rows(place, kind, ids[start : start + LISTED_AT_A_TIME])
                for _ in rows:
                    count.add(ID_IN_A_CALL)
                result.removed += len(rows)
                self._count_units(rows)
                self.done += len(ids[start : start + LISTED_AT_A_TIME])
                yield rows
            result.removal_calls = count.calls
            accepted = Accepted.objects.filter(
                organisation=self.organisation, environment=self.environment, kind=kind
            ).order_by()
            result.kept = sum(1 for _ in in_vain(self.organisation, accepted.exclude(kept_at=None)))
        self._ask_the_guard()

    def _ask_the_guard(self) -> None:
        """Whether the removals would wait. The guard looks when the new ones have been accepted."""
        removed = {kind: one.removed for kind, one in self.kinds.items()}
        arriving = {kind: one.new for kind, one in self.kinds.items()}
        beyond = beyond_limits(self.organisation, self.environment, removed, arriving)
        for kind, one in self.kinds.items():
            one.beyond_limit = kind in beyond
            one.needs_review = bool(beyond and one.removed)

    def _finish(self, looked_for: float) -> None:
        calls = [one.calls for one in self.kinds.values()] + [one.removal_calls for one in self.kinds.values()]
        # A transfer has to look through everything too, but it sends meanwhile.
        self.seconds = max(expected_seconds(self.environment, calls), looked_for)

    def _count_units(self, rows: list[PlannedObject]) -> None:
        for row in rows:
            self._unit(row.school_unit_code)[row.fate] += 1

    def _unit(self, code: str) -> Counter[str]:
        return self.units.setdefault(code, Counter())


def plan(
    organisation: Organisation, test_activities: Iterable[TestActivity], everything: bool = False
) -> dict[Kind, KindPlan]:
    """What sending `test_activities` would do now, in numbers. Needs the organisation's scope."""
    planning = Planning(organisation, list(test_activities), organisation.environment, everything)
    for _ in planning.pieces():
        pass
    return planning.kinds


def is_sent_again(row: PlannedObject) -> bool:
    """Whether the object would be sent although nothing of it has changed."""
    return row.fate == PlannedFate.CHANGED and any(finding["code"] in SENT_AGAIN for finding in row.findings)


def _unchanged(there: RemoteState, kind: Kind, wanted: list[Wanted]) -> set[uuid.UUID]:
    return there.unchanged(kind, {one.object_id: one.payload for one in wanted if one.payload is not None})


def _hold_back_what_is_too_large(wanted: list[Wanted], unchanged: set[uuid.UUID]) -> None:
    for one in wanted:
        if one.payload is None or one.object_id in unchanged:
            continue
        if ENVELOPE_BYTES + len(one.payload) > settings.MAX_PAYLOAD_BYTES:
            one.hold_back_too_large(ENVELOPE_BYTES + len(one.payload))
