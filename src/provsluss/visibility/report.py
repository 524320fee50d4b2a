"""Who sees which pupils' results: as the register wants it now, and as Skolverket has it (åtkomst).

Two graphs (graph.py) are laid over each other. Where they differ, and where something looks wrong in
either, a flag says so (flags.py). Set-based: the number of queries does not grow with the number of groups.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Person
from provsluss.ss12000.code_lists import UNPROTECTED
from provsluss.transfers.models import ObjectResult, ObjectState, TestActivity, TestActivityState, at_todays_addresses
from provsluss.transfers.removal.awaiting_review import awaiting_review
from provsluss.visibility.accepted_graph import accepted_graph, accepted_hashes, accepted_persons, kept_duties
from provsluss.visibility.desired_graph import desired_graph
from provsluss.visibility.find_flags import add_flags
from provsluss.visibility.graph import PupilKey, SeenActivity, SeenDuty, in_turn
from provsluss.visibility.presence import KEPT, UNTIL_NEXT, UNTIL_REVIEWED, Grant, GroupAccess, Presence, StaffAccess

_NOT_THERE = (ObjectState.ERROR, ObjectState.WITHHELD)


class Access:
    """Who sees whom in one test activity, or in all that are active or paused."""

    def __init__(self, organisation: Organisation, environment: str, only: TestActivity | None = None) -> None:
        """Works everything out at once, the pupils aside. Needs the organisation's scope."""
        self.organisation, self.environment = organisation, environment
        self.test_activities = {one.pk: one for one in TestActivity.objects.all()}
        self.asked = [
            one
            for one in ([only] if only else self.test_activities.values())
            if one.state != TestActivityState.ARCHIVED
        ]
        self.wanted = desired_graph(organisation, self.asked)
        self.accepted = accepted_graph(organisation, environment, only, self.wanted)
        self.unit_names = self._unit_names()
        self.active_duties = self._active_duties()
        self.refused_duties = self._refused_duties()
        self.staff: dict[uuid.UUID, StaffAccess] = {}
        self.groups: dict[uuid.UUID, GroupAccess] = {}
        for grant in (*self._group_grants(), *self._unit_grants()):
            self._place(grant)
        self._name_staff()
        add_flags(self)

    @cached_property
    def accepted_persons(self) -> frozenset[PupilKey]:
        """Everybody whom Skolverket has accepted."""
        return accepted_persons(self.organisation, self.environment)

    def unit_name(self, code: str) -> str:
        """What Skolverket calls the unit; its code if we have not asked."""
        return self.unit_names.get(code) or code or "en okänd skolenhet"

    def leaders_of(self, unit: str) -> list[StaffAccess]:
        """Those who see everybody at a school unit."""
        return [one for one in self.staff.values() if any(grant.duty.unit == unit for grant in one.led_units)]

    def _group_grants(self) -> Iterable[Grant]:
        """Each duty and group once, from both graphs, and the groups that nobody sees."""
        through: dict[tuple[uuid.UUID, uuid.UUID], list[SeenActivity]] = defaultdict(list)
        wanted = set()
        for graph in (self.wanted, self.accepted):
            for group in graph.groups.values():
                self.groups.setdefault(group.id, GroupAccess(group))
            for activity in graph.activities.values():
                for group_id in activity.groups:
                    if activity.test_activity_id:
                        self.groups[group_id].test_activities.add(activity.test_activity_id)
            for duty_id, group_id, activity in graph.grants():
                through[duty_id, group_id].append(activity)
                if graph is self.wanted:
                    wanted.add((duty_id, group_id))
        accepted = {(duty_id, group_id) for duty_id, group_id, _ in self.accepted.grants()}
        for (duty_id, group_id), activities in through.items():
            pair = (duty_id, group_id)
            duty = self.wanted.duties[duty_id] if pair in wanted else self.accepted.duties[duty_id]
            group = (self.wanted if pair in wanted else self.accepted).groups[group_id]
            ids = frozenset(one.test_activity_id for one in activities if one.test_activity_id)
            presence = Presence.of(pair in wanted, pair in accepted)
            until = self._until(duty, activities) if presence == Presence.ONLY_SKOLVERKET else UNTIL_NEXT
            yield Grant(duty, group, presence, ids, until)

    def _unit_grants(self) -> Iterable[Grant]:
        wanted = {(duty.id, duty.unit): duty for duty in self.wanted.duties.values() if duty.leads}
        accepted = {(duty.id, duty.unit): duty for duty in self.accepted.duties.values() if duty.leads}
        only_there = {duty.id for key, duty in accepted.items() if key not in wanted}
        waiting = self._awaiting_review
        kept = kept_duties(self.organisation, self.environment, only_there)
        for key, duty in (accepted | wanted).items():
            until = KEPT if duty.id in kept else UNTIL_REVIEWED if duty.id in waiting else UNTIL_NEXT
            yield Grant(duty, None, Presence.of(key in wanted, key in accepted), until=until)

    def _until(self, duty: SeenDuty, activities: list[SeenActivity]) -> str:
        """When what only Skolverket has ends: by whom it is kept, what it waits for, or what sends or removes it."""
        if any(activity.kept_at for activity in activities):
            return KEPT
        gone = {duty.id, *(activity.id for activity in activities)}
        if not gone.isdisjoint(self._awaiting_review):
            return UNTIL_REVIEWED
        if duty.id not in self.active_duties:  # the duty itself goes, whatever is sent
            return UNTIL_NEXT
        still_wanted = [one for one in activities if one.id in self.wanted.activities]
        owners = [self.test_activities.get(one.test_activity_id) for one in still_wanted if one.test_activity_id]
        if any(one and one.state == TestActivityState.PAUSED for one in owners):
            return "tills provaktiviteten aktiveras och skickas"
        # What a provaktivitet still wants, with others in it, changes when that is sent; the rest any transfer removes.
        return "tills provaktiviteten skickas igen" if owners else UNTIL_NEXT

    @cached_property
    def _awaiting_review(self) -> set[uuid.UUID]:
        """Activities and duties that only Skolverket has, and whose removal waits for somebody's decision."""
        activities = self.accepted.activities.keys() - self.wanted.activities.keys()
        duties = self.accepted.duties.keys() - self.wanted.duties.keys()
        return awaiting_review(self.environment, "activities", activities) | awaiting_review(
            self.environment, "duties", duties
        )

    def _place(self, grant: Grant) -> None:
        staff = self.staff.setdefault(grant.duty.person_id, StaffAccess(grant.duty.person_id))
        staff.grants.append(grant)
        if grant.duty not in staff.duties:
            staff.duties.append(grant.duty)
        if grant.group:
            self.groups[grant.group.id].grants.append(grant)

    def _unit_names(self) -> dict[str, str]:
        codes = {duty.unit for graph in (self.wanted, self.accepted) for duty in graph.duties.values()}
        found = school_units(self.environment, codes | self.wanted.units | self.accepted.units)
        return {code: unit.name for code, unit in found.items() if unit.name}

    def _active_duties(self) -> set[uuid.UUID]:
        """Of all duties in the graphs, those that the register has and that have not ended."""
        active = set(self.wanted.duties)
        for some in in_turn(set(self.accepted.duties) - active):
            lasting = Duty._base_manager.filter(pk__in=some, ended_at=None, person__ended_at=None)
            active.update(lasting.values_list("pk", flat=True))
        return active

    def _refused_duties(self) -> dict[uuid.UUID, str]:
        """The wanted duties that Skolverket lacks, or has as they were before, because the last try was in vain."""
        hashes = accepted_hashes(self.organisation, self.environment, "duties", self.wanted.duties)
        last: dict[uuid.UUID, str] = {}
        for some in in_turn(duty_id for duty_id in self.wanted.duties if not hashes.get(duty_id)):
            results = ObjectResult.objects.filter(
                at_todays_addresses("sync_job__transfer__"),
                object_id__in=some,
                sync_job__kind="duties",
                sync_job__transfer__environment=self.environment,
            )
            last.update(results.order_by("pk").values_list("object_id", "state"))
        return {duty_id: state for duty_id, state in last.items() if state in _NOT_THERE}

    def _name_staff(self) -> None:
        for some in in_turn(self.staff):
            persons = Person._base_manager.filter(pk__in=some)
            for person in persons.only("given_name", "middle_name", "family_name", "security_marking"):
                staff = self.staff[person.pk]
                staff.name, staff.sort_name = person.full_name, f"{person.family_name} {person.given_name}"
                staff.restricted = person.security_marking not in UNPROTECTED
