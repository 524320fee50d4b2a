"""Provaktiviteter that get groups from the register without being sent: archived and paused ones.

An import keeps their groups up to date and leaves their state alone, so somebody has to be told.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState
from provsluss.transfers.test_activities.activities import set_state


@dataclass(frozen=True, slots=True)
class Unsent:
    """Those that the register names groups for, by name."""

    archived: list[TestActivity]
    paused: list[TestActivity]

    def __bool__(self) -> bool:
        return bool(self.archived or self.paused)


def unsent_with_groups() -> Unsent:
    """The archived and paused ones whose national test the register names groups for now. Needs an active scope."""
    named = TestActivityGroup.objects.filter(
        test_activity=OuterRef("pk"), group__ended_at=None, group__national_test=OuterRef("national_test")
    )
    found = TestActivity.objects.exclude(state=TestActivityState.ACTIVE).filter(Exists(named)).order_by("name")
    by_state: dict[str, list[TestActivity]] = {TestActivityState.ARCHIVED: [], TestActivityState.PAUSED: []}
    for one in found:
        by_state[one.state].append(one)
    return Unsent(by_state[TestActivityState.ARCHIVED], by_state[TestActivityState.PAUSED])


def activate_archived() -> list[TestActivity]:
    """Make all the archived ones of `unsent_with_groups` active; a paused one has been stopped for a while, and stays.

    Nothing is sent by it.
    """
    with transaction.atomic():
        archived = unsent_with_groups().archived
        for one in archived:
            set_state(one, TestActivityState.ACTIVE)
    return archived
