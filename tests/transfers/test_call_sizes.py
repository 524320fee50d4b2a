"""413 although we were under our limit: the call is split, and the smaller limit is remembered for a while."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.models import Batch, BatchState, CallSize, TransferState
from provsluss.transfers.pipeline.batch_size import FORGOTTEN_AFTER, largest_call, learn_from_refusal
from provsluss.transfers.plan.planning import plan
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.simulator_control import log, switch
from tests.transfers.small_school import make_school

FAST = ("--delay", "0.1", "--transfer-rate", "0")


@pytest.fixture(autouse=True)
def small_calls(settings: Any) -> None:
    """So that a school of twenty needs several."""
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 6000, 0


def test_what_a_413_taught_is_used_by_the_next_calls(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST, "--max-bytes", "3500")
    activity = make_school(scoped, pupils=30)
    first = run(new_transfer(activity))
    assert first.state == TransferState.DONE
    assert counts(first, "persons") == {"wanted": 32, "sent": 32, "success": 32}
    refused = log(url)["statuses"]["413"]
    split = Batch.objects.filter(state=BatchState.SPLIT).count()
    assert 1 <= refused == split <= 2, "those that were packed before it was known, and no more"
    assert largest_call("simulator") <= 3000

    Person.objects.update(given_name="Annan")
    foreseen = plan(scoped, [activity])["persons"].calls
    second = run(new_transfer(activity))
    assert Batch.objects.filter(sync_job__transfer=second, sync_job__kind="persons").count() == foreseen
    assert counts(second, "persons") == {"wanted": 32, "sent": 32, "success": 32}
    assert log(url)["statuses"]["413"] == refused, "not tried again"


def test_it_is_forgotten_after_a_week(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    learn_from_refusal("simulator", 4000)
    assert largest_call("simulator") == 2000
    CallSize.objects.update(learned_at=timezone.now() - FORGOTTEN_AFTER + timedelta(minutes=1))
    assert largest_call("simulator") == 2000
    CallSize.objects.update(learned_at=timezone.now() - FORGOTTEN_AFTER)
    assert largest_call("simulator") == 6000
    learn_from_refusal("simulator", 5000)
    assert largest_call("simulator") == 2500, "and learned anew"


@pytest.mark.django_db
def test_it_is_never_smaller_than_a_tenth_and_each_environment_has_its_own() -> None:
    for refused in (6000, 3000, 1500, 400, 100):
        learn_from_refusal("simulator", refused)
    assert largest_call("simulator") == 600
    assert largest_call("produktion") == 6000


@pytest.mark.django_db
def test_an_older_larger_call_that_is_refused_does_not_raise_it() -> None:
    learn_from_refusal("simulator", 2000)
    learn_from_refusal("simulator", 6000)
    assert largest_call("simulator") == 1000


def test_an_object_that_is_larger_alone_is_still_tried(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    """A proxy that was wrong for a moment must not hold back a large group for a week."""
    url = skolverket(*FAST, "--max-bytes", "1000")
    activity = make_school(scoped, pupils=30)
    first = run(new_transfer(activity))
    assert counts(first, "groups") == {"wanted": 2, "error": 2}, "each alone is larger than what is let through"
    switch(url, max_bytes=200_000)
    second = run(new_transfer(activity))
    assert largest_call("simulator") < 1500
    assert counts(second, "groups") == {"wanted": 2, "sent": 2, "success": 2}
