"""The button Kör om det som felade: what a transfer did not get through, once more."""

from django.db.models import Q

from provsluss.organisations.models import User
from provsluss.transfers.actions.send import CannotSend, press_send
from provsluss.transfers.models import Purpose, TestActivity, TestActivityState, Transfer, TransferState

_OF_TEST_ACTIVITIES = (Purpose.SEND, Purpose.SEND_EVERYTHING)


def can_run_again(transfer: Transfer) -> bool:
    """Whether something of an ended transfer was refused or held back, and can go again to where it went."""
    return (
        transfer.is_ended
        and transfer.purpose in _OF_TEST_ACTIVITIES
        and transfer.environment == transfer.organisation.environment
        and not transfer.is_elsewhere
        and bool(_still_active(transfer))
        and transfer.sync_jobs.filter(Q(error__gt=0) | Q(withheld__gt=0)).exists()
    )


def run_again(transfer: Transfer, user: User | None) -> Transfer:
    """Queue a transfer of the same test activities, those that are still active.

    What Skolverket has accepted is unchanged and not sent, so only what failed goes, and what has changed since. Raises
    CannotSend with the reason when nothing failed, or when it cannot go. The organisation's scope must be active.
    """
    if not transfer.is_ended:
        raise CannotSend(f"Överföring {transfer.pk} är inte klar än. Vänta tills den är klar eller avbryt den.")
    if not can_run_again(transfer):
        raise CannotSend(
            "Det finns inget att köra om: inget felade, överföringen gjordes i en annan miljö eller till en annan "
            "adress, eller så är provaktiviteterna pausade eller arkiverade."
        )
    activities = _still_active(transfer)
    of_them = Transfer.objects.filter(environment=transfer.environment, test_activities__in=activities)
    under_way = of_them.filter(state__in=[TransferState.RUNNING, TransferState.RETRYING])
    if ongoing := under_way.order_by("pk").first():
        raise CannotSend(f"Överföring {ongoing.pk} är inte klar än, så ingen ny startades.")
    return press_send(transfer.organisation, user, activities)


def _still_active(transfer: Transfer) -> list[TestActivity]:
    return list(transfer.test_activities.filter(state=TestActivityState.ACTIVE))
