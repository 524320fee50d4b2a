"""A new school year, from the file's preview to Skolverket: nothing is removed in heaps without somebody's approval."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from provsluss.operations.after_import import follow_import
from provsluss.operations.catalogue import refresh_catalogue
from provsluss.organisations.models import Organisation
from provsluss.register.example import write_example
from provsluss.register.imports.imports import accept_upload, read_import, store_import
from provsluss.register.ingest.school_year_change import school_year_change
from provsluss.register.ingest.unusual_endings import mass_endings
from provsluss.register.models import Group, Import, Person
from provsluss.transfers.actions import send
from provsluss.transfers.models import (
    Accepted,
    Action,
    RemovedObject,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
)
from provsluss.transfers.plan.of_import import effect_of, work_out_effect
from provsluss.transfers.plan.planning import Planning
from provsluss.transfers.removal import review
from tests.transfers.prepared import prepare
from tests.transfers.running import counts, run


@pytest.fixture(autouse=True)
def own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def _preview(organisation: Organisation, path: Path) -> Import:
    """The import up to its preview, as a worker makes it."""
    with path.open("rb") as file:
        import_run = accept_upload(organisation, None, file, path.name)
    read_import(import_run.pk)
    work_out_effect(import_run.pk)
    import_run.refresh_from_db()
    assert import_run.state == "preview", import_run.message
    return import_run


def _store(import_run: Import, organisation: Organisation) -> None:
    store_import(import_run.pk)
    import_run.refresh_from_db()
    assert import_run.state in ("done", "done_with_errors"), import_run.message
    follow_import(organisation)


def _send(organisation: Organisation) -> Transfer:
    return run(send.press_send(organisation, None), seconds=120)


def test_from_the_preview_to_the_approved_removal(
    scoped: Organisation, skolverket: Callable[..., str], tmp_path: Path
) -> None:
    skolverket()
    refresh_catalogue(scoped)
    now, later = tmp_path / "2026.xlsx", tmp_path / "2027.xlsx"
    write_example(now, pupils=200, faultless=True)
    write_example(later, pupils=200, faultless=True, next_year=True)
    prepare(scoped)
    first = _preview(scoped, now)
    assert school_year_change(first) is None
    _store(first, scoped)
    assert _send(scoped).state in (TransferState.DONE, TransferState.DONE_WITH_WARNINGS)
    there = {kind: Accepted.objects.filter(kind=kind).count() for kind in ("persons", "groups", "activities")}

    # The preview says what it is, and what it means, before anything is stored or sent.
    second = _preview(scoped, later)
    change, effect = school_year_change(second), effect_of(second)
    assert change is not None
    assert effect is not None
    totals = change.totals
    assert totals["moved_up"] > 20
    assert totals["new"] == 200
    assert totals["left"] > 20
    assert totals["moved_up"] + totals["repeated"] + totals["arrived"] + totals["left"] == 200
    assert mass_endings(second)
    assert effect.needs_review
    assert effect.kinds["persons"]["removed"] > 20
    assert effect.kinds["activities"]["removed"] == there["activities"]
    assert not Group.objects.filter(ended_at__isnull=False).exists()
    assert not Person.objects.filter(ended_at__isnull=False).exists()
    assert Transfer.objects.count() == 1
    maths = next(one for one in effect.test_activities if one.name == "Matematik årskurs 6")
    assert maths.ending == maths.groups > 0
    assert maths.groups_after > 0

    # An archived provaktivitet gets its groups too.
    TestActivity.objects.filter(name=maths.name).update(state=TestActivityState.ARCHIVED)
    work_out_effect(second.pk)
    second.refresh_from_db()
    archived = effect_of(second)
    assert archived is not None
    assert replace(maths, state=TestActivityState.ARCHIVED) in archived.test_activities
    TestActivity.objects.filter(name=maths.name).update(state=TestActivityState.ACTIVE)

    # Sending: everything new and changed goes, and the removals wait for somebody.
    _store(second, scoped)
    transfer = _send(scoped)
    assert transfer.state == TransferState.NEEDS_REVIEW
    for kind in ("persons", "duties", "groups", "activities"):
        sent = counts(transfer, kind)
        assert sent.get("error", 0) == 0, kind
        assert sent.get("success", 0) + sent.get("warning", 0) == (
            effect.kinds[kind]["new"] + effect.kinds[kind]["changed"]
        ), kind
    waiting = {job.kind: job.wanted for job in review.waiting(transfer)}
    removals = {job.kind: job.wanted for job in transfer.sync_jobs.filter(action=Action.REMOVE)}
    assert waiting["persons"] == effect.kinds["persons"]["removed"]
    assert removals == {kind: one["removed"] for kind, one in effect.kinds.items() if one["removed"]}
    assert not RemovedObject.objects.filter(kind="persons").exists()

    # Approved, they are gone at Skolverket, and nobody else is.
    send.approve_removal(transfer, None)
    transfer = run(transfer, seconds=120)
    assert transfer.state in (TransferState.DONE, TransferState.DONE_WITH_WARNINGS)
    assert RemovedObject.objects.filter(kind="persons").count() == waiting["persons"]
    assert _send(scoped).sync_jobs.filter(action=Action.REMOVE).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_look_ahead_on_a_copy_says_what_storing_and_planning_say(
    organisation: Organisation, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    now, later = tmp_path / "2026.xlsx", tmp_path / "2027.xlsx"
    write_example(now, pupils=60, faultless=True)
    write_example(later, pupils=60, faultless=True, next_year=True)
    with scope(organisation=organisation):
        _store(_preview(organisation, now), organisation)
        import_run = _preview(organisation, later)
        effect = effect_of(import_run)
        before = {one.name: one.groups.filter(ended_at=None).count() for one in TestActivity.objects.all()}
        _store(import_run, organisation)

        planning = Planning(
            organisation, list(TestActivity.objects.filter(state=TestActivityState.ACTIVE)), organisation.environment
        )
        for _ in planning.pieces():
            pass
        after = {one.name: one.groups.filter(ended_at=None).count() for one in TestActivity.objects.all()}
    assert effect is not None
    for kind, one in planning.kinds.items():
        assert {fate: getattr(one, fate) for fate in effect.kinds[kind]} == effect.kinds[kind]
    assert {code: dict(fates) for code, fates in planning.units.items()} == effect.units
    told = {one.name: (one.groups, one.groups_after) for one in effect.test_activities}
    assert told == {name: (before.get(name, 0), n) for name, n in after.items() if n or before.get(name)}


def test_an_ordinary_import_is_not_looked_ahead_of(scoped: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "2026.xlsx"
    write_example(path, pupils=60, faultless=True)
    _store(_preview(scoped, path), scoped)

    again = _preview(scoped, path)

    assert school_year_change(again) is None
    assert effect_of(again) is None
    assert TestActivity.objects.filter(state=TestActivityState.ACTIVE).exists()
