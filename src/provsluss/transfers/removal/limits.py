"""The guard (skyddsgräns): how much of a kind may be removed without asking (design.md section 3.4)."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.models import RemovalLimit


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


def set_limit(organisation: Organisation, kind: Kind, percent: int, count: int) -> None:
    """Give `kind` a limit of the organisation's own. Raises ValidationError for a percentage above 100."""
    row = RemovalLimit.objects.filter(organisation=organisation, kind=kind).first()
    row = row or RemovalLimit(organisation=organisation, kind=kind)
    row.percent, row.count, row.changed_at = percent, count, timezone.now()
    row.full_clean()
    row.save()


def forget_limit(organisation: Organisation, kind: Kind) -> None:
    """Go back to the installation's limit. Harmless when there is no other."""
    RemovalLimit.objects.filter(organisation=organisation, kind=kind).delete()


def is_beyond(limit: Limit, removed: int, accepted: int) -> bool:
    """Whether removing `removed` of `accepted` objects has to wait for somebody's decision."""
    return removed > limit.count and removed * 100 > limit.percent * accepted
