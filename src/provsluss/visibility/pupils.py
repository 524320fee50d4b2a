"""The pupils behind who sees whom: those of some groups, of whole school units, and those seen from several units."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import CharField, Count, QuerySet
from django.db.models.functions import Cast

from provsluss.batching import as_text, in_pieces, keys_of
from provsluss.register.models import DutyAssignment, Membership, Person
from provsluss.transfers.models import TestActivity, TestActivityGroup
from provsluss.visibility.accepted_graph import accepted_members
from provsluss.visibility.graph import PupilKey, in_turn, pupil_key
from provsluss.visibility.presence import Grant, Presence
from provsluss.visibility.report import Access

Pupils = dict[uuid.UUID, set[PupilKey]]
"""The pupils by the id that their group is sent with."""


@dataclass(frozen=True, slots=True)
class SeenPupils:
    """The pupils of some groups, in the register and at Skolverket."""

    register: Pupils
    skolverket: Pupils

    def wanted_by(self, grants: Iterable[Grant]) -> set[PupilKey]:
        """Those whom the register lets somebody with these grants see."""
        seen = [self.register.get(one.group.id, set()) for one in grants if _in_register(one) and one.group]
        return set().union(*seen)

    def accepted_by(self, grants: Iterable[Grant]) -> set[PupilKey]:
        """Those whom Skolverket shows somebody with these grants."""
        seen = [self.skolverket.get(one.group.id, set()) for one in grants if _at_skolverket(one) and one.group]
        return set().union(*seen)


def pupils_of(access: Access, group_ids: Collection[uuid.UUID]) -> SeenPupils:
    """The pupils of some of the groups of `access`, by the ids that the groups are sent with."""
    sources: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for group_id in group_ids:
        if group_id in access.wanted.groups and (source := access.groups[group_id].group.register_id):
            sources[source].append(group_id)
    register: Pupils = {group_id: set() for sent in sources.values() for group_id in sent}
    for some in in_turn(sources):
        members = Membership._base_manager.filter(group_id__in=some)
        # Taken away afterwards: asked for those who have not ended, SQLite begins with all persons.
        for source, person_id in _pairs(members):
            for group_id in sources[source]:
                register[group_id].add(person_id)
        for source, person_id in _pairs(members.filter(person__ended_at__isnull=False)):
            for group_id in sources[source]:
                register[group_id].discard(person_id)
    return SeenPupils(register, accepted_members(access.organisation, access.environment, group_ids))


def _pairs(memberships: "QuerySet[Membership]") -> Iterator[tuple[uuid.UUID, PupilKey]]:
    """Group and pupil, group by group."""
    pairs = memberships.order_by("group_id").values_list("group_id", Cast("person_id", CharField()))
    return ((group_id, pupil_key(person_id)) for group_id, person_id in pairs.iterator(chunk_size=2000))


def pupils_of_units(access: Access, units: Collection[str]) -> dict[str, int]:
    """How many pupils the register's groups have at each school unit, every pupil once."""
    groups = _taking(access.asked).filter(group__school_unit_code__in=units)
    members = Membership.objects.filter(group_id__in=groups.values("group_id"), person__ended_at=None)
    counted = members.order_by().values("group__school_unit_code").annotate(number=Count("person", distinct=True))
    return dict(counted.values_list("group__school_unit_code", "number"))


def accepted_of_units(access: Access, units: Collection[str]) -> dict[str, int]:
    """How many pupils Skolverket shows the leaders of each school unit: those that it has accepted itself.

    A group can name a pupil whom Skolverket refused; nobody sees anything of that pupil.
    """
    by_unit: dict[str, list[uuid.UUID]] = defaultdict(list)
    for group in access.accepted.groups.values():
        if group.unit in units:
            by_unit[group.unit].append(group.id)
    counted = {}
    for unit, groups in by_unit.items():
        members = accepted_members(access.organisation, access.environment, groups)
        counted[unit] = len(access.accepted_persons.intersection(set().union(*members.values())))
    return counted


def seen_from_several_units(test_activities: Collection[TestActivity]) -> list[uuid.UUID]:
    """The pupils whom teachers of more than one school unit see, as the register stands. Needs an active scope."""
    taking = _taking(test_activities).values("group_id")
    assignments = DutyAssignment.objects.filter(
        group_id__in=taking, duty__ended_at=None, duty__person__ended_at=None
    ).order_by()
    units_of: dict[str, set[str]] = defaultdict(set)
    for group, unit in assignments.values_list(as_text("group_id"), "duty__school_unit_code"):
        units_of[group].add(unit)
    # Of most pupils all teachers are at one school unit: only whose groups differ need be looked at. Asked as one
    # question, with every pupil beside every teacher, it takes a database four times as long.
    first: dict[PupilKey, set[str]] = {}
    several: set[str] = set()
    for group, pupil in keys_of(Membership._base_manager.filter(group_id__in=taking), "group_id", "person_id"):
        units = units_of.get(group)
        if units and (len(units) > 1 or first.setdefault(pupil, units) != units):
            several.add(pupil)
    return [
        pupil
        for piece in in_pieces(map(uuid.UUID, several))
        for pupil in Person._base_manager.filter(pk__in=piece, ended_at=None).values_list("pk", flat=True)
    ]


def teachers_of_pupils(
    test_activities: Collection[TestActivity], pupils: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[DutyAssignment]]:
    """The assignments (with duty, its holder and group) by which each of some pupils is seen."""
    groups: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    taking = set(_taking(test_activities).values_list("group_id", flat=True))
    for pupil, group_id in Membership._base_manager.filter(person_id__in=pupils).values_list("person_id", "group_id"):
        if group_id in taking:
            groups[pupil].add(group_id)
    assignments: dict[uuid.UUID, list[DutyAssignment]] = defaultdict(list)
    for some in in_turn(set().union(*groups.values())):
        found = DutyAssignment._base_manager.filter(
            group_id__in=some, duty__ended_at=None, duty__person__ended_at=None
        ).select_related("duty__person", "group")
        for assignment in found:
            assignments[assignment.group_id].append(assignment)
    return {pupil: [one for group_id in groups[pupil] for one in assignments[group_id]] for pupil in pupils}


def _taking(test_activities: Collection[TestActivity]) -> QuerySet[TestActivityGroup]:
    return TestActivityGroup.objects.filter(test_activity__in=test_activities, group__ended_at=None)


def _in_register(grant: Grant) -> bool:
    return grant.presence != Presence.ONLY_SKOLVERKET


def _at_skolverket(grant: Grant) -> bool:
    return grant.presence != Presence.ONLY_REGISTER
