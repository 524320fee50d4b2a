"""One provaktivitet: the transfer that runs or ran last, its groups, its history."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.register.models import Group
from provsluss.register.rejected_rows import imports_with_rejected_rows, rows_without_a_group
from provsluss.register.sources.skolverket_workbook.layout import STAFF
from provsluss.spreadsheet import Cell
from provsluss.transfers.actions.send import can_resume
from provsluss.transfers.models import SyncJob, TestActivity, TestActivityState, Transfer, TransferState
from provsluss.transfers.removal.undo import with_something_to_undo
from provsluss.transfers.test_activities import activities
from provsluss.transfers.test_activities.group_overview import GroupRow, group_rows, groups_without_teacher
from provsluss.transfers.test_activities.partly_sent import is_partly_sent
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import read_choice
from provsluss.web.frame.worker_sign import NOTHING_IS_SENT, moves, stands_still
from provsluss.web.history.pages import STATE_CHOICES, STEP_CHOICES, history_choice, history_page, shown_transfers
from provsluss.web.history.step_makeup import makeup_of
from provsluss.web.test_activities.before_sending import before_sending
from provsluss.web.test_activities.head import frame_of
from provsluss.web.test_activities.latest_transfer import cancelled_since, latest_transfer, ongoing_transfer
from provsluss.web.test_activities.own_outcome import about_the_rest, own_notice, own_outcome, to_mend
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.removal import step_of
from provsluss.wording.transfer import job_name, short_counts
from provsluss.wording.who_acts import who_acts


@require_safe
def transfer_tab(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The running transfer, otherwise the last one, step by step."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    context = frame_of(request, test_activity) | steps_of(request, test_activity)
    context["teacherless"] = groups_without_teacher(test_activity)
    types = {group.group_type for group in context["teacherless"]}
    context["a_class_is_teacherless"] = Group.Type.CLASS in types
    context["a_group_is_teacherless"] = Group.Type.TEACHING in types
    context["staff_sheet"] = STAFF.name
    if context["transfer"] is None:
        context["is_partly_sent"] = is_partly_sent(request.organisation, test_activity.pk)
        context["send_title"] = "Inte skickad som helhet" if context["is_partly_sent"] else "Inte skickad än"
    return render(request, "test_activities/transfer.html", context)


@require_safe
@never_cache
def steps_fragment(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The steps again; 204 while nothing has changed since `sett`."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    context = steps_of(request, test_activity)
    seen = request.GET.get("sett", "")
    if seen == context["version"]:
        return HttpResponse(status=204)
    context["state_changed"] = seen.partition(".")[0] != context["version"].partition(".")[0]
    beside_the_button = before_sending(request.organisation, [test_activity])
    return render(request, "test_activities/_steps.html", context | beside_the_button)


@require_safe
def groups_tab(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The groups and what is missing in them, those that lack something first."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    rows = group_rows(test_activity)
    sorts = {"status": ("status",), "namn": ("namn",), "skolenhet": ("skolenhet",), "elever": ("elever",)}
    choice = read_choice(request.GET, filters=("skolenhet", "visa"), sorts=sorts | {"larare": ("larare",)})
    units = sorted({(row.group.school_unit_code, row.school_unit_name) for row in rows}, key=lambda unit: unit[1])
    found = [row for row in rows if choice["skolenhet"] in ("", row.group.school_unit_code)]
    if choice["visa"] == "brister":
        found = [row for row in found if row.missing]
    found.sort(key=_KEYS[choice.sort], reverse=choice.descending)
    extra = test_activity.extra_duties.filter(ended_at=None, person__ended_at=None)
    context = frame_of(request, test_activity) | {
        "choice": choice,
        "page": choice.page_of(found),
        "units": units,
        "lacking": sum(1 for row in found if row.missing),
        "extra": extra.values("person_id").distinct().count(),
        **_rows_of_no_group(),
        "tab": "groups",
    }
    return render(request, "test_activities/groups.html", context)


def _rows_of_no_group() -> dict[str, Any]:
    """How many rows the latest imports left out of which nobody can tell what group they belong to, and their page."""
    unplaced = {one.pk: number for one in imports_with_rejected_rows() if (number := rows_without_a_group(one))}
    first = next(iter(unplaced), None)
    return {"unplaced": sum(unplaced.values()), "import_url": reverse("import", args=[first]) if first else ""}


@require_safe
def export_groups(request: Request, pk: uuid.UUID) -> FileResponse:
    """The groups as Excel."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    columns = ["Skolenhetskod", "Skolenhet", "Grupp", "Typ", "Skolform", "Elever", "Lärare", "Saknas"]
    rows: Iterator[list[Cell]] = (
        [
            row.group.school_unit_code,
            row.school_unit_name,
            row.group.name,
            row.group.get_group_type_display(),
            row.group.school_type,
            row.pupils,
            row.teachers,
            " ".join(missing.text for missing in row.missing),
        ]
        for row in group_rows(test_activity)
    )
    return workbook_response(f"grupper {timezone.localdate():%Y-%m-%d}.xlsx", "Grupper", columns, rows)


@require_safe
def history_tab(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The transfers that this test activity was part of: the same list as Historik."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    choice = history_choice(request.GET, test_activity)
    page = history_page(request, choice)
    context = frame_of(request, test_activity) | {
        "choice": choice,
        "is_filtered": any(choice[name] for name in ("status", "steg", "fran", "till")),
        "page": page,
        "transfers": shown_transfers(page),
        "states": STATE_CHOICES,
        "steps": STEP_CHOICES,
        "query": request.GET.urlencode(),
        "tab": "history",
    }
    return render(request, "test_activities/history.html", context)


@require_POST
def set_state(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Make it active, paused or archived."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    said = {
        TestActivityState.ACTIVE: "{} är aktiv igen och kommer med när du skickar alla.",
        TestActivityState.PAUSED: "{} är pausad. Den skickas inte förrän du aktiverar den igen.",
        TestActivityState.ARCHIVED: "{} är arkiverad. Historiken finns kvar.",
    }
    state = request.POST.get("lage", "")
    if state not in TestActivityState.values:
        return HttpResponse("Okänt läge.", status=400)
    activities.set_state(test_activity, state)
    messages.success(request, said[TestActivityState(state)].format(test_activity.name))
    return redirect("test_activity", pk=test_activity.pk)


def steps_of(request: Request, test_activity: TestActivity) -> dict[str, Any]:
    """The last transfer of `test_activity` with its four steps; `version` changes whenever they do."""
    environment = request.organisation.environment
    transfer = latest_transfer(test_activity, environment)
    if transfer is None:
        return {"test_activity": test_activity, "transfer": None, "version": "", "tab": "transfer"}
    jobs = {step_of(job): job for job in transfer.sync_jobs.select_related("decided_by")}
    outcome = own_outcome(test_activity, transfer, jobs.values())
    nobody_works = stands_still(transfer)
    # The four steps, and after them the removals that there are.
    steps = [
        _step(transfer, step, jobs.get(step))
        for step in [*KIND_NAMES, *(set_apart for set_apart in jobs if set_apart not in KIND_NAMES)]
    ]
    makeup = makeup_of(transfer)
    for step in steps:
        step["makeup"] = makeup.get(step["step"], "")
    return {
        "test_activity": test_activity,
        "transfer": transfer,
        "to_mend": to_mend(outcome, transfer, jobs.values()),
        "ongoing": ongoing_transfer(test_activity, environment),
        "to_cancel": None if transfer.is_ended else transfer,
        "cancelled": cancelled_since(test_activity, transfer),
        "others": list(transfer.test_activities.exclude(pk=test_activity.pk)),
        "steps": steps,
        "notice": NOTHING_IS_SENT if nobody_works else own_notice(outcome, transfer, jobs.values()),
        "rest": about_the_rest(outcome, jobs.values()),
        "who_acts": "" if nobody_works else who_acts(transfer.category),
        "moves": moves(transfer),
        "can_resume": can_resume(transfer),
        "can_undo": transfer.pk in with_something_to_undo([transfer]),
        "version": "stilla-" * nobody_works + _version(transfer, jobs),
        "tab": "transfer",
    }


def _step(transfer: Transfer, step: str, job: SyncJob | None) -> dict[str, Any]:
    """One card: a step of a cancelled transfer that was never made is as cancelled as the others."""
    is_cancelled = transfer.state == TransferState.CANCELLED
    counts = short_counts(job) if job else "Inget skickades" if is_cancelled else "Inte börjat"
    state = job.state if job else TransferState.CANCELLED if is_cancelled else TransferState.QUEUED
    name = job_name(job) if job else KIND_NAMES[step]
    return {"step": step, "name": name, "job": job, "counts": counts, "state": state}


def _version(transfer: Transfer, jobs: dict[str, SyncJob]) -> str:
    """First the states, after the point the counts."""
    states = [transfer.state, *(job.state for job in jobs.values())]
    counts = [
        (job.wanted, job.answered, job.error, job.warning, job.withheld, job.unchanged, job.sent)
        for job in jobs.values()
    ]
    numbers = "-".join(str(number) for row in counts for number in row)
    tries = "-".join(f"{job.next_try_at:%H%M%S}" for job in jobs.values() if job.next_try_at)
    return f"{transfer.pk}-{'-'.join(states)}.{numbers}.{tries}"


def _gravity(row: GroupRow) -> tuple[int, int, str, str]:
    kinds = Counter(missing.serious for missing in row.missing)
    return -kinds[True], -kinds[False], row.school_unit_name, row.group.name


_KEYS: dict[str, Any] = {
    "status": _gravity,
    "namn": lambda row: (row.group.name, row.school_unit_name),
    "skolenhet": lambda row: (row.school_unit_name, row.group.name),
    "elever": lambda row: (row.pupils, row.group.name),
    "larare": lambda row: (row.teachers, row.group.name),
}
