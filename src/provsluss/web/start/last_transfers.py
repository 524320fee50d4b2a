"""What Översikt says of transfers: nobody sends, somebody must decide, something did not arrive."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import (
    AT_REST_STATES,
    Action,
    Purpose,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)
from provsluss.web.frame.states import Tone
from provsluss.web.frame.worker_sign import NOTHING_IS_SENT, stands_still
from provsluss.web.test_activities.own_outcome import own_states
from provsluss.wording.counting import joined
from provsluss.wording.removal import removes, review_text, what_did_not_arrive

_LAST_DAYS = timedelta(days=3)
_MOST_APART = 3
_APART = (Purpose.ONE_PERSON, Purpose.RESTORE)
"""These do not send what a provaktivitet wants, so they tell nothing of how it stands."""


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that somebody should look at, and where."""

    tone: Tone
    icon: str
    title: str
    text: str
    url: str
    action: str


def silent_worker(organisation: Organisation) -> list[Attention]:
    """That nobody is there to do what waits."""
    transfers = Transfer.objects.filter(environment=organisation.environment).exclude(state__in=AT_REST_STATES)
    if not any(stands_still(transfer) for transfer in transfers):
        return []
    return [
        Attention(
            "bad",
            "error",
            NOTHING_IS_SENT.title.removesuffix("."),
            NOTHING_IS_SENT.text,
            reverse("history"),
            "Visa vad som väntar",
        )
    ]


def last_transfers(organisation: Organisation) -> list[Attention]:
    """What waits for a decision, and what did not arrive. Needs the organisation's scope."""
    transfers = Transfer.objects.filter(at_todays_addresses(), environment=organisation.environment)
    found = [
        Attention(
            "warn",
            "review",
            f"Överföring {transfer.pk} kräver granskning",
            joined(transfer.message, review_text(transfer.sync_jobs.all())),
            reverse("removal_review", args=[transfer.pk]),
            "Granska",
        )
        for transfer in transfers.filter(state=TransferState.NEEDS_REVIEW).prefetch_related("sync_jobs")
    ]
    latest = _latest_of_each(transfers)
    for transfer, concerned in [*latest, *((one, None) for one in _apart(transfers, [one for one, _ in latest]))]:
        failed = transfer.state == TransferState.DONE_WITH_ERRORS
        waits = transfer.state == TransferState.NEEDS_REVIEW
        if failed or (waits and what_did_not_arrive(transfer.sync_jobs.all())):
            if concerned is None or concerned or _stayed(transfer):
                found.append(_with_errors(transfer, concerned))
        elif transfer.state == TransferState.CANCELLED:
            found.append(_cancelled(transfer))
    return found


def _latest_of_each(transfers: "QuerySet[Transfer]") -> list[tuple[Transfer, list[TestActivity]]]:
    """The last ended transfer of each active provaktivitet, the newest first: what came before it is no longer so.

    With those of them that have errors of their own in it, or of which that is not known. One that needs review has
    done all else; one of a single person says nothing of the others.
    """
    ended = transfers.filter(state__in=AT_REST_STATES, test_activities__state=TestActivityState.ACTIVE)
    ended = ended.exclude(purpose__in=_APART)
    each = ended.order_by().values("test_activities").annotate(latest=Max("pk"))
    latest = dict(each.values_list("test_activities", "latest"))
    own = own_states(set(latest.values()))
    errors = TransferState.DONE_WITH_ERRORS
    return [
        (
            transfer,
            [
                one
                for one in transfer.test_activities.all()
                if latest.get(one.pk) == transfer.pk and own.get((transfer.pk, one.pk), errors) == errors
            ],
        )
        for transfer in transfers.filter(pk__in=set(latest.values())).prefetch_related("sync_jobs", "test_activities")
    ]


def _apart(transfers: "QuerySet[Transfer]", latest: list[Transfer]) -> list[Transfer]:
    """Those of the last days that no active provaktivitet tells of, and that ended with errors.

    One of a single person is no longer so when the same person has been sent again.
    """
    errors = transfers.filter(state=TransferState.DONE_WITH_ERRORS, finished_at__gt=timezone.now() - _LAST_DAYS)
    removals = Q(sync_jobs__action=Action.REMOVE, sync_jobs__error__gt=0)
    nobodys = removals & ~Q(test_activities__state=TestActivityState.ACTIVE)
    apart = errors.filter(Q(purpose__in=_APART) | nobodys).exclude(pk__in=[one.pk for one in latest])
    sent_later = transfers.filter(person_id=OuterRef("person_id"), pk__gt=OuterRef("pk"), state__in=AT_REST_STATES)
    apart = apart.exclude(Exists(sent_later))
    return list(apart.distinct().prefetch_related("sync_jobs", "test_activities")[:_MOST_APART])


def names_of(transfer: Transfer) -> str:
    """The provaktiviteter of a transfer, at most three by name."""
    return _named(list(transfer.test_activities.all()))


def _named(activities: list[TestActivity]) -> str:
    return ", ".join(activity.name for activity in activities[:3]) + (" med flera" if len(activities) > 3 else "")


def _stayed(transfer: Transfer) -> int:
    """How many objects could not be removed: those are nobody's own."""
    return sum(job.error for job in transfer.sync_jobs.all() if removes(job))


def _with_errors(transfer: Transfer, concerned: list[TestActivity] | None) -> Attention:
    """`concerned` are those of its provaktiviteter that have errors in it, if any has."""
    jobs = list(transfer.sync_jobs.all())
    worst = next((job for job in jobs if job.error or job.withheld), None)
    return Attention(
        "bad",
        "error",
        f"Allt kom inte fram i {_called(transfer, concerned)}",
        what_did_not_arrive(jobs) or transfer.message,
        reverse("sync_job", args=[worst.pk]) if worst else reverse("history"),
        "Se vad som är fel",
    )


def _called(transfer: Transfer, concerned: list[TestActivity] | None) -> str:
    match transfer.purpose:
        case Purpose.ONE_PERSON:
            return f"överföring {transfer.pk} av en enda person"
        case Purpose.RESTORE:
            return f"överföring {transfer.pk}, som ångrade en borttagning"
    names = _named(concerned) if concerned else names_of(transfer)
    return f"den senaste överföringen av {names}" if names else f"överföring {transfer.pk}"


def _cancelled(transfer: Transfer) -> Attention:
    activity = transfer.test_activities.all()[0]
    return Attention(
        "warn",
        "cancelled",
        f"Överföringen av {names_of(transfer)} är avbruten",
        transfer.message,
        reverse("test_activity", args=[activity.pk]),
        "Visa överföringen",
    )
