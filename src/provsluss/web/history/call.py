"""One whole call (anrop): the request, the status, the times, and what was sent and answered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.register.models import Reveal
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.models import Batch
from provsluss.transfers.quoted_persons import without_ids
from provsluss.web.frame.protected import hidden_ids
from provsluss.web.frame.request import Request
from provsluss.web.history.call_content import (
    answered,
    id_of,
    pretty,
    sent_data,
    without_civic_numbers,
    without_persons,
)
from provsluss.web.history.refusals import hidden_in, shown_reply
from provsluss.wording.removal import removes
from provsluss.wording.transfer import job_name


@require_safe
@never_cache
def call(request: Request, pk: int) -> HttpResponse:
    """The call, with personnummer masked."""
    batch = _batch(pk)
    return _page(request, batch, {"sent": _json(_sent(request, batch)), "answer": _json(_answer(request, batch))})


@require_POST
@never_cache
def unmasked(request: Request, pk: int) -> HttpResponse:
    """The call with whole personnummer; that they were looked at is written down, person by person."""
    batch = _batch(pk)
    sent = _sent(request, batch)
    if not _holds_persons(batch) or not sent:
        return call(request, pk)
    hidden = _hidden_ids(request, batch)
    # Those shown, and not those whose results point here: what was sent again has moved on to a later call.
    looked_at = [object_id for entry in sent if (object_id := id_of(entry)) not in hidden and as_uuid(object_id)]
    Reveal.objects.bulk_create(
        [
            Reveal(
                organisation_id=batch.organisation_id,
                user_id=request.user.pk,
                person_id=object_id,
                what=f"skickat anrop {batch.pk}",
            )
            for object_id in looked_at
        ]
    )
    content = {"sent": pretty({"data": sent}), "answer": _json(_answer(request, batch)), "is_unmasked": True}
    return _page(request, batch, content)


def _batch(pk: int) -> Batch:
    return get_object_or_404(Batch.objects.select_related("sync_job__transfer"), pk=pk)


def _page(request: Request, batch: Batch, content: dict[str, Any]) -> HttpResponse:
    job = batch.sync_job
    context = {
        "batch": batch,
        "job": job,
        "kind_name": job_name(job),
        "reply": shown_reply(batch, hidden_in(batch, request.reader), hidden_ids(request.reader)),
        "is_purged": batch.payload is None,
        "can_unmask": _holds_persons(batch) and batch.payload is not None,
    }
    return render(request, "history/call.html", context | content)


def _holds_persons(batch: Batch) -> bool:
    """Whether personnummer can stand in what was sent; a removal holds nothing but ids."""
    return batch.sync_job.kind == "persons" and not removes(batch.sync_job)


def _sent(request: Request, batch: Batch) -> list[Any] | None:
    data = sent_data(batch)
    if data is None:
        return None
    shown: list[Any] = without_ids(without_persons(data, _hidden_ids(request, batch)), hidden_ids(request.reader))
    return shown


def _answer(request: Request, batch: Batch) -> dict[str, Any] | None:
    answer = answered(batch)
    if answer is None:
        return None
    responses = without_persons(answer.get("responses", []), _hidden_ids(request, batch))
    shown: dict[str, Any] = without_ids(answer | {"responses": responses}, hidden_ids(request.reader))
    return shown


def _hidden_ids(request: Request, batch: Batch) -> set[str]:
    return {str(result.object_id) for result in hidden_in(batch, request.reader)}


def _json(value: Any) -> str:
    if value is None:
        return ""
    return pretty(without_civic_numbers({"data": value} if isinstance(value, list) else value))
