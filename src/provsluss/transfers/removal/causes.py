"""Why so much is to be removed at once: what the register and the provaktiviteter say that has changed."""

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from provsluss.batching import keys_of
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
    # By their keys: tens of thousands are only looked for.
    ids = set(keys_of(pupils, "object_id"))
    still = len(ids.intersection(keys_of(Person.objects.filter(role=Person.Role.PUPIL, ended_at=None), "pk")))
    ended = len(ids) - still
    archived = Selection(transfer.organisation, TestActivity.objects.filter(state=TestActivityState.ARCHIVED))
    wanting = everything_wanted(transfer.organisation)
    # The register or a provaktivitet can have changed since the removal was listed.
    wanted = ids & wanting.pupil_keys
    in_archived = len((ids & archived.pupil_keys) - wanted)
    groups_end = Group.objects.filter(ended_at__isnull=False, school_unit_code__in=codes).exists()
    return Causes(
        archived=_archived(transfer, archived),
        ended_pupils=ended,
        unplaced_pupils=still - in_archived - len(wanted),
        wanted_pupils=len(wanted),
        pupils_of_inactive_tests=in_archived,
        emptied_units=sorted(named - _units_with_pupils(named)),
        last_import=_last_import() if ended or (groups_end and still - len(wanted) > in_archived) else None,
        groupless_pupils=len(set(map(uuid.UUID, ids)) - _in_groups_at_skolverket(transfer)),
    )


def _archived(transfer: Transfer, archived: Selection) -> list[TestActivity]:
    """The archived ones of which an Activity is to be removed, by name."""
    removals = ObjectResult.objects.filter(sync_job__transfer=transfer, sync_job__action=Action.REMOVE)
    to_go = map(uuid.UUID, keys_of(removals.filter(sync_job__kind="activities"), "object_id"))
    found = {archived.activities[one].test_activity_id for one in to_go if one in archived.activities}
    return list(TestActivity.objects.filter(pk__in=found))


def _in_groups_at_skolverket(transfer: Transfer) -> set[uuid.UUID]:
    groups = Accepted.everywhere.filter(**transfer.place, kind="groups", perhaps=False).order_by()
    return set().union(*(named_in("groups", payload) for payload in groups.values_list("payload", flat=True)))


def _units_of(pupils: "QuerySet[ObjectResult]") -> set[str]:
    return set(pupils.exclude(school_unit_code="").values_list("school_unit_code", flat=True).distinct())


def _units_with_pupils(codes: set[str]) -> set[str]:
    active = Person._base_manager.filter(pk=OuterRef("person_id"), ended_at=None)
    enrolled = Enrolment.objects.filter(school_unit_code__in=codes, cancelled=False).filter(Exists(active))
    return set(enrolled.order_by().values_list("school_unit_code", flat=True).distinct())


def _last_import() -> Import | None:
    return Import.objects.filter(state__in=STORED_STATES).order_by("-finished_at").first()
