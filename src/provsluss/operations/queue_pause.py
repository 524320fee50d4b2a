"""The operator's brake: while the queue is paused, no transfer takes a new step, and each says so.

What Skolverket has been sent already is worked on there; its answers are fetched when the queue is released.
"""

from django.db import transaction
from django.utils import timezone

from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import User
from provsluss.transfers.lifecycle.changes import say
from provsluss.transfers.models import ENDED_STATES, Category, QueuePause, Transfer

PAUSED = (
    "Kön är pausad av den som sköter Provsluss. Inget nytt skickas förrän den släpps på igen; då fortsätter "
    "överföringen av sig själv."
)
_RUNS, _IS_PAUSED = "Igång", "Pausad"
LOOK_AGAIN_AFTER = 5.0
"""Seconds between a held transfer's looks at whether the queue is released."""


def current_pause() -> QueuePause | None:
    """The pause, or None when the queue runs."""
    return QueuePause.objects.select_related("paused_by").first()


def pause_queue(user: User | None = None) -> None:
    """Pause the queue, in the name of `user`. Harmless when it is paused already."""
    with transaction.atomic():
        _, is_new = QueuePause.objects.get_or_create(pk=1, defaults={"paused_at": timezone.now(), "paused_by": user})
        if is_new:
            log_decision(What.QUEUE, _RUNS, _IS_PAUSED, by=user, organisation=None)


def release_queue(user: User | None = None) -> None:
    """Let the queue run again, in the name of `user`. Harmless when it runs."""
    with transaction.atomic():
        if QueuePause.objects.all().delete()[0]:
            log_decision(What.QUEUE, _IS_PAUSED, _RUNS, by=user, organisation=None)


def held_for(transfer_id: int, attempt: int) -> float | None:
    """Before each step of a transfer: seconds to wait because the queue is paused, or None to go on.

    Says on the transfer that it is held, and takes it back. One that has ended is not held. Needs its scope.
    """
    transfer = Transfer.objects.filter(pk=transfer_id, attempt=attempt).exclude(state__in=ENDED_STATES)
    said = transfer.values_list("message", flat=True).first()
    if said is None:
        return None
    if not QueuePause.objects.exists():
        if said == PAUSED:
            say(transfer.filter(message=PAUSED), "")
        return None
    if said != PAUSED:
        say(transfer, PAUSED, Category.NEEDS_OPERATOR)
    return LOOK_AGAIN_AFTER
