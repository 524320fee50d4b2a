"""The test activities that want a person are found for all at once, and are those of which each alone says so."""

import random

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.transfers.desired.one_person import OnePerson, activities_that_want
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState
from tests.transfers.small_school import UNIT, make_group, make_pupil, make_staff

OTHER_UNIT = "90000029"


@pytest.mark.parametrize("seed", range(4))
def test_all_at_once_says_what_each_says_alone(scoped: Organisation, seed: int) -> None:
    rng = random.Random(seed)
    _make_anything(scoped, rng)
    wanted = 0
    for person in Person.objects.all():
        for state in TestActivityState.values:
            alone = [
                one
                for one in TestActivity.objects.filter(state=state).order_by("name")
                if OnePerson(scoped, [one], person.pk).is_wanted
            ]
            assert activities_that_want(scoped, person, state) == alone
            wanted += len(alone)
    assert wanted, "a school in which nobody is wanted shows nothing"


def _make_anything(organisation: Organisation, rng: random.Random) -> None:
    """Pupils, staff, groups and test activities, tied together and ended by chance."""
    pupils = [make_pupil(organisation, number) for number in range(6)]
    types = (Group.Type.CLASS, Group.Type.TEACHING)
    groups = [make_group(organisation, f"G{n}", rng.choice(types), rng.sample(pupils, 2)) for n in range(6)]
    roles = ("Lärare", "Rektor", "Skoladministratör", "Kurator")
    duties = [make_staff(organisation, f"P{number}", rng.choice(roles)) for number in range(8)]
    for one in (*groups, *duties):
        one.school_unit_code = rng.choice((UNIT, OTHER_UNIT))
        one.ended_at = timezone.now() if rng.random() < 0.2 else None
        one.save()
    for person in rng.sample([*pupils, *(duty.person for duty in duties)], 3):
        person.ended_at = timezone.now()
        person.save()
    for duty in rng.sample(duties, 4):
        DutyAssignment.objects.create(group=rng.choice(groups), duty=duty)
    for number in range(6):
        activity = TestActivity.objects.create(
            organisation=organisation,
            name=f"T{number}",
            national_test="GRGRMAT01_6",
            state=rng.choice(TestActivityState.values),
            all_staff=rng.random() < 0.3,
        )
        for group in rng.sample(groups, rng.randint(0, 2)):
            TestActivityGroup.objects.create(test_activity=activity, group=group)
        activity.extra_duties.set(rng.sample(duties, rng.randint(0, 1)))
    assert Membership.objects.exists() and Duty.objects.exists()
