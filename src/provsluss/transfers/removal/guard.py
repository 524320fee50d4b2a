"""The guard (skyddsgräns): how much of a kind may be removed without asking (design.md section 3.4).

What is removed hangs together: pupils, their groups, the groups' activities. Where one kind is beyond its limit, all of
it waits for the same decision, so that what stays is whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import LoggedDecision, Organisation, User
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.models import Accepted, RemovalLimit

LISTED_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Limit:
    """A removal waits for a decision when it is more than `percent` of what Skolverket has *and* more than `count`."""

    percent: int
    count: int
    is_own: bool = False


def limits(organisation: Organisation) -> dict[Kind, Limit]:
    """The limit of each kind: the organisation's own, or the installation's. Needs the organisation's scope."""
    own = {row.kind: row for row in RemovalLimit.objects.filter(organisation=organisation)}
    standard = Limit(settings.REMOVAL_PERCENT, settings.REMOVAL_COUNT)
    return {kind: Limit(own[kind].percent, own[kind].count, is_own=True) if kind in own else standard for kind in KINDS}


def set_limit(organisation: Organisation, kind: Kind, percent: int, count: int, user: User | None = None) -> None:
    """Give `kind` a limit of the organisation's own, in the name of `user`; who, when and from what to what is kept.

    Raises ValidationError for a percentage above 100.
    """
    with transaction.atomic():
        before = limits(organisation)[kind]
        row = RemovalLimit.objects.filter(organisation=organisation, kind=kind).first()
        row = row or RemovalLimit(organisation=organisation, kind=kind)
        row.percent, row.count = percent, count
        row.full_clean()
        row.save()
        _note_change(organisation, kind, before, user)


def forget_limit(organisation: Organisation, kind: Kind, user: User | None = None) -> None:
    """Go back to the installation's limit, in the name of `user`. Harmless when there is no other."""
    with transaction.atomic():
        before = limits(organisation)[kind]
        RemovalLimit.objects.filter(organisation=organisation, kind=kind).delete()
        _note_change(organisation, kind, before, user)


def latest_changes(organisation: Organisation) -> dict[Kind, LoggedDecision]:
    """Who last changed the limit of each kind that somebody has changed."""
    changes = LoggedDecision.objects.filter(organisation=organisation, what=What.REMOVAL_LIMIT)
    found = {kind: changes.filter(about=kind).first() for kind in KINDS}
    return {kind: change for kind, change in found.items() if change}


def _note_change(organisation: Organisation, kind: Kind, before: Limit, user: User | None) -> None:
    after = limits(organisation)[kind]
    if (before.percent, before.count) == (after.percent, after.count):
        return
    words = (f"{one.percent} procent och {one.count} stycken" for one in (before, after))
    log_decision(What.REMOVAL_LIMIT, *words, by=user, organisation=organisation, about=kind)


def beyond_limits(
    organisation: Organisation,
    environment: str,
    removed: Mapping[Kind, int],
    arriving: Mapping[Kind, int] | None = None,
) -> list[Kind]:
    """The kinds of which too many are to be removed: then all of it waits. Needs the organisation's scope.

    `removed` says how many of each kind. They are compared with what Skolverket has, and with `arriving`: what it is
    going to have before anything is removed.
    """
    accepted = Accepted.objects.filter(organisation=organisation, environment=environment)
    allowed = limits(organisation)
    return [
        kind
        for kind, number in removed.items()
        if number
        and is_beyond(allowed[kind], number, accepted.filter(kind=kind).count() + (arriving or {}).get(kind, 0))
    ]


def is_beyond(limit: Limit, removed: int, accepted: int) -> bool:
    """Whether removing `removed` of `accepted` objects has to wait for somebody's decision."""
    return removed > limit.count and removed * 100 > limit.percent * accepted
