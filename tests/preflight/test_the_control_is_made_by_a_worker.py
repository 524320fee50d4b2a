"""What the worker does: a control that somebody asked for, and one after every import."""

import pytest

from provsluss.operations import workflows
from provsluss.organisations.models import Organisation
from provsluss.preflight import refresh
from provsluss.preflight.run import make_at_once
from provsluss.preflight.status import ControlStatus, control_status, new_control
from provsluss.register.models import Person
from provsluss.transfers.models import Transfer, TransferState
from tests.transfers.running import new_transfer
from tests.transfers.small_school import fetch_list_of_tests, make_school


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_control_that_was_asked_for(scoped: Organisation) -> None:
    make_school(scoped)
    asked, _ = new_control(scoped)
    workflows.make_control(asked.pk)
    found = control_status(scoped)
    assert found.control == asked
    assert found.under_way is None


@pytest.mark.django_db(transaction=True)
def test_after_an_import_there_is_a_new_one(scoped: Organisation) -> None:
    make_school(scoped)
    workflows.control_after_import(str(scoped.pk))
    assert control_status(scoped).control is not None


@pytest.mark.django_db(transaction=True)
def test_after_a_transfer_that_refused_something_there_is_a_new_one(
    scoped: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make_school(scoped)
    fetch_list_of_tests(scoped)
    first = make_at_once(scoped)
    transfer = new_transfer(activity)
    Transfer.objects.filter(pk=transfer.pk).update(state=TransferState.RUNNING)
    job = transfer.sync_jobs.create(
        organisation=scoped, kind="persons", position=0, state="done_with_errors", wanted=1, sent=1, error=1
    )
    pupil = Person.objects.filter(role="pupil")[0]
    job.results.create(organisation=scoped, object_id=pupil.pk, name="X", state="error")
    monkeypatch.setattr(refresh, "AT_ONCE", 0)  # as in a large organisation

    workflows.finish(transfer.pk, 1)

    asked = control_status(scoped).under_way
    assert asked is not None
    assert asked != first
    workflows.make_control(asked.pk)
    assert control_status(scoped) == ControlStatus(asked, None, is_old=False)
    assert asked.causes.get().refused
