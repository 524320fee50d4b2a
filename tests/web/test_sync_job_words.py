"""What is said of sync jobs and transfers: a green page is a true one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.transfers.models import SyncJob, Transfer, TransferState
from provsluss.wording.transfer import progress_sentence, short_counts, sync_job_notice, transfer_notice

BEGAN = datetime(2026, 3, 22, 17, 13, 19, tzinfo=UTC)
counts = st.integers(min_value=0, max_value=3)


def _job(state: str = "done", **numbers: int) -> SyncJob:
    """A job whose `wanted` is the sum of what became of its objects."""
    parts = ("success", "warning", "error", "withheld", "unchanged")
    numbers.setdefault("wanted", sum(numbers.get(part, 0) for part in parts))
    return SyncJob(transfer=Transfer(), kind="persons", state=state, started_at=BEGAN, **numbers)


@given(success=counts, warning=counts, error=counts, withheld=counts, unchanged=counts, removed=counts)
def test_green_only_when_everything_sent_was_received(
    success: int, warning: int, error: int, withheld: int, unchanged: int, removed: int
) -> None:
    job = _job(success=success, warning=warning, error=error, withheld=withheld, unchanged=unchanged, removed=removed)

    colors = {sync_job_notice(job).color, transfer_notice(Transfer(state=TransferState.DONE), [job]).color}

    if error or withheld:
        assert colors == {"danger"}
    elif warning:
        assert colors == {"warning"}
    elif success or removed:
        assert colors == {"success"}
    else:
        assert colors == {"info"}


@given(success=counts, error=counts, withheld=counts, unchanged=counts)
def test_what_is_not_received_is_always_counted_in_words(
    success: int, error: int, withheld: int, unchanged: int
) -> None:
    said = short_counts(_job(success=success, error=error, withheld=withheld, unchanged=unchanged))

    assert (f"{error} fel" in said) == bool(error)
    assert (f"{withheld} hålls inne" in said) == bool(withheld)
    assert ("oförändrad" in said) == bool(unchanged)


@pytest.mark.parametrize("state", [s for s in TransferState if not s.startswith("done")])
def test_nothing_unfinished_is_green(state: TransferState) -> None:
    job = _job(state, success=4)

    assert sync_job_notice(job).color in ("info", "warning")
    assert transfer_notice(Transfer(state=state), [job]).color in ("info", "warning")


def test_unchanged_objects_are_told_of() -> None:
    assert "4 var oförändrade sedan förra gången" in sync_job_notice(_job(success=28, unchanged=4)).text


def test_only_unchanged_is_nothing_new() -> None:
    notice = sync_job_notice(_job(unchanged=32))

    assert notice.title == "Inget nytt att skicka."
    assert "32 var oförändrade" in notice.text


@pytest.mark.parametrize(
    ("answered", "seconds", "said"),
    [
        (0, 10, "0 av 400 besvarade."),
        (312, 71, "312 av 400 besvarade, ungefär 20 sekunder kvar."),
        (399, 100, "399 av 400 besvarade, några sekunder kvar."),
        (100, 300, "100 av 400 besvarade, ungefär 15 minuter kvar."),
        (1, 60, "1 av 400 besvarade, ungefär 7 timmar kvar."),
        (400, 60, "400 av 400 besvarade."),
    ],
)
def test_how_far_and_how_long(answered: int, seconds: int, said: str) -> None:
    job = _job("running", success=answered, wanted=400)

    assert progress_sentence(job, BEGAN + timedelta(seconds=seconds)) == said


def test_a_retry_tells_when() -> None:
    job = _job("retrying", success=1, wanted=4)
    job.next_try_at = BEGAN

    assert "klockan 18:13" in sync_job_notice(job).title
    assert "klockan 18:13" in transfer_notice(Transfer(state=TransferState.RETRYING), [job]).title


def test_what_was_not_sent_is_not_said_to_be_received() -> None:
    job = _job("done_with_warnings", warning=2, unchanged=3)

    assert short_counts(job) == "2 oförändrade med varningar sedan tidigare, 3 oförändrade"
    assert "2 oförändrade med varningar sedan tidigare skickades inte igen." in sync_job_notice(job).text


def test_warnings_from_before_are_told_apart_from_new_ones() -> None:
    said = short_counts(_job("done_with_warnings", success=4, warning=3, sent=5))

    assert said.startswith("5 av 5 mottagna, 1 varning, 2 oförändrade med varningar sedan tidigare")
