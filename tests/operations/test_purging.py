"""Gallring: what is too old goes, what is not stays, and a report says how much it was."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.operations import purging
from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.register.models import Duty, Person
from provsluss.transfers.models import (
    Accepted,
    Control,
    ControlCell,
    ControlFinding,
    ObjectResult,
    PurgeReport,
    RemovedObject,
    SyncJob,
    TestActivity,
    Transfer,
    TransferState,
)
from provsluss.transfers.plan.changes import changes
from provsluss.transfers.plan.names import PlanNames
from provsluss.transfers.remote.display_columns import Codes
from tests.transfers.small_school import make_school
from tests.visibility.at_skolverket import accept_all

LAST_YEAR = purging.school_year_began(timezone.localdate()) - timedelta(days=1)
THIS_YEAR = purging.school_year_began(timezone.localdate()) + timedelta(hours=1)


@pytest.fixture
def activity(scoped: Organisation) -> TestActivity:
    activity = make_school(scoped)
    accept_all(scoped, activity)
    return activity


@pytest.fixture
def transfer(scoped: Organisation) -> Transfer:
    """Done, with a result that has no more to do with it."""
    transfer = Transfer.objects.create(
        organisation=scoped, environment="simulator", state=TransferState.DONE, finished_at=timezone.now()
    )
    job = SyncJob.objects.create(organisation=scoped, transfer=transfer, kind="persons", position=0, success=1)
    ObjectResult.objects.create(
        sync_job=job, organisation=scoped, object_id=scoped.pk, name="Alva Åström", civic_number="201405122384"
    )
    return transfer


@pytest.mark.parametrize(
    ("today", "began"),
    [((2026, 6, 30), 2025), ((2026, 7, 1), 2026), ((2026, 12, 31), 2026), ((2027, 1, 1), 2026)],
)
def test_the_school_year_begins_in_july(today: tuple[int, int, int], began: int) -> None:
    found = purging.school_year_began(date(*today))

    assert found == timezone.make_aware(datetime(began, 7, 1))


def test_nothing_old_leaves_no_report(scoped: Organisation, activity: TestActivity, transfer: Transfer) -> None:
    assert purging.purge() is None
    assert not PurgeReport.objects.exists()


@pytest.mark.parametrize(("ended", "left"), [(LAST_YEAR, 0), (THIS_YEAR, 1)])
def test_the_fate_of_objects_goes_with_the_school_year_and_totals_stay(
    transfer: Transfer, ended: datetime, left: int
) -> None:
    Transfer.objects.update(finished_at=ended, created_at=ended)

    purging.purge()

    assert ObjectResult.objects.count() == left
    assert SyncJob.objects.get().success == 1


def test_what_still_runs_is_left_alone(transfer: Transfer) -> None:
    Transfer.objects.update(created_at=LAST_YEAR, finished_at=None, state=TransferState.RUNNING)

    assert purging.purge() is None
    assert ObjectResult.objects.count() == 1


@pytest.mark.parametrize(("ended", "left"), [(LAST_YEAR, 0), (THIS_YEAR, 1)])
def test_what_nobody_reviewed_ends_with_the_school_year(transfer: Transfer, ended: datetime, left: int) -> None:
    Transfer.objects.update(finished_at=ended, created_at=ended, state=TransferState.NEEDS_REVIEW)

    purging.purge()

    assert ObjectResult.objects.count() == left
    assert Transfer.objects.get().state == TransferState.NEEDS_REVIEW


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
@pytest.mark.parametrize("environment", ["simulator", "production"])
def test_controls_go_with_the_payloads_in_every_environment(
    scoped: Organisation, activity: TestActivity, environment: str, days: int, left: int
) -> None:
    Person.objects.filter(role="pupil").update(eppn="")
    make_at_once(scoped)
    Control.objects.update(environment=environment, created_at=timezone.now() - timedelta(days=days))

    report = purging.purge()

    assert Control.objects.count() == left
    assert ControlFinding.objects.exists() == ControlCell.objects.exists() == bool(left)
    assert (report.counts if report else {}) == ({} if left else {"controls": 1})


def test_totals_go_after_two_years(transfer: Transfer) -> None:
    for days, left in ((729, 1), (731, 0)):
        ended = timezone.now() - timedelta(days=days)
        Transfer.objects.update(finished_at=ended, created_at=ended)
        purging.purge()
        assert Transfer.objects.count() == left


def test_what_would_undo_a_removal_goes_with_the_payloads(scoped: Organisation, transfer: Transfer) -> None:
    RemovedObject.objects.create(
        organisation=scoped, environment="simulator", kind="persons", object_id=scoped.pk, payload="{}",
        transfer=transfer,
    )  # fmt: skip
    purging.purge()
    assert RemovedObject.objects.get().payload == "{}"

    RemovedObject.objects.update(removed_at=timezone.now() - timedelta(days=31))
    purging.purge()

    assert RemovedObject.objects.get().payload == ""


def test_of_those_who_left_last_year_only_id_and_fingerprint_stay(scoped: Organisation, activity: TestActivity) -> None:
    pupil = Person.objects.filter(role="pupil").order_by("pk")[0]
    teacher = Duty.objects.get(person__given_name="Lovisa")
    Person.objects.filter(pk__in=[pupil.pk, teacher.person_id]).update(ended_at=LAST_YEAR)
    before = dict(Accepted.objects.values_list("object_id", "payload_hash"))
    Accepted.objects.update(accepted_at=LAST_YEAR)

    report = purging.purge()

    emptied = set(Accepted.objects.filter(payload="").values_list("object_id", flat=True))
    assert emptied == {pupil.pk, teacher.person_id, teacher.pk}
    assert dict(Accepted.objects.values_list("object_id", "payload_hash")) == before
    assert report is not None
    assert report.counts == {"accepted_payloads": 3}
    assert changes("duties", "", Accepted.objects.get(kind="duties", object_id=_head().pk).payload.encode(), _names())


def test_those_who_left_this_year_are_kept(scoped: Organisation, activity: TestActivity) -> None:
    Person.objects.update(ended_at=THIS_YEAR)
    Accepted.objects.update(accepted_at=LAST_YEAR)

    assert purging.purge() is None


def test_an_environment_that_is_no_longer_used_is_emptied(scoped: Organisation, activity: TestActivity) -> None:
    Accepted.objects.update(accepted_at=LAST_YEAR)
    Organisation.objects.update(environment="produktion")

    purging.purge()

    assert not Accepted.objects.exclude(payload="").exists()


def test_so_is_an_address_that_is_no_longer_used(scoped: Organisation, activity: TestActivity, settings: Any) -> None:
    Accepted.objects.update(accepted_at=LAST_YEAR)
    settings.SIMULATOR_URL = "http://127.0.0.1:9"

    purging.purge()

    assert set(Accepted.everywhere.values_list("payload", flat=True)) == {""}


def test_reports_are_kept_as_long_as_totals(scoped: Organisation) -> None:
    PurgeReport.objects.create(counts={"results": 1}, purged_at=timezone.now() - timedelta(days=731))
    recent = PurgeReport.objects.create(counts={"results": 2})

    purging.purge()

    assert list(PurgeReport.objects.all()) == [recent]


def _head() -> Duty:
    return Duty.objects.get(person__given_name="Rut")


def _names() -> PlanNames:

    return PlanNames(Codes(_head().organisation, "simulator"), {})
