"""What a preview says is what a transfer then does, object by object."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import (
    TestActivity,
    TestActivityGroup,
)
from provsluss.transfers.plan.outcome import differences, outcome
from tests.transfers.fates import new_plan, planned_fates, real_fates
from tests.transfers.running import new_transfer, run
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


@pytest.mark.parametrize("seed", range(4))
def test_every_object_fares_as_the_plan_said(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any, seed: int
) -> None:
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 9000, 0
    settings.REMOVAL_COUNT = 1000
    skolverket("--delay", "0.01", "--transfer-rate", "0", "--read-rate", "0")
    activities = _large_enough(scoped)
    chance = random.Random(seed)
    for number in range(ROUNDS):
        transfer = new_transfer(*activities)
        plan = new_plan(transfer)
        transfer.plan = plan
        transfer.save()
        run(transfer)
        assert transfer.is_ended, transfer.state
        assert planned_fates(plan) == real_fates(transfer)
        for kind in KINDS:
            job = transfer.sync_jobs.get(kind=kind, action="send")
            said = plan.counts[kind]
            assert job.error == 0, "the simulator refuses nothing that the rules let through"
            assert said["calls"] == job.batches.count()
            assert said["wanted"] == job.wanted
            assert said["unchanged"] == job.unchanged + said["incomplete"]
            assert said["withheld"] == job.withheld
            removal = transfer.sync_jobs.filter(kind=kind, action="remove").first()
            assert said["removed"] == (removal.removed if removal else 0)
            assert said["removal_calls"] == (removal.batches.count() if removal else 0)
        assert list(differences(plan, transfer)) == []
        assert all(one.differences == 0 for one in outcome(plan, transfer))
        assert new_plan(transfer).counts["persons"]["new"] == 0
        _unsettle(scoped, chance, number)
