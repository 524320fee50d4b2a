"""What is said of a sync job that removes, and of a transfer with such jobs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.organisations.models import User
from provsluss.transfers.models import SyncJob, Transfer, TransferState
from provsluss.wording.transfer import job_name, short_counts, sync_job_notice, transfer_notice

BEGAN = datetime(2026, 3, 22, 17, 13, 19, tzinfo=UTC)
counts = st.integers(min_value=0, max_value=3)


def _removal(state: str = "done", kind: str = "persons", **values: Any) -> SyncJob:
    values.setdefault("wanted", values.get("removed", 0) + values.get("error", 0))
    values.setdefault("started_at", BEGAN)
    return SyncJob(transfer=Transfer(), kind=kind, action="remove", state=state, **values)


def test_it_has_a_name_of_its_own() -> None:
    assert job_name(_removal()) == "Ta bort: användare"
    assert job_name(SyncJob(kind="persons")) == "Användare"


@given(removed=counts, error=counts)
def test_green_only_when_all_of_it_is_gone(removed: int, error: int) -> None:
    job = _removal(removed=removed, error=error)

    colors = {sync_job_notice(job).color, transfer_notice(Transfer(state=TransferState.DONE), [job]).color}

    assert colors == {"danger" if error else "success" if removed else "info"}
    how_many = f"{removed} av {removed + error} borttagna" if removed or error else "Inget togs bort"
    assert how_many in short_counts(job)
    assert (f"{error} fel" in short_counts(job)) == bool(error)


@pytest.mark.parametrize("state", [s for s in TransferState if not s.startswith("done")])
def test_nothing_unfinished_is_green(state: TransferState) -> None:
    assert sync_job_notice(_removal(state, removed=4)).color in ("info", "warning")


def test_what_waits_says_that_nothing_is_gone_yet() -> None:
    job = _removal("needs_review", wanted=128, started_at=None, message="128 av 400 elever skulle tas bort.")

    assert sync_job_notice(job).title == "Kräver granskning. Ingenting är borttaget än."
    assert sync_job_notice(job).text == "128 av 400 elever skulle tas bort."
    assert short_counts(job) == "128 väntar på granskning"


@pytest.mark.parametrize("values", [{"error": 2}, {"state": "running"}, {"state": "cancelled"}])
def test_who_decided_is_said_however_it_goes(values: dict[str, Any]) -> None:
    astrid = User(username="astrid", first_name="Astrid", last_name="Berg")
    job = _removal(removed=1, decision="approved", decided_by=astrid, decided_at=BEGAN, **values)
    assert "Godkänd av Astrid Berg 2026-03-22 18:13." in sync_job_notice(job).text


def test_what_was_decided_by_whom_and_when_is_said_afterwards() -> None:
    astrid = User(username="astrid", first_name="Astrid", last_name="Berg")
    decided: dict[str, Any] = {"decided_by": astrid, "decided_at": BEGAN}
    approved = _removal(removed=128, decision="approved", **decided)
    refused = _removal(wanted=128, decision="refused", started_at=None, **decided)

    said = "128 personer togs bort hos Skolverket. Godkänd av Astrid Berg 2026-03-22 18:13."
    assert sync_job_notice(approved).text == said
    assert sync_job_notice(refused).text.endswith("behålls hos Skolverket. Nekad av Astrid Berg 2026-03-22 18:13.")
    assert short_counts(refused) == "128 behålls hos Skolverket"


def test_a_transfer_tells_of_what_was_sent_and_what_was_removed_apart() -> None:
    sent = SyncJob(kind="persons", state="done", wanted=3, success=2, error=1)
    gone = _removal(removed=5, error=1, kind="groups")

    notice = transfer_notice(Transfer(state=TransferState.DONE_WITH_ERRORS), [sent, gone])

    assert notice.text == (
        "1 person nekades av Skolverket och 1 grupp kunde inte tas bort. 5 uppgifter togs bort hos Skolverket."
    )


def test_a_transfer_that_only_removed_says_so() -> None:
    unchanged = SyncJob(kind="persons", state="done", wanted=3, unchanged=3)

    notice = transfer_notice(Transfer(state=TransferState.DONE), [unchanged, _removal(removed=1)])

    assert (notice.color, notice.text) == (
        "success", "Inget nytt behövde skickas. 1 uppgift togs bort hos Skolverket."
    )  # fmt: skip
