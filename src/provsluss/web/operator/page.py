"""Drift: the workers, the queue and the calls, for whoever runs the system. Names of huvudmän, and of nobody else."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scopes_disabled

from provsluss.operations.heartbeats import SILENT_AFTER, alive_workers
from provsluss.operations.queue_pause import pause_queue, release_queue
from provsluss.transfers.models import PurgeReport, SyncJob, Transfer, TransferState, Worker
from provsluss.transfers.pipeline.batch_size import smaller_calls
from provsluss.web.frame.request import Request
from provsluss.wording.purge import purge_rows
from provsluss.wording.transfer import job_name

_NOBODY_WORKS = "Ingen arbetsprocess är igång, så överföringarna fortsätter först när en har startat."
_PURGES_SHOWN = 10
_SPANS = (("minute", 60), ("five_minutes", 300))


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker and whether it has given a sign of life lately."""

    worker: Worker
    is_alive: bool

    @property
    def calls(self) -> int:
        """How many calls it made in the last minute."""
        minute = self.worker.calls.get("minute", {})
        return int(minute.get("transfer", 0)) + int(minute.get("read", 0))


@dataclass(frozen=True, slots=True)
class RunningRow:
    """A transfer that has begun, and the step that it is in."""

    transfer: Transfer
    step: str
    job: SyncJob | None


@dataclass(frozen=True, slots=True)
class PaceRow:
    """Calls of one kind: so many a second in the last minute and the last five, and how many are allowed."""

    title: str
    minute: str
    five_minutes: str
    limit: str


@require_safe
@never_cache
def operations(request: Request) -> HttpResponse:
    """The page. It fetches itself anew every few seconds."""
    _demand_operator(request)
    workers = _workers(timezone.now())
    with scopes_disabled():
        transfers = Transfer.objects.select_related("organisation").prefetch_related("sync_jobs").order_by("created_at")
        context = {
            "workers": workers,
            "alive": sum(row.is_alive for row in workers),
            "waiting": list(transfers.filter(state=TransferState.QUEUED)),
            "running": [
                _running(transfer)
                for transfer in transfers.filter(state__in=[TransferState.RUNNING, TransferState.RETRYING])
            ],
            "paces": _paces([row.worker for row in workers if row.is_alive]),
            "purges": purge_rows(PurgeReport.objects.all()[:_PURGES_SHOWN]),
            "payload_days": settings.PAYLOAD_DAYS,
            "totals_days": settings.TOTALS_DAYS,
            "call_sizes": smaller_calls(),
            "refused": sum(row.worker.calls.get("five_minutes", {}).get("refused", 0) for row in workers),
        }
    return render(request, "operator/operations.html", context)


@require_POST
def pause(request: Request) -> HttpResponse:
    """Pause the queue."""
    _demand_operator(request)
    pause_queue(request.user)
    return redirect("operations")


@require_POST
def release(request: Request) -> HttpResponse:
    """Let the queue run again."""
    _demand_operator(request)
    release_queue(request.user)
    goes_on = "Överföringarna fortsätter inom några sekunder." if alive_workers().exists() else _NOBODY_WORKS
    messages.success(request, f"Kön är släppt. {goes_on}")
    return redirect("operations")


def _demand_operator(request: Request) -> None:
    if not request.reader.is_operator:
        raise PermissionDenied


def _workers(now: datetime) -> list[WorkerRow]:
    return [WorkerRow(worker, worker.seen_at > now - SILENT_AFTER) for worker in Worker.objects.order_by("-seen_at")]


def _running(transfer: Transfer) -> RunningRow:
    job = next((job for job in transfer.sync_jobs.all() if not job.is_ended), None)
    return RunningRow(transfer, job_name(job) if job else "", job)


def _paces(workers: list[Worker]) -> list[PaceRow]:
    kinds = (
        ("transfer", "Skicka och fråga om svar", settings.TRANSFER_RATE),
        ("read", "Hämta uppgifter", settings.READ_RATE),
    )
    rows = []
    for kind, title, limit in kinds:
        minute, five = (sum(_per_second(worker, kind, span, seconds) for worker in workers) for span, seconds in _SPANS)
        rows.append(PaceRow(title, _decimal(minute), _decimal(five), _decimal(limit) if limit else "ingen"))
    return rows


def _per_second(worker: Worker, kind: str, span: str, seconds: int) -> float:
    """Over the whole span, or over the worker's life if that is shorter."""
    lived = (worker.seen_at - worker.started_at).total_seconds()
    calls: int = worker.calls.get(span, {}).get(kind, 0)
    return calls / max(min(lived, seconds), 1)


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
