"""Skicka nu on a person's card: one person ahead of the queue, and the four steps as they happen."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from provsluss.operations.queue_pause import current_pause
from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.actions.send_person import NothingNew, UnsentTests, latest_of_person, send_person
from provsluss.transfers.models import ObjectResult, ObjectState, SyncJob, Transfer, TransferState
from provsluss.web.frame.protected import demand_visible
from provsluss.web.frame.request import Request
from provsluss.web.frame.worker_sign import NOTHING_IS_SENT, moves, stands_still
from provsluss.wording.counting import Notice
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.transfer import short_counts, transfer_notice

SLOW = timedelta(seconds=10)
"""After this long the transfer can be stopped from the card."""
SHOWN_SECONDS = 3600
"""So long after its end the steps of Skicka nu stand on the card; afterwards they are in the timeline only."""


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send the person. In Produktion the user is asked once more, and where nothing is new whether to send anyway; and
    everywhere about tests of the person's that have not been sent (`prov`: `med` or `utan` them)."""
    one = _person(request, pk)
    organisation: Organisation = request.organisation
    is_confirmed = request.POST.get("bekraftat") == "ja" or organisation.environment != Environment.PRODUCTION
    if request.method != "POST" or not is_confirmed:
        return render(request, "register/person_send.html", {"person": one})
    tests = request.POST.get("prov", "")
    unsent_tests_too = {"med": True, "utan": False}.get(tests)
    anyway = request.POST.get("anda") == "ja"
    try:
        transfer = send_person(organisation, request.user, one, anyway, unsent_tests_too)
    except UnsentTests as unsent:
        return render(request, "register/person_send.html", {"person": one, "unsent": unsent, "anyway": anyway})
    except NothingNew as same:
        context = {"person": one, "nothing_new": str(same), "tests": tests if unsent_tests_too is not None else ""}
        return render(request, "register/person_send.html", context)
    except CannotSend as reason:
        messages.warning(request, str(reason))
        return redirect("person", pk=one.pk)
    if transfer.created_by_id != request.user.pk:
        messages.info(request, f"Personen är redan på väg, i överföring {transfer.pk}. Ingen ny startades.")
    return redirect("person", pk=one.pk)


@require_safe
@never_cache
def steps(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The steps again; 204 while nothing has changed since `sett`. When all have ended, the whole card is fetched."""
    one = _person(request, pk)
    context = steps_of(request, one)
    if not context["transfer"] or request.GET.get("sett", "") == context["version"]:
        return HttpResponse(status=204)
    if not moves(context["transfer"]):
        # What the rest of the card says is older than this now.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "register/_person_steps.html", context | {"person": one})


def steps_of(request: Request, person: Person) -> dict[str, Any]:
    """The newest transfer of the person alone with its four steps; `version` changes whenever they do."""
    organisation: Organisation = request.organisation
    transfer = latest_of_person(organisation, person)
    if transfer is None or not _is_shown(transfer):
        return {"transfer": None}
    jobs = {job.kind: job for job in transfer.sync_jobs.all()}
    results = ObjectResult.objects.filter(sync_job__in=[job.pk for job in jobs.values()])
    fates = dict(results.filter(object_id=person.pk).values_list("sync_job_id", "state"))
    shown = [_step(transfer, kind, jobs.get(kind), fates) for kind in KIND_NAMES]
    notice = NOTHING_IS_SENT if stands_still(transfer) else _notice(transfer, jobs.values(), results)
    # Before that there is nothing to wait for, and hardly time to press.
    is_slow = moves(transfer) and timezone.now() - transfer.created_at > SLOW
    said = [[step[name] for name in ("state", "counts", "fate", "message")] for step in shown]
    return {
        "transfer": transfer,
        "steps": shown,
        "notice": notice,
        "moves": moves(transfer),
        "seconds": _seconds(transfer),
        "is_slow": is_slow,
        "version": sha256(f"{transfer.pk} {transfer.state} {is_slow} {notice} {said}".encode()).hexdigest()[:16],
    }


def _step(transfer: Transfer, kind: str, job: SyncJob | None, fates: dict[int, str]) -> dict[str, Any]:
    """One station. The person's own fate says more than that the step is done."""
    is_cancelled = transfer.state == TransferState.CANCELLED
    return {
        "name": KIND_NAMES[kind],
        "job": job,
        "state": job.state if job else TransferState.CANCELLED if is_cancelled else TransferState.QUEUED,
        "counts": short_counts(job) if job else "Inget skickades" if is_cancelled else "Inte börjat",
        "fate": fates.get(job.pk, "") if job and job.is_ended else "",
        "message": job.message if job else "",
    }


def _notice(transfer: Transfer, jobs: Iterable[SyncJob], results: QuerySet[ObjectResult]) -> Notice:
    """That others in the groups are not there yet is no fault of this person's."""
    said = transfer_notice(transfer, jobs, queue_is_paused=current_pause() is not None)
    if transfer.state != TransferState.DONE_WITH_WARNINGS:
        return said
    warned = results.filter(state=ObjectState.WARNING)
    others_alone = all(
        not result.messages and {finding.get("code") for finding in result.findings} <= _OTHERS for result in warned
    )
    return _ARRIVED if others_alone else said


_OTHERS = {"members_missing", "teachers_missing"}
_ARRIVED = Notice(
    "success",
    "Personen kom fram.",
    "Det kan ta 30 minuter, ibland längre, innan personen syns i provplattformen. Andra i samma grupper finns inte hos "
    "Skolverket än; de kommer med när provaktiviteterna skickas.",
)


def _is_shown(transfer: Transfer) -> bool:
    ended = transfer.finished_at or transfer.created_at
    return moves(transfer) or (timezone.now() - ended).total_seconds() < SHOWN_SECONDS


def _seconds(transfer: Transfer) -> int | None:
    if not transfer.finished_at:
        return None
    return max(round((transfer.finished_at - transfer.created_at).total_seconds()), 1)


def _person(request: Request, pk: uuid.UUID) -> Person:
    """404 also for whoever may not see who it is: there is nothing for them to press."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    return one
