"""One person's transfer runs beside a large one: two calls about the same object can be under way at once."""

import uuid
from datetime import timedelta

from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.at_skolverket import AtSkolverket
from provsluss.transfers.models import Accepted
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_school

KIND: Kind = "persons"
ONE = uuid.UUID(int=1)
OLD, NEW = b'{"familyName":"Ek"}', b'{"familyName":"Alm"}'


def test_the_earlier_of_two_calls_that_is_answered_last_does_not_count(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = AtSkolverket(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now)
    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=5))

    assert Accepted.objects.get().payload == NEW.decode()
    # Nobody knows which of them Skolverket took last, so it is sent once more.
    assert there.unchanged(KIND, {ONE: NEW}) == there.unchanged(KIND, {ONE: OLD}) == set()
    assert there.present(KIND, [ONE]) == {ONE}


def test_calls_that_are_answered_in_order_count(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = AtSkolverket(scoped, "simulator")
    now = timezone.now()

    there.accept(KIND, transfer.pk, [(ONE, OLD, False)], now - timedelta(seconds=5))
    there.accept(KIND, transfer.pk, [(ONE, NEW, False)], now)

    assert there.unchanged(KIND, {ONE: NEW}) == {ONE}
