"""Skolverket answers slowly, refuses, hangs up and forgets; the end state is the same as without faults."""

from collections.abc import Callable
from typing import Any

import pytest

from provsluss.organisations.models import Organisation
from provsluss.transfers import pacing
from provsluss.transfers.models import Accepted, BatchState, ObjectResult, ObjectState, TransferState
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school

FAST = ("--delay", "0.1", "--transfer-rate", "0", "--seed", "7")


@pytest.fixture(autouse=True)
def many_small_calls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, so that faults have something to hit, and short pauses."""
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 3000, 0
    monkeypatch.setattr(pacing, "FIRST_PAUSE", 0.05)
    settings.LONGEST_PAUSE_SECONDS = 0.4


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(("--fail-share", "0.2"), id="a fifth of the calls gets 503"),
        pytest.param(("--drop-share", "0.2"), id="a fifth of the connections breaks"),
        pytest.param(("--html-share", "0.2"), id="a proxy answers in HTML"),
        pytest.param(("--temporary-share", "0.3"), id="some objects get TemporaryError"),
        pytest.param(("--forget-share", "0.3"), id="some jobs are forgotten"),
        pytest.param(("--duplicate-share", "0.5"), id="some answers say a thing twice"),
        pytest.param(("--slow-share", "0.3"), id="some jobs are slow"),
        pytest.param(("--down-seconds", "2"), id="closed in the beginning"),
        pytest.param(("--storm-seconds", "1.5"), id="429 on everything for a while"),
        pytest.param(("--max-bytes", "1500"), id="the limit is smaller than we thought"),
        pytest.param(("--token-life", "1"), id="tokens that soon end"),
    ],
)
def test_the_end_is_the_same_as_without_faults(
    fault: tuple[str, ...], scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    activity = make_school(scoped, pupils=20)
    skolverket(*FAST, *fault)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert counts(transfer, "duties") == {"wanted": 2, "sent": 2, "success": 2}
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "success": 2}
    assert counts(transfer, "activities") == {"wanted": 1, "sent": 1, "success": 1}
    assert Accepted.objects.count() == 27
    assert set(ObjectResult.objects.values_list("state", flat=True)) == {ObjectState.RECEIVED}


def test_a_job_that_never_ends_is_given_up(scoped: Organisation, skolverket: Callable[..., str], settings: Any) -> None:
    settings.JOB_PATIENCE_HOURS = 1 / 3600
    activity = make_school(scoped)
    skolverket(*FAST, "--never-share", "1")
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons")["error"] == 7
    assert counts(transfer, "duties") == {"wanted": 2, "withheld": 2}
    result = ObjectResult.objects.filter(state=ObjectState.ERROR).first()
    assert result is not None
    assert result.findings[0]["code"] == "never_completed"


def test_a_call_that_is_too_large_is_split(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_school(scoped, pupils=20)
    skolverket(*FAST, "--max-bytes", "1500")
    transfer = run(new_transfer(activity))
    persons = transfer.sync_jobs.get(kind="persons")
    assert persons.batches.filter(state=BatchState.SPLIT).exists()
    assert persons.success == 22
