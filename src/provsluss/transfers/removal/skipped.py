"""What was listed to be removed and is not, after all: it is wanted, it is to be kept, or it is gone already."""

import uuid
from collections.abc import Collection

from django.db.models import F
from django.utils import timezone

from provsluss.transfers.models import Accepted, ObjectResult, ObjectState, SyncJob

WANTED_AGAIN = ("needed_again", "Behövs igen och togs därför inte bort.")
REFUSED = ("removal_refused", "Borttagningen nekades. Finns kvar hos Skolverket.")
GONE_ALREADY = ("gone_already", "Togs bort av en annan överföring innan det blev dags.")
NOT_DECIDED = ("not_decided", "Inget beslut togs. En senare överföring prövade borttagningen på nytt.")


def leave(job: SyncJob, ids: Collection[uuid.UUID], why: tuple[str, str]) -> None:
    """Settle these objects of a sync job that removes without any call: `why` is one of the above.

    What Skolverket does not have any more counts as removed, whatever `why` says. Call in a transaction.
    """
    accepted = Accepted.everywhere.filter(**job.transfer.place, kind=job.kind, object_id__in=ids)
    known = set(accepted.values_list("object_id", flat=True))
    _settle(job, known, ObjectState.UNCHANGED, why)
    _settle(job, set(ids) - known, ObjectState.REMOVED, GONE_ALREADY)
    SyncJob.objects.filter(pk=job.pk).update(
        unchanged=F("unchanged") + len(known), removed=F("removed") + len(ids) - len(known)
    )


def _settle(job: SyncJob, ids: set[uuid.UUID], state: ObjectState, why: tuple[str, str]) -> None:
    code, sentence = why
    finding = {"code": code, "sentence": sentence, "object_ids": []}
    ObjectResult._base_manager.filter(sync_job=job, object_id__in=ids).update(
        state=state, findings=[finding], batch=None, finished_at=timezone.now()
    )
