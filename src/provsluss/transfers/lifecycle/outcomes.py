"""How a transfer that has gone through went for each of its test activities.

Nobody is red for what only another one needs.

What went well leaves nothing to look up; the few objects that did not are traced to the test activities that need them,
in the register as it stands when the transfer ends. What nobody needs any more by then belongs to none.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet
from django.utils import timezone

from provsluss.batching import AT_A_TIME, in_pieces
from provsluss.register.models import Duty
from provsluss.transfers.desired.attribution import Places, Reach
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.desired.selection_cache import shared_selection
from provsluss.transfers.lifecycle.move import Why, move_transfers
from provsluss.transfers.models import (
    Action,
    Category,
    Cause,
    ObjectResult,
    ObjectState,
    Outcome,
    SyncJob,
    TestActivity,
    Transfer,
    TransferState,
)

_REMARKABLE = (ObjectState.ERROR, ObjectState.WITHHELD, ObjectState.WARNING)
_WITH_REMARKS = (TransferState.DONE_WITH_ERRORS, TransferState.DONE_WITH_WARNINGS)


def end_transfer(which: "QuerySet[Transfer]", state: TransferState) -> None:
    """Let the transfer in `which` come to rest in `state`, and keep how it went for each of its test activities.

    All its sync jobs are at rest. Nothing happens where `which` is empty, or is so by the time: somebody else has ended
    it. Safe to repeat. Needs the organisation's scope.
    """
    transfer = which.select_related("organisation").first()
    if transfer is not None:
        end_with(outcomes_of(transfer), which, state)


def end_with(
    outcomes: list[Outcome], which: "QuerySet[Transfer]", state: TransferState, cause: Cause | None = None
) -> bool:
    """The same with what `outcomes_of` has worked out, in the caller's transaction. Returns whether it did."""
    waits = state == TransferState.NEEDS_REVIEW
    why = Why(cause or (Cause.LISTED if waits else Cause.WENT_THROUGH), category=category_of(state))
    if waits:
        return bool(move_transfers(which, state, why, outcomes=outcomes))
    return bool(move_transfers(which, state, why, outcomes=outcomes, finished_at=timezone.now()))


def category_of(state: TransferState) -> Category | None:
    """Who must act on what has come to rest in `state`, a transfer or a sync job."""
    match state:
        case TransferState.NEEDS_REVIEW:
            return Category.NEEDS_DECISION
        case TransferState.DONE_WITH_ERRORS:
            return Category.NEEDS_CORRECTION
    return None


def outcomes_of(transfer: Transfer) -> list[Outcome]:
    """One for each test activity. Removals do not count: what nobody wants is nothing that a test activity needs.

    To be asked for before a transaction: it can take some seconds where much went wrong, and nobody else can write
    meanwhile.
    """
    activities = list(transfer.test_activities.all())
    counts: list[Counter[str]] = [Counter() for _ in activities]
    jobs = list(transfer.sync_jobs.filter(action=Action.SEND, state__in=_WITH_REMARKS)) if activities else []
    if jobs:
        needs = _Needs(shared_selection(transfer.organisation, activities), activities)
        for job in jobs:
            _count(job, needs, counts)
    return [_outcome(transfer, *one) for one in zip(activities, counts, strict=True)]


class _Needs:
    """Which test activities need an object as it was sent; by places, as in Reach."""

    def __init__(self, selection: Selection, activities: list[TestActivity]) -> None:
        self._reach = Reach(selection, activities)
        place = {one.pk: number for number, one in enumerate(activities)}
        # A class that takes a test is also sent as a teaching group, which only that test activity has.
        self._as_teaching_group: dict[uuid.UUID, Places] = defaultdict(set)
        self._classes_with_a_test: set[uuid.UUID] = set()
        for part in selection.activities.values():
            if part.sent_group_id != part.group_id:
                self._as_teaching_group[part.sent_group_id].add(place[part.test_activity_id])
                self._classes_with_a_test.add(part.group_id)

    def of(self, kind: str, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Places]:
        """The places of those that need these objects; an object that none needs may be left out."""
        match kind:
            case "persons":
                return self._reach.of_persons(ids)
            case "duties":
                duties = Duty._base_manager.filter(pk__in=ids)
                return {duty.pk: places for duty, places in self._reach.of_duties(duties)}
            case "groups":
                return self._of_groups(ids)
        return self._reach.of_activities(ids)

    def _of_groups(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        found = {one: self._as_teaching_group[one] for one in ids if one in self._as_teaching_group}
        # The class itself is there for all tests of its pupils, also when it takes one.
        classes = [one for one in ids if one in self._classes_with_a_test]
        others = [one for one in ids if one not in found and one not in self._classes_with_a_test]
        return found | self._reach.of_classes(classes) | self._reach.of_groups(others)


def _count(job: SyncJob, needs: _Needs, counts: list[Counter[str]]) -> None:
    results = ObjectResult.objects.filter(sync_job=job, state__in=_REMARKABLE).order_by()
    for piece in in_pieces(results.values_list("object_id", "state").iterator(AT_A_TIME)):
        found = needs.of(job.kind, [object_id for object_id, _ in piece])
        for object_id, state in piece:
            for place in found.get(object_id, ()):
                counts[place][state] += 1


def _outcome(transfer: Transfer, activity: TestActivity, counts: Counter[str]) -> Outcome:
    return Outcome(
        transfer=transfer,
        organisation=transfer.organisation,
        test_activity=activity,
        state=_state(counts.keys()),
        error=counts[ObjectState.ERROR],
        withheld=counts[ObjectState.WITHHELD],
        warning=counts[ObjectState.WARNING],
    )


def _state(states: Iterable[str]) -> TransferState:
    """As sync jobs end: what is held back has not arrived either."""
    states = set(states)
    if states & {ObjectState.ERROR, ObjectState.WITHHELD}:
        return TransferState.DONE_WITH_ERRORS
    return TransferState.DONE_WITH_WARNINGS if states else TransferState.DONE
