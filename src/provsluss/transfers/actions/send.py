"""The button: start a transfer, cancel it, resume it, undo what it removed."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation, User
from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.transfers.lifecycle.changes import stop, went_elsewhere
from provsluss.transfers.lifecycle.move import Why, move_jobs, move_transfers, note_new
from provsluss.transfers.models import (
    ENDED_STATES,
    Accepted,
    Action,
    BatchState,
    Cause,
    ObjectResult,
    ObjectState,
    Plan,
    Purpose,
    SyncJob,
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)
from provsluss.transfers.pipeline.orphaned_calls import left_behind
from provsluss.transfers.remote.restoration import left_to_restore
from provsluss.transfers.removal import review
from provsluss.transfers.removal.obsolete import to_remove

_RESUMED = Why(Cause.RESUMED)


class CannotSend(Exception):
    """Why nothing was started: a Swedish sentence for the one who pressed."""


def press_send(
    organisation: Organisation,
    user: User | None,
    test_activities: Iterable[TestActivity] | None = None,
    *,
    purpose: Purpose = Purpose.SEND,
    plan: Plan | None = None,
) -> Transfer:
    """Queue a transfer of `test_activities` (None: all active) to the organisation's environment.

    `purpose` is SEND (what has changed) or SEND_EVERYTHING; `plan` the preview that was looked at before. One transfer
    runs at a time for each organisation and environment; another waits its turn. Raises CannotSend when there is
    nothing to send or remove, or when the same transfer already waits. The organisation's scope must be active.
    """
    chosen = _chosen(test_activities)
    # A transfer of nothing would end as "Klar", and nobody would be any the wiser.
    if not TestActivityGroup.objects.filter(
        test_activity__in=chosen, group__ended_at=None
    ).exists() and not _something_to_remove(organisation):
        if not chosen:
            raise CannotSend(
                "Det finns ingen aktiv provaktivitet att skicka. Läs in en fil eller skapa en provaktivitet."
            )
        raise CannotSend("Det finns inga grupper att skicka. Läs in en fil, eller lägg till grupper i provaktiviteten.")
    with transaction.atomic():
        _refuse_the_same_twice(organisation, chosen, purpose)
        transfer = Transfer.objects.create(
            organisation=organisation,
            environment=organisation.environment,
            purpose=purpose,
            plan=plan,
            created_by=user,
        )
        note_new(transfer)
        transfer.test_activities.set(chosen)
        order(Task.TRANSFER, transfer)
    return transfer


def _chosen(test_activities: Iterable[TestActivity] | None) -> list[TestActivity]:
    if test_activities is None:
        return list(TestActivity.objects.filter(state=TestActivityState.ACTIVE))
    chosen = list(test_activities)
    if paused := [activity.name for activity in chosen if activity.state != TestActivityState.ACTIVE]:
        raise CannotSend(f"{paused[0]} är pausad eller arkiverad. Aktivera provaktiviteten innan du skickar den.")
    return chosen


def _something_to_remove(organisation: Organisation) -> bool:
    """Whether Skolverket has what no provaktivitet wants: then a transfer is of use though it sends nothing."""
    if left_behind(organisation.environment).exists():
        return True
    if not Accepted.objects.filter(environment=organisation.environment, kept_at=None).exists():
        return False
    return any(to_remove(organisation, organisation.environment).values())


def _refuse_the_same_twice(organisation: Organisation, chosen: list[TestActivity], purpose: Purpose) -> None:
    locks.take_turn(locks.Purpose.PRESS, organisation.pk)
    wanted = {activity.pk for activity in chosen}
    waiting = Transfer.objects.filter(
        at_todays_addresses(), environment=organisation.environment, state=TransferState.QUEUED, purpose=purpose
    )
    for transfer in waiting.prefetch_related("test_activities"):
        if {activity.pk for activity in transfer.test_activities.all()} == wanted:
            raise CannotSend(
                f"Överföring {transfer.pk} av samma provaktiviteter väntar redan på sin tur. "
                "Du behöver inte trycka igen."
            )


def cancel(transfer: Transfer) -> None:
    """Stop a transfer. Calls under way, a handful at the most, are not taken back; what is left can be resumed.

    Harmless if it has ended.
    """
    stop(transfer.pk, "Överföringen avbröts.")


def can_resume(transfer: Transfer) -> bool:
    """Whether `resume` would go on with it. Needs the organisation's scope."""
    return transfer.state == TransferState.CANCELLED and not transfer.is_elsewhere and not _is_overtaken(transfer)


def _is_overtaken(transfer: Transfer) -> bool:
    """Whether a newer transfer has started since: an old answer must not count as the latest."""
    newer = Transfer.objects.filter(**transfer.place, pk__gt=transfer.pk)
    return newer.exclude(Q(started_at=None) | Q(purpose=Purpose.ONE_PERSON)).exists()


def resume(transfer: Transfer) -> None:
    """Go on with a cancelled transfer where it was stopped; what was not sent yet is made ready from the register anew.

    Raises CannotSend if it was not cancelled, if its environment has another address now, or if a newer transfer has
    started since: an old answer must not count as the latest.
    """
    if transfer.is_elsewhere:
        raise CannotSend(went_elsewhere(transfer))
    with transaction.atomic():
        locks.take_turn(locks.Purpose.PRESS, transfer.organisation_id)
        if _is_overtaken(transfer):
            raise CannotSend(
                "En nyare överföring har startat sedan den här avbröts. Tryck på Skicka till Skolverket i stället."
            )
        cancelled = Transfer.objects.filter(pk=transfer.pk, state=TransferState.CANCELLED)
        if not move_transfers(cancelled, TransferState.QUEUED, _RESUMED, attempt=F("attempt") + 1, finished_at=None):
            raise CannotSend("Bara en avbruten överföring kan återupptas. Tryck på Skicka till Skolverket i stället.")
        for job in SyncJob.objects.filter(transfer=transfer, state=TransferState.CANCELLED):
            _forget_what_was_not_sent(job)
        # A removal that has not begun is looked at anew: there can be more to remove by now, of more kinds.
        removals = SyncJob.objects.filter(transfer=transfer, action=Action.REMOVE)
        if not ObjectResult.objects.filter(sync_job__in=removals).exists():
            removals.delete()
        order(Task.TRANSFER, transfer)
    transfer.refresh_from_db()


def undo_removal(transfer: Transfer, user: User | None) -> Transfer:
    """Queue a transfer that sends again what `transfer` has removed, as it was then.

    What Skolverket takes back is kept there until a provaktivitet wants it, or somebody releases it. Raises CannotSend
    when nothing is left to bring back. The organisation's scope must be active.
    """
    with transaction.atomic():
        locks.take_turn(locks.Purpose.PRESS, transfer.organisation_id)
        if transfer.environment != transfer.organisation.environment:
            raise CannotSend("Borttagningen gjordes i en annan miljö. Byt till den miljön först.")
        if transfer.is_elsewhere:
            raise CannotSend(
                f"Borttagningen gjordes på adressen {transfer.address}, som miljön inte har längre. "
                "Den kan bara ångras där."
            )
        if not left_to_restore([transfer]).exists():
            raise CannotSend("Det finns inget kvar att skicka tillbaka. Det är redan gjort, eller för länge sedan.")
        if Transfer.objects.filter(restores=transfer).exclude(state__in=ENDED_STATES).exists():
            raise CannotSend("Det som togs bort skickas redan tillbaka. Du behöver inte trycka igen.")
        back = Transfer.objects.create(
            organisation=transfer.organisation,
            environment=transfer.environment,
            purpose=Purpose.RESTORE,
            restores=transfer,
            created_by=user,
        )
        note_new(back)
        order(Task.TRANSFER, back)
    return back


def approve_removal(transfer: Transfer, user: User | None) -> None:
    """Let the removals that wait for a decision run, in the name of `user`. Raises AlreadyDecided."""
    with transaction.atomic():
        review.approve(transfer, user)
        order(Task.TRANSFER, transfer)


def _forget_what_was_not_sent(job: SyncJob) -> None:
    """What is still to be sent is made ready anew. What calls may have brought all the same, has been noted."""
    results = ObjectResult.objects.filter(sync_job=job)
    results.filter(state__in=[ObjectState.WAITING, ObjectState.WITHHELD]).delete()
    given_up, _ = results.filter(state=ObjectState.SENT, batch__state=BatchState.GIVEN_UP).delete()
    job.batches.filter(state=BatchState.PREPARED).delete()
    move_jobs(
        SyncJob.objects.filter(pk=job.pk),
        TransferState.QUEUED,
        _RESUMED,
        decision="",
        finished_at=None,
        failures=0,
        sent=F("sent") - given_up,
        prepared_until=None,
        prepared_at=None,
        unchanged=0,
        withheld=0,
    )
