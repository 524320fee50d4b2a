"""What is "oförändrat" at one address says nothing of another, even if the environment is called the same."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from provsluss.connection.check import Level
from provsluss.organisations.environments import place
from provsluss.organisations.models import Organisation
from provsluss.preflight.refresh import renew
from provsluss.preflight.status import control_status
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.register.models import Person
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions import send as sending
from provsluss.transfers.actions.send_again import can_run_again
from provsluss.transfers.desired.person_facts import facts_of
from provsluss.transfers.models import Accepted, Action, Plan, Purpose, SyncJob, Transfer, TransferState
from provsluss.transfers.pipeline import advance
from provsluss.transfers.pipeline.orphaned_calls import left_behind
from provsluss.transfers.plan.planning import plan
from provsluss.transfers.plan.staleness import what_has_changed
from provsluss.transfers.remote import read_back
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.new_address import check_address, environments_at, known_addresses, move, move_all
from provsluss.transfers.removal import review
from provsluss.transfers.removal.obsolete import to_remove
from provsluss.visibility.accepted_graph import accepted_graph, accepted_persons
from provsluss.web.persons.arrival import arrival_of
from provsluss.web.plans.page import _hindrance
from provsluss.web.test_activities.latest_transfer import latest_transfer
from provsluss.web.test_activities.pages import rows_of
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school

PUPILS = 6


@pytest.fixture
def elsewhere(settings: Any) -> Callable[[], None]:
    """`elsewhere()` gives the environment another address, where nobody listens."""

    def change() -> None:
        settings.SIMULATOR_URL = "http://127.0.0.1:9"

    return change


def _pupil() -> Person:
    return Person.objects.filter(role=Person.Role.PUPIL).order_by("pk")[0]


# --- Everything that reads what has been accepted ---------------------------------------------------------------------


def test_another_service_gets_everything_and_the_first_keeps_its_own(
    scoped: Organisation, skolverket: Callable[..., str], start_simulator: Callable[..., str], settings: Any
) -> None:
    first, activity = skolverket("--seed", "7"), make_school(scoped, pupils=PUPILS)
    run(new_transfer(activity))
    assert counts(run(new_transfer(activity)), "persons").get("sent", 0) == 0

    settings.SIMULATOR_URL = start_simulator("--delay", "0.03", "--transfer-rate", "0", "--read-rate", "0")
    assert {kind: one.new for kind, one in plan(scoped, [activity]).items()} == {
        kind: one.wanted for kind, one in plan(scoped, [activity]).items()
    }
    second = run(new_transfer(activity))

    assert second.state == TransferState.DONE, second.message
    assert counts(second, "persons") == {"wanted": PUPILS + 2, "sent": PUPILS + 2, "success": PUPILS + 2}
    assert all(one.found == one.accepted > 0 for one in read_back.verify(scoped).values())

    settings.SIMULATOR_URL = first
    assert counts(run(new_transfer(activity)), "persons")["unchanged"] == PUPILS + 2
    assert all(one.found == one.accepted > 0 for one in read_back.verify(scoped).values())


def test_nobody_takes_what_is_elsewhere_for_what_is_here(scoped: Organisation, elsewhere: Callable[[], None]) -> None:
    activity = make_school(scoped, pupils=PUPILS)
    accept_everything(scoped, activity)
    gone = _pupil()
    Person.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    other = Person.objects.filter(role=Person.Role.PUPIL, ended_at=None).order_by("pk")[0]

    def seen() -> tuple[Any, ...]:
        arrival = arrival_of(scoped, facts_of(other))
        return (
            sum(len(ids) for ids in to_remove(scoped, "simulator").values()) > 0,
            len(RemoteState(scoped, "simulator").present("persons", [other.pk])),
            sum(one.unchanged for one in plan(scoped, [activity]).values()) > 0,
            bool(accepted_persons(scoped, "simulator")),
            bool(accepted_graph(scoped, "simulator").activities),
            arrival.title == "Inte skickad till Skolverket",
            latest_transfer(activity, "simulator") is not None,
            rows_of([activity], "simulator")[0].last_transfer is not None,
        )

    assert seen() == (True, 1, True, True, True, False, True, True)
    elsewhere()
    assert seen() == (False, 0, False, False, False, True, False, False)
    (said, _) = arrival_of(scoped, facts_of(other)).sentences
    assert said.startswith("Personen har bara skickats till en annan adress för Simulator, inte till miljön och adr")


def test_a_control_is_old_when_the_address_is_another(scoped: Organisation, elsewhere: Callable[[], None]) -> None:
    make_school(scoped)
    renew(scoped)
    assert not control_status(scoped).is_old

    elsewhere()

    assert control_status(scoped).is_old


def test_a_preview_of_another_address_is_old_and_cannot_be_sent(
    scoped: Organisation, elsewhere: Callable[[], None]
) -> None:
    activity = make_school(scoped)
    looked_at = Plan.objects.create(organisation=scoped, environment="simulator", state="ready")
    assert not _hindrance(looked_at, [activity])

    elsewhere()

    assert _hindrance(looked_at, [activity])
    assert "Den gäller en annan adress: http://127.0.0.1:8100/provisioning/v1." in what_has_changed(looked_at)


# --- Transfers that had begun -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [False, True])
def test_a_transfer_does_not_go_on_at_another_address(
    scoped: Organisation, elsewhere: Callable[[], None], monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    transfer = new_transfer(make_school(scoped))
    if begun:
        assert advance.begin(transfer.pk, transfer.attempt)
    elsewhere()
    monkeypatch.setattr(ProvisioningClient, "post_bulk", lambda *_: pytest.fail("something was sent"))

    run(transfer)

    assert transfer.state == TransferState.CANCELLED
    assert transfer.message.startswith("Överföringen gäller adressen http://127.0.0.1:8100/provisioning/v1, men Simul")
    assert "http://127.0.0.1:9/provisioning/v1" in transfer.message
    with pytest.raises(sending.CannotSend, match="gäller adressen"):
        sending.resume(transfer)


def test_what_a_call_may_have_brought_is_noted_where_it_was_made(
    scoped: Organisation, elsewhere: Callable[[], None]
) -> None:
    transfer = new_transfer(make_school(scoped))
    advance.begin(transfer.pk, transfer.attempt)
    job = transfer.sync_jobs.get(kind="persons")
    advance._start(job, "persons", timezone.now())
    advance._prepare(job, "persons", RemoteState.of(transfer))
    job.batches.update(attempts=1)
    elsewhere()

    sending.cancel(transfer)

    assert not Accepted.objects.exists()
    noted = Accepted.everywhere.filter(perhaps=True)
    assert set(noted.values_list("address", flat=True)) == {transfer.address}
    job.batches.update(state="posted")
    assert not left_behind("simulator").exists()


def _waiting(scoped: Organisation) -> Transfer:
    """A removal that waits for a decision."""
    activity = make_school(scoped, pupils=PUPILS)
    accept_everything(scoped, activity)
    transfer = new_transfer(activity)
    transfer.state = TransferState.NEEDS_REVIEW
    transfer.save()
    job = SyncJob.objects.create(
        transfer=transfer, organisation=scoped, kind="persons", action=Action.REMOVE, position=7, state="needs_review"
    )
    job.results.create(organisation=scoped, object_id=_pupil().pk, name="x")
    return transfer


def test_a_removal_at_another_address_is_refused_there_and_approved_nowhere(
    scoped: Organisation, elsewhere: Callable[[], None]
) -> None:
    transfer = _waiting(scoped)
    elsewhere()
    accept_everything(scoped, *transfer.test_activities.all())

    with pytest.raises(review.AlreadyDecided, match="gäller adressen"):
        sending.approve_removal(transfer, None)
    review.close_older_reviews(new_transfer(*transfer.test_activities.all()))
    transfer.refresh_from_db()
    assert transfer.state == TransferState.NEEDS_REVIEW
    review.refuse(transfer, None)

    kept = Accepted.everywhere.exclude(kept_at=None)
    assert [one.address for one in kept] == [transfer.address]
    assert transfer.sync_jobs.get(action=Action.REMOVE).unchanged == 1


def test_what_was_removed_or_refused_elsewhere_is_neither_undone_nor_run_again(
    scoped: Organisation, elsewhere: Callable[[], None]
) -> None:
    activity = make_school(scoped, pupils=PUPILS)
    accept_everything(scoped, activity)
    transfer = new_transfer(activity)
    transfer.state = TransferState.DONE_WITH_ERRORS
    transfer.save()
    transfer.sync_jobs.create(organisation=scoped, kind="persons", position=0, error=1, state="done_with_errors")
    RemoteState.of(transfer).take_away("persons", transfer.pk, [_pupil().pk], timezone.now())
    assert can_run_again(transfer)

    elsewhere()

    assert not can_run_again(transfer)
    with pytest.raises(sending.CannotSend, match=r"gjordes på adressen http://127\.0\.0\.1:8100/"):
        sending.undo_removal(transfer, None)
    assert not Transfer.objects.filter(purpose=Purpose.RESTORE).exists()


# --- The same service at a new address --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["http://127.0.0.1:8100", "http://127.0.0.1:8100/", "HTTP://LOCALHOST:8100", "http://a:hemlig@127.0.0.1:8100",
     "http://[::1]:8100"],
)  # fmt: skip
def test_one_address_is_written_in_many_ways(settings: Any, written: str) -> None:
    settings.SIMULATOR_URL = written.rstrip("/")
    assert place("simulator") == "http://127.0.0.1:8100/provisioning/v1"
    settings.PRODUCTION_URL = "https://API.skolverket.se:443/provtjanst"
    assert place("produktion") == "https://api.skolverket.se/provtjanst/provisioning/v1"


def test_another_address_is_told_until_somebody_says_that_it_is_the_same(
    scoped: Organisation, elsewhere: Callable[[], None]
) -> None:
    activity = make_school(scoped, pupils=PUPILS)
    accept_everything(scoped, activity)
    assert check_address(scoped) == []
    elsewhere()

    (check,) = check_address(scoped)
    old = "http://127.0.0.1:8100/provisioning/v1"
    number = Accepted.everywhere.count()
    assert check.level == Level.WARNING
    assert f"det som skickats till {old} ({number} objekt)" in check.sentence
    assert f"provsluss address moved {old}" in check.remedy
    assert environments_at(old) == ["simulator"]

    assert move("simulator", old) == number
    assert check_address(scoped) == environments_at(old) == []
    assert all(one.unchanged == one.wanted for one in plan(scoped, [activity]).values())
    assert [(one.is_todays, one.objects) for one in known_addresses()] == [(True, number)]
    assert Transfer.objects.get().is_elsewhere is False


def test_what_is_at_both_is_sent_once_more(scoped: Organisation, elsewhere: Callable[[], None]) -> None:
    activity = make_school(scoped, pupils=PUPILS)
    accept_everything(scoped, activity)
    old, ours = place("simulator"), _pupil()
    elsewhere()
    payload = Accepted.everywhere.get(kind="persons", object_id=ours.pk).payload.encode()
    here = RemoteState(scoped, "simulator")
    here.never_answered("persons", Transfer.objects.get().pk, {ours.pk: payload})

    move("simulator", old)

    assert here.present("persons", [ours.pk]) == {ours.pk}
    assert not here.unchanged("persons", {ours.pk: payload})
    assert (
        Accepted.everywhere.count()
        == Accepted.objects.count()
        == sum(one.wanted for one in plan(scoped, [activity]).values())
    )


def test_the_demos_simulator_is_the_same_whatever_its_port(scoped: Organisation, settings: Any) -> None:
    activity = make_school(scoped, pupils=PUPILS)
    for port in (8100, 8101, 8102):
        settings.SIMULATOR_URL = f"http://127.0.0.1:{port}"
        move_all("simulator")
        if port == 8100:
            accept_everything(scoped, activity)
    assert all(one.unchanged == one.wanted for one in plan(scoped, [activity]).values())
    assert len(KINDS) == len(plan(scoped, [activity]))
