"""Several provaktiviteter share a transfer, but each of them only has the errors of what it needs itself."""

import uuid
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provsluss import batching
from provsluss.organisations.models import Organisation
from provsluss.register.models import DutyAssignment, Group
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import ObjectResult, Outcome, SyncJob, TestActivity, TestActivityGroup, Transfer
from provsluss.transfers.pipeline import advance
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_group, make_pupil, make_school, make_staff

Results = dict[tuple[str, uuid.UUID], str]
"""(kind, object) → the state that it ended in."""


@dataclass
class Both:
    """One school unit where 6A takes Matematik and 9A takes Biologi."""

    maths: TestActivity
    biology: TestActivity

    def transfer(self) -> Transfer:
        return new_transfer(self.maths, self.biology)


@pytest.fixture
def both(scoped: Organisation) -> Both:
    maths = make_school(scoped)
    pupils = [make_pupil(scoped, number) for number in range(10, 13)]
    make_group(scoped, "9A", Group.Type.CLASS, pupils)
    group = make_group(scoped, "Bi9A", Group.Type.TEACHING, pupils)
    DutyAssignment.objects.create(group=group, duty=make_staff(scoped, "Bo", "Lärare"))
    return Both(maths, _takes(group, "GRGRBIO01_9"))


def _takes(group: Group, national_test: str) -> TestActivity:
    activity = TestActivity.objects.create(
        organisation=group.organisation, name=national_test, national_test=national_test
    )
    TestActivityGroup.objects.create(test_activity=activity, group=group)
    return activity


def _id(organisation: Organisation, name: str) -> uuid.UUID:
    """As tests/transfers/small_school.py makes them: `pupil 1`, `duty Rut`, `group 6A`."""
    return uuid.uuid5(organisation.id, name)


def _answered(transfer: Transfer, results: Results, action: str = "send") -> None:
    """Everything has its answer: what `results` does not name went well and is not even in the tables."""
    Transfer.objects.filter(pk=transfer.pk, state="queued").update(state="running")
    for position, kind in enumerate(KINDS):
        states = [state for (of, _), state in results.items() if of == kind]
        worst = "error" if {"error", "withheld"} & set(states) else "warning" if states else ""
        job = SyncJob.objects.create(
            organisation=transfer.organisation, transfer=transfer, kind=kind, action=action, position=position,
            state={"error": "done_with_errors", "warning": "done_with_warnings", "": "done"}[worst],
        )  # fmt: skip
        for (of, object_id), state in results.items():
            if of == kind:
                ObjectResult.objects.create(
                    sync_job=job, organisation=transfer.organisation, object_id=object_id, state=state, name="x"
                )


def _finished(transfer: Transfer, results: Results) -> dict[uuid.UUID, tuple[str, int, int, int]]:
    _answered(transfer, results)
    advance.finish(transfer.pk, transfer.attempt)
    return _outcomes(transfer)


def _outcomes(transfer: Transfer) -> dict[uuid.UUID, tuple[str, int, int, int]]:
    found = Outcome.objects.filter(transfer=transfer)
    return {one.test_activity_id: (one.state, one.error, one.withheld, one.warning) for one in found}


ERRORS, WARNINGS, DONE = "done_with_errors", "done_with_warnings", ("done", 0, 0, 0)


def test_a_refused_pupil_of_one_does_not_make_the_other_red(scoped: Organisation, both: Both) -> None:
    transfer = both.transfer()

    outcomes = _finished(
        transfer,
        {
            ("persons", _id(scoped, "pupil 1")): "error",
            ("groups", _id(scoped, "group 6A")): "warning",  # they lack the pupil
            ("groups", _id(scoped, "group Ma6A")): "warning",
        },
    )

    assert outcomes == {both.maths.pk: (ERRORS, 1, 0, 2), both.biology.pk: DONE}
    transfer.refresh_from_db()
    assert transfer.state == ERRORS


def test_all_well_is_well_for_each(both: Both) -> None:
    assert _finished(both.transfer(), {}) == {both.maths.pk: DONE, both.biology.pk: DONE}


@pytest.mark.parametrize(
    ("kind", "name", "state", "of_maths", "of_biology"),
    [
        ("duties", "duty Rut", "withheld", (ERRORS, 0, 1, 0), (ERRORS, 0, 1, 0)),  # leads the school of both
        ("persons", "staff Rut", "warning", (WARNINGS, 0, 0, 1), (WARNINGS, 0, 0, 1)),
        ("persons", "staff Bo", "error", DONE, (ERRORS, 1, 0, 0)),
        ("duties", "duty Lovisa", "error", (ERRORS, 1, 0, 0), DONE),
        ("groups", "group 9A", "warning", DONE, (WARNINGS, 0, 0, 1)),
        ("groups", "group Bi9A", "received", DONE, DONE),
        ("persons", "nobody any more", "error", DONE, DONE),
    ],
)
def test_it_belongs_to_those_that_need_it(
    scoped: Organisation,
    both: Both,
    kind: str,
    name: str,
    state: str,
    of_maths: tuple[object, ...],
    of_biology: tuple[object, ...],
) -> None:
    outcomes = _finished(both.transfer(), {(kind, _id(scoped, name)): state})

    assert outcomes == {both.maths.pk: of_maths, both.biology.pk: of_biology}


def test_an_activity_belongs_to_the_one_that_it_is_a_part_of(scoped: Organisation, both: Both) -> None:
    (activity,) = Selection(scoped, [both.biology]).activities

    outcomes = _finished(both.transfer(), {("activities", activity): "withheld"})

    assert outcomes == {both.maths.pk: DONE, both.biology.pk: (ERRORS, 0, 1, 0)}


def test_a_class_that_takes_a_test_itself_is_sent_twice_and_the_class_belongs_to_all_of_its_pupils(
    scoped: Organisation, both: Both
) -> None:
    klass = Group.objects.get(name="6A")
    swedish = _takes(klass, "GRGRSVE01_6")
    (part,) = Selection(scoped, [swedish]).activities.values()
    transfer = new_transfer(both.maths, both.biology, swedish)

    outcomes = _finished(transfer, {("groups", klass.pk): "warning", ("groups", part.sent_group_id): "error"})

    assert outcomes == {both.maths.pk: (WARNINGS, 0, 0, 1), both.biology.pk: DONE, swedish.pk: (ERRORS, 1, 0, 1)}


def test_what_could_not_be_removed_belongs_to_none(scoped: Organisation, both: Both) -> None:
    transfer = both.transfer()
    _answered(transfer, {("persons", _id(scoped, "pupil 1")): "error"}, action="remove")

    assert _finished(transfer, {}) == {both.maths.pk: DONE, both.biology.pk: DONE}
    transfer.refresh_from_db()
    assert transfer.state == ERRORS


def test_the_step_can_be_made_again(scoped: Organisation, both: Both) -> None:
    transfer = both.transfer()
    first = _finished(transfer, {("persons", _id(scoped, "pupil 1")): "error"})

    advance.finish(transfer.pk, transfer.attempt)
    Transfer.objects.filter(pk=transfer.pk).update(state="running")
    advance.finish(transfer.pk, transfer.attempt)

    assert _outcomes(transfer) == first


@pytest.mark.parametrize("state", ["cancelled", "running"])
def test_before_the_end_there_is_none(both: Both, state: str) -> None:
    transfer = both.transfer()
    _answered(transfer, {})
    transfer.sync_jobs.filter(kind="activities").update(state=state)

    advance.finish(transfer.pk, transfer.attempt)

    assert not _outcomes(transfer)


def test_many_are_looked_up_in_pieces(scoped: Organisation, both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "AT_A_TIME", 2)

    outcomes = _finished(
        both.transfer(), {("persons", _id(scoped, f"pupil {number}")): "error" for number in (0, 1, 2, 3, 4, 10, 11)}
    )

    assert outcomes == {both.maths.pk: (ERRORS, 5, 0, 0), both.biology.pk: (ERRORS, 2, 0, 0)}


def test_where_all_went_well_the_register_is_not_asked(both: Both) -> None:
    transfer = both.transfer()
    _answered(transfer, {})

    with CaptureQueriesContext(
        connection,
    ) as asked:
        advance.finish(transfer.pk, transfer.attempt)

    assert not [query["sql"] for query in asked if "register_" in query["sql"]]
