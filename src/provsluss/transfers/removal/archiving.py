"""What archiving a provaktivitet would take away at Skolverket, told before it is done."""

from dataclasses import dataclass

from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.desired.selection import WANTING_STATES
from provsluss.transfers.models import TestActivity
from provsluss.transfers.removal.guard import beyond_limits
from provsluss.transfers.removal.obsolete import to_remove


@dataclass(frozen=True, slots=True)
class TakenAway:
    """How many objects of each kind nobody would need any more, and whether somebody has to review it first."""

    counts: dict[Kind, int]
    needs_review: bool

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
    anyway = to_remove(organisation, environment)
    then = to_remove(organisation, environment, others)
    return TakenAway(
        {kind: len(set(then[kind]).difference(anyway[kind])) for kind in KINDS},
        bool(beyond_limits(organisation, environment, {kind: len(then[kind]) for kind in KINDS})),
    )
