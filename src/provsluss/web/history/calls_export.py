"""The calls of a sync job as Excel: what was sent when, and how it went. Nothing of what they held."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.transfers.models import Batch, SyncJob
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request

_COLUMNS = [
    "Anrop", "Status", "Objekt", "Byte", "Skickat", "Besvarat", "Försök", "Frågor om svaret", "Svarskod", "Problem",
]  # fmt: skip


@require_safe
def export(request: Request, pk: int) -> FileResponse:
    """All calls of one sync job, in order. 404 in another organisation."""
    job = get_object_or_404(SyncJob, pk=pk)
    calls = Batch.objects.filter(sync_job=job).defer("payload", "answer", "reply")
    rows = (
        [
            call.number,
            call.get_state_display(),
            call.object_count,
            call.byte_size,
            call.posted_at,
            call.finished_at,
            call.attempts,
            call.status_calls,
            call.status_code,
            call.problem,
        ]
        for call in calls.iterator(chunk_size=500)
    )
    return workbook_response(f"anrop {timezone.localdate():%Y-%m-%d}.xlsx", "Anrop", _COLUMNS, rows)
