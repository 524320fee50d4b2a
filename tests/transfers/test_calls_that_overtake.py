"""One person's transfer runs beside a large one: two calls about the same object can be under way at once."""

import uuid
from datetime import timedelta

from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import Accepted
from provsluss.transfers.remote.accepted import RemoteState
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_school

KIND: Kind = "persons"
ONE = uuid.UUID(int=1)
OLD, NEW = b'{"familyName":"Ek"}', b'{"familyName":"Alm"}'


def test_the_earlier_of_two_calls_that_is_answered_last_does_not_count(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now)
    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=5))

    assert Accepted.objects.get().payload == NEW.decode()
    # Nobody knows which of them Skolverket took last, so it is sent once more.
    assert there.unchanged(KIND, {ONE: NEW}) == there.unchanged(KIND, {ONE: OLD}) == set()
    assert there.present(KIND, [ONE]) == {ONE}


def test_calls_that_are_answered_in_order_count(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=5))
    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], timezone.now())

    assert there.unchanged(KIND, {ONE: NEW}) == {ONE}


def test_two_calls_that_were_under_way_together_leave_a_doubt(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=5))
    # Posted before the first was answered: Skolverket can have worked them off in any order.
    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now - timedelta(seconds=4))

    assert there.unchanged(KIND, {ONE: NEW}) == there.unchanged(KIND, {ONE: OLD}) == set()


def test_a_removal_that_is_answered_after_a_later_call_leaves_a_doubt(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now)
    there.take_away(KIND, transfer.pk, [ONE], now - timedelta(seconds=5))

    assert there.unchanged(KIND, {ONE: NEW}) == set()
    assert there.present(KIND, [ONE]) == {ONE}


def test_a_call_that_is_answered_after_a_later_removal_leaves_a_doubt(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=60))
    Accepted.objects.update(accepted_at=now - timedelta(seconds=55))
    there.take_away(KIND, transfer.pk, [ONE], now)
    assert not Accepted.objects.exists()
    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now - timedelta(seconds=2))

    assert there.unchanged(KIND, {ONE: NEW}) == set()
