"""What a preview says is what a transfer then does, object by object."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Accepted, ObjectResult, Plan, TestActivity, TestActivityGroup, Transfer
from provsluss.transfers.plan.comparison import compare, differences
from tests.transfers.fates import new_plan, planned_fates, real_fates
from tests.transfers.running import new_transfer, run
from tests.transfers.simulator_control import switch
from tests.transfers.small_school import make_group, make_pupil, make_school, make_staff

PUPILS = 40
ROUNDS = 3


def _large_enough(organisation: Organisation) -> list[TestActivity]:
    """Two test activities that share pupils and staff: one of teaching groups, one of a class."""
    first = make_school(organisation, pupils=PUPILS)
    pupils = list(Person.objects.filter(role=Person.Role.PUPIL).order_by("family_name"))
    for number in range(4):
        part = make_group(organisation, f"Sv6{number}", Group.Type.TEACHING, pupils[number * 8 : number * 8 + 12])
        teacher = make_staff(organisation, f"Lärare{number}", "Lärare")
        DutyAssignment.objects.create(group=part, duty=teacher)
        TestActivityGroup.objects.create(test_activity=first, group=part)
    second = TestActivity.objects.create(organisation=organisation, name="Svenska", national_test="GRGRSVE01_6")
    TestActivityGroup.objects.create(test_activity=second, group=Group.objects.get(name="6A"))
    return [first, second]


def _unsettle(organisation: Organisation, chance: random.Random, number: int) -> None:
    """What a term does to a register: new names, errors and their mending, endings, moves, newcomers."""
    persons = list(Person.objects.filter(ended_at=None).order_by("pk"))
    chance.shuffle(persons)
    renamed, broken, ended = persons[:3], persons[3:6], persons[6:9]
    for person in renamed:
        Person.objects.filter(pk=person.pk).update(given_name=f"{person.given_name}{number}")
    for person, changes in zip(
        broken, ({"eppn": ""}, {"civic_number": "201402302388"}, {"family_name": ""}), strict=True
    ):
        Person.objects.filter(pk=person.pk).update(**changes)
    Person.objects.filter(pk__in=[person.pk for person in ended]).update(ended_at=timezone.now())
    Duty.objects.filter(pk__in=chance.sample(sorted(Duty.objects.values_list("pk", flat=True)), 1)).update(
        ended_at=timezone.now()
    )
    for membership in chance.sample(sorted(Membership.objects.values_list("pk", flat=True)), 3):
        Membership.objects.filter(pk=membership).delete()
    newcomer = make_pupil(organisation, 1000 + number)
    for group in chance.sample(list(Group.objects.order_by("pk")), 2):
        Membership.objects.get_or_create(group=group, person=newcomer)
    if number == ROUNDS - 1:
        Group.objects.filter(name="Sv60").update(ended_at=timezone.now())


def _assert_as_planned(plan: Plan, transfer: Transfer) -> None:
    """Object by object and number by number."""
    assert planned_fates(plan) == real_fates(transfer)
    for kind in KINDS:
        job = transfer.sync_jobs.get(kind=kind, action="send")
        said = plan.counts[kind]
        assert said["refused_before"] == job.error, "nothing else is refused of what the rules let through"
        assert said["calls"] == job.batches.count()
        assert said["wanted"] == job.wanted
        assert said["unchanged"] == job.unchanged + said["incomplete"]
        assert said["withheld"] == job.withheld
        removal = transfer.sync_jobs.filter(kind=kind, action="remove").first()
        assert said["removed"] == (removal.removed + removal.error if removal else 0)
        assert said["removal_calls"] == (removal.batches.count() if removal else 0)
    assert list(differences(plan, transfer)) == []
    assert all(one.differences == 0 for one in compare(plan, transfer))


@pytest.mark.parametrize("seed", range(3))
def test_every_object_fares_as_the_plan_said(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any, seed: int
) -> None:
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 9000, 0
    settings.REMOVAL_COUNT = 1000
    skolverket()
    activities = _large_enough(scoped)
    chance = random.Random(seed)
    for number in range(ROUNDS):
        transfer = new_transfer(*activities)
        plan = new_plan(transfer)
        transfer.plan = plan
        transfer.save()
        run(transfer)
        assert transfer.is_ended, transfer.state
        _assert_as_planned(plan, transfer)
        assert not any(plan.counts[kind]["refused_before"] for kind in KINDS)
        assert new_plan(transfer).counts["persons"]["new"] == 0
        _unsettle(scoped, chance, number)


def test_what_skolverket_refused_it_refuses_again(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    """Persons, duties, groups, activities, and with this seed a removal too."""
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 9000, 0
    settings.REMOVAL_COUNT = 1000
    url = skolverket()
    activities = _large_enough(scoped)
    chance = random.Random(2)
    for number in range(2):
        # Some who are there already, some who have never been, and whatever belongs to them.
        switch(url, refused_ids=_some(chance))
        if number:
            _unsettle(scoped, chance, 0)
            run(new_transfer(*activities))  # whoever is removed leaves its groups by that, which are others then
        first = run(new_transfer(*activities))
        refused = ObjectResult.objects.filter(sync_job__transfer=first, state="error", sync_job__action="send").count()
        assert refused
        again = new_transfer(*activities)
        plan = again.plan = new_plan(again)
        again.save()
        run(again)
        _assert_as_planned(plan, again)
        assert sum(plan.counts[kind]["refused_before"] for kind in KINDS) == refused
    switch(url, refused_ids=[])
    mended = new_transfer(*activities)
    plan = new_plan(mended)
    run(mended)
    surprises = {one.sentence for one in differences(plan, mended)}
    assert "Nekades senast, och väntades nekas igen. Skickades och togs emot." in surprises
    assert not any(new_plan(mended).counts[kind]["refused_before"] for kind in KINDS)


def _some(chance: random.Random) -> list[str]:
    """The ids of some persons, duties, groups and activities, for the simulator to refuse."""
    found = []
    for ids, number in (
        (Person.objects.values_list("pk", flat=True), 5),
        (Duty.objects.values_list("pk", flat=True), 1),
        (Group.objects.values_list("pk", flat=True), 1),
        (Accepted.objects.filter(kind="activities").values_list("object_id", flat=True), 1),
    ):
        known = sorted(str(one) for one in ids)
        found += chance.sample(known, min(number, len(known)))
    return found
