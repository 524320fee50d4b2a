"""Why so much is to be removed at once: what the register and the provaktiviteter say that has changed."""

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from provsluss.batching import in_pieces
from provsluss.register.models import STORED_STATES, Enrolment, Group, Import, Person
from provsluss.transfers.desired.selection import Selection, everything_wanted
from provsluss.transfers.models import (
    Accepted,
    Action,
    ObjectResult,
    SyncJob,
    TestActivity,
    TestActivityState,
    Transfer,
)
from provsluss.transfers.remote.references import named_in

PUPIL = str(Person.Role.PUPIL.label)
"""What stands as the role of a pupil in ObjectResult."""


@dataclass(frozen=True, slots=True)
class Causes:
    """What lies behind a removal, in numbers; what is empty or zero is no cause."""

    archived: list[TestActivity]
    """Archived provaktiviteter whose activities are to be removed."""
    ended_pupils: int
    """Pupils to be removed whom the register has ended."""
    unplaced_pupils: int
    """Pupils to be removed who are still in the register, but in no group that takes a test."""
    wanted_pupils: int
    """Pupils who are in a group that takes a test again since then: they stay, whatever is decided."""
    pupils_of_inactive_tests: int
    """Pupils to be removed who are still in a group, but of an archived provaktivitet."""
    emptied_units: list[str]
    """The codes of school units that have pupils to be removed, and no pupil left in the register."""
    last_import: Import | None
    """The latest import that changed the register, where pupils have ended, or are left without a group."""
    groupless_pupils: int
    """Pupils to be removed who are in no group at Skolverket as it is. All others are in theirs until they go."""


def causes_of(transfer: Transfer, protected_too: bool = False) -> Causes:
    """What explains the removals of `transfer`. Needs the organisation's scope.

    Without `protected_too` no school unit is named for its protected pupils alone: that would tell where they are.
    """
    jobs = SyncJob.objects.filter(transfer=transfer, action=Action.REMOVE)
    pupils = ObjectResult.objects.filter(sync_job__in=jobs.filter(kind="persons"), role=PUPIL).order_by()
    codes = _units_of(pupils)
    named = codes if protected_too else _units_of(pupils.filter(restricted=False))
    ids = list(pupils.values_list("object_id", flat=True))
    ended, still = _pupils_ended_or_not(ids)
    wanted = _wanted(transfer, ids)
    in_archived = len(_in_archived(transfer, ids) - wanted)
    groups_end = Group.objects.filter(ended_at__isnull=False, school_unit_code__in=codes).exists()
    return Causes(
        archived=_archived(transfer),
        ended_pupils=ended,
        unplaced_pupils=still - in_archived - len(wanted),
        wanted_pupils=len(wanted),
        pupils_of_inactive_tests=in_archived,
        emptied_units=sorted(named - _units_with_pupils(named)),
        last_import=_last_import() if ended or (groups_end and still - len(wanted) > in_archived) else None,
        groupless_pupils=len(set(ids) - _in_groups_at_skolverket(transfer)),
    )


def _archived(transfer: Transfer) -> list[TestActivity]:
    activities = ObjectResult.objects.filter(sync_job__transfer=transfer, sync_job__action=Action.REMOVE)
    to_go = set(activities.filter(sync_job__kind="activities").values_list("object_id", flat=True))
    found = []
    for test_activity in TestActivity.objects.filter(state=TestActivityState.ARCHIVED):
        made = Selection(transfer.organisation, [test_activity]).activities
        if not to_go.isdisjoint(made):
            found.append(test_activity)
    return found


def _in_archived(transfer: Transfer, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """The pupils who are in a group of an archived provaktivitet. Ended ones are in none."""
    archived = TestActivity.objects.filter(state=TestActivityState.ARCHIVED)
    return set(Selection(transfer.organisation, archived).persons.intersection(ids))


def _wanted(transfer: Transfer, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """The pupils who are wanted now: the register or a provaktivitet has changed since the removal was listed."""
    return everything_wanted(transfer.organisation).wanted_among("persons", ids)


def _in_groups_at_skolverket(transfer: Transfer) -> set[uuid.UUID]:
    groups = Accepted.everywhere.filter(**transfer.place, kind="groups", perhaps=False).order_by()
    return set().union(*(named_in("groups", payload) for payload in groups.values_list("payload", flat=True)))


def _pupils_ended_or_not(ids: list[uuid.UUID]) -> tuple[int, int]:
    """How many of them the register has ended (or lost), and how many it still has."""
    still = sum(Person._base_manager.filter(pk__in=piece, ended_at=None).count() for piece in in_pieces(ids))
    return len(ids) - still, still


def _units_of(pupils: "QuerySet[ObjectResult]") -> set[str]:
    return set(pupils.exclude(school_unit_code="").values_list("school_unit_code", flat=True).distinct())


def _units_with_pupils(codes: set[str]) -> set[str]:
    active = Person._base_manager.filter(pk=OuterRef("person_id"), ended_at=None)
    enrolled = Enrolment.objects.filter(school_unit_code__in=codes, cancelled=False).filter(Exists(active))
    return set(enrolled.order_by().values_list("school_unit_code", flat=True).distinct())


def _last_import() -> Import | None:
    return Import.objects.filter(state__in=STORED_STATES).order_by("-finished_at").first()
