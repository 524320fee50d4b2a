"""What archiving a provaktivitet would take away at Skolverket, told before it is done."""

from dataclasses import dataclass

from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.desired.selection import WANTING_STATES, Selection
from provsluss.transfers.models import TestActivity
from provsluss.transfers.removal.guard import beyond_limits
from provsluss.transfers.removal.obsolete import to_remove


@dataclass(frozen=True, slots=True)
class TakenAway:
    """How many objects of each kind nobody would need any more, and whether somebody has to review that first.

    `beyond`: of each kind whose limit is passed, how many would go with those that go anyway. All waits then, whatever
    its kind (guard.py).
    """

    counts: dict[Kind, int]
    beyond: dict[Kind, int]
    anyway: int
    """How many objects the next transfer would remove all the same."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def taken_away_without(test_activity: TestActivity) -> TakenAway:
    """What the next transfer would remove in the organisation's environment if `test_activity` were archived now.

    What it would remove anyway is not counted, but it counts against the limits. Needs the organisation's scope.
    """
    organisation = test_activity.organisation
    environment = organisation.environment
    others = TestActivity.objects.filter(state__in=WANTING_STATES).exclude(pk=test_activity.pk)
    then = to_remove(organisation, environment, others)
    # What goes by archiving is what nobody else wants and this one does: nothing where it is archived already.
    wanted = Selection(organisation, [test_activity] if test_activity.state in WANTING_STATES else [])
    by_archiving = {kind: sum(one in getattr(wanted, kind) for one in then[kind]) for kind in KINDS}
    removed = {kind: len(then[kind]) for kind in KINDS}
    beyond = {kind: removed[kind] for kind in beyond_limits(organisation, environment, removed)}
    return TakenAway(by_archiving, beyond, anyway=sum(removed.values()) - sum(by_archiving.values()))
