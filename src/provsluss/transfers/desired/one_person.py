"""What the active test activities want of one person, and no more than that.

It is the person, the duties, the groups that it is in or teaches and that take a test, the own class, and those groups'
activities. Each is made as in a whole transfer, with everybody in it whom Skolverket knows already. A test of which
Skolverket has nothing yet would come there with nearly nobody in it, so its groups and activities can be left out.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from django.db.models import Count, Q

from provsluss.batching import in_pieces
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.ss12000.code_lists import LEADING_ROLES, Kind
from provsluss.transfers.desired.selection import Links, Selection, links_of, read_links
from provsluss.transfers.models import Accepted, TestActivity, TestActivityGroup, TestActivityState


class OnePerson(Selection):
    """The part of a selection that is about one person. Needs the organisation's scope throughout."""

    def __init__(
        self,
        organisation: Organisation,
        test_activities: Iterable[TestActivity],
        person_id: uuid.UUID,
        without: Collection[uuid.UUID] = (),
    ):
        """What `test_activities` want of the person with this id, `without` the groups and activities of some."""
        super().__init__(organisation, test_activities)
        self._person_id = person_id
        self._without = without
        self._whole = Selection(organisation, self._activities.values())

    @property
    def is_wanted(self) -> bool:
        """Whether the test activities want the person at all."""
        own = self._groups_of_person
        return not own.isdisjoint(group_id for _, group_id, _, _ in self._all_links) or bool(self.duties)

    @property
    def own_tests(self) -> list[TestActivity]:
        """The test activities that the groups of the person take, by name; a leader has a duty only."""
        own = {activity_id for activity_id, _, _, _ in self._all_links}
        return sorted((self._activities[one] for one in own), key=lambda activity: activity.name)

    def ids(self, kind: Kind) -> list[uuid.UUID]:
        """As in Selection; of persons only the one that is sent."""
        if kind == "persons":
            return [self._person_id] if self.is_wanted else []
        return super().ids(kind)

    @cached_property
    def persons(self) -> frozenset[uuid.UUID]:
        """Everybody who is wanted in the person's groups: whoever of them is missing at Skolverket is told of."""
        groups = {source.group_id for source in self.groups.values()}
        mates = Membership.objects.filter(group_id__in=groups, person__ended_at=None).values_list(
            "person_id", flat=True
        )
        taking = TestActivityGroup.objects.filter(test_activity__in=self._activities, group__ended_at=None)
        wanted = mates.filter(person__memberships__group_id__in=taking.values("group_id"))
        return frozenset(wanted) | {self._person_id}

    @cached_property
    def duties(self) -> frozenset[uuid.UUID]:
        """Those of the person's duties that the whole selection has too."""
        return self._duties_of_person & self._whole.duties if self._duties_of_person else frozenset()

    @cached_property
    def in_several_classes(self) -> frozenset[uuid.UUID]:
        """As in Selection, of those in the classes that are sent: the person's own, and those that it teaches."""
        groups = [source.group_id for source in self.groups.values()]
        sent = Group.objects.filter(pk__in=groups, group_type=Group.Type.CLASS)
        mates = Membership.objects.filter(group_id__in=sent.values("pk")).values("person_id")
        classes = Membership.objects.filter(
            person_id__in=mates, group__group_type=Group.Type.CLASS, group__ended_at=None
        )
        several = classes.order_by().values("person_id").annotate(classes=Count("pk")).filter(classes__gt=1)
        return frozenset(several.values_list("person_id", flat=True))

    @cached_property
    def _classes(self) -> frozenset[uuid.UUID]:
        """The person's own class, if it takes a test at all."""
        if not self._links:
            return frozenset()
        own = Group.objects.filter(pk__in=self._groups_of_person, group_type=Group.Type.CLASS, ended_at=None)
        return frozenset(own.values_list("pk", flat=True))

    @cached_property
    def _links(self) -> Links:
        """The groups that take a test and that the person is in or teaches, but those of what is left out."""
        return [link for link in self._all_links if link[0] not in self._without]

    @cached_property
    def _all_links(self) -> Links:
        own = self._groups_of_person | self._taught_groups
        return read_links(links_of(self._activities).filter(group_id__in=own))

    @cached_property
    def _groups_of_person(self) -> frozenset[uuid.UUID]:
        own = Membership.objects.filter(person_id=self._person_id, person__ended_at=None)
        return frozenset(own.values_list("group_id", flat=True))

    @cached_property
    def _duties_of_person(self) -> frozenset[uuid.UUID]:
        duties = Duty.objects.filter(person_id=self._person_id, person__ended_at=None, ended_at=None)
        return frozenset(duties.values_list("pk", flat=True))

    @cached_property
    def _taught_groups(self) -> frozenset[uuid.UUID]:
        taught = DutyAssignment.objects.filter(duty_id__in=self._duties_of_person)
        return frozenset(taught.values_list("group_id", flat=True))


def wanted_of(organisation: Organisation, person_id: uuid.UUID, sent_to: str = "") -> OnePerson:
    """What the active test activities want of the person with this id, as the register stands.

    With `sent_to`, an environment, only the groups and activities of tests that have been sent there.
    """
    person = Person.objects.filter(pk=person_id, ended_at=None).first()
    wanting = activities_that_want(organisation, person) if person else []
    without = {one.pk for one in wanting if not is_at_skolverket(one, sent_to)} if sent_to else set()
    return OnePerson(organisation, wanting, person_id, without)


def is_at_skolverket(test_activity: TestActivity, environment: str) -> bool:
    """Whether anything of the test itself has been accepted in `environment`. Needs the organisation's scope."""
    accepted = Accepted.objects.filter(environment=environment, kind="activities", perhaps=False)
    parts = Selection(test_activity.organisation, [test_activity]).activities
    return any(accepted.filter(object_id__in=piece).exists() for piece in in_pieces(parts))


def activities_that_want(
    organisation: Organisation,
    person: Person,
    state: str = TestActivityState.ACTIVE,
    duties: Sequence[Duty] | None = None,
) -> list[TestActivity]:
    """The test activities in `state` that want `person` (or would, if they were active), by name.

    `duties` are the person's that have not ended, if they are known already. Says the same as OnePerson.is_wanted of
    each, in one query. Needs the organisation's scope.
    """
    if person.ended_at:
        return []
    if duties is None:
        duties = list(Duty.objects.filter(person=person, ended_at=None))
    ids = [duty.pk for duty in duties]
    own = Q(group__in=Membership.objects.filter(person=person).values("group_id"))
    taught = Q(group__in=DutyAssignment.objects.filter(duty__in=ids).values("group_id"))
    led = Q(group__school_unit_code__in={one.school_unit_code for one in duties if one.duty_role in LEADING_ROLES})
    all_staff = Q(test_activity__all_staff=True, group__school_unit_code__in={one.school_unit_code for one in duties})
    links = TestActivityGroup.objects.filter(own | taught | led | all_staff, group__ended_at=None)
    named = TestActivity.extra_duties.through.objects.filter(duty_id__in=ids)
    wanting = Q(pk__in=links.values("test_activity_id")) | Q(pk__in=named.values("testactivity_id"))
    return list(TestActivity.objects.filter(wanting, organisation=organisation, state=state).order_by("name"))
