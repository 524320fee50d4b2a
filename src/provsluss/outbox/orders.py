"""Putting an order in the outbox."""

from django.db import models, transaction

from provsluss.outbox.models import OutboxEntry, Task
from provsluss.outbox.wake_up import wake_worker


def order(task: Task, row: models.Model) -> None:
    """Let a worker do `task` with `row`. Call it in the transaction that makes or changes the row.

    It needs the application's own database only: it cannot fail because the engine's tables are busy or away, and
    nothing is forgotten. Harmless to repeat.
    """
    with transaction.atomic():
        OutboxEntry.objects.create(task=task, object_id=row.pk)
        wake_worker()
