"""What is to be taken away at Skolverket: accepted there, and wanted by no provaktivitet any more (design.md 3.4)."""

import uuid
from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet

from provsluss.batching import in_pieces, keys_of
from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.desired.selection import Selection, everything_wanted
from provsluss.transfers.models import Accepted, TestActivity


def to_remove(
    organisation: Organisation, environment: str, test_activities: Iterable[TestActivity] | None = None
) -> dict[Kind, list[uuid.UUID]]:
    """The ids to remove of each kind, sorted. Nothing is changed by asking. Needs the organisation's scope.

    Wanting are `test_activities`, as standard all that are active or paused. What somebody has decided to keep
    (`Accepted.kept_at`) is left out.
    """
    wanted = everything_wanted(organisation) if test_activities is None else Selection(organisation, test_activities)
    accepted = Accepted.objects.filter(organisation=organisation, environment=environment, kept_at=None).order_by()

    def unwanted(kind: Kind) -> Iterator[uuid.UUID]:
        # One by one: all that is accepted need not be in memory, and where nothing is, the register is not looked at.
        there = keys_of(accepted.filter(kind=kind), "object_id")
        if kind == "persons":  # by their keys: they are most of all, and nearly all are wanted
            yield from (uuid.UUID(key) for key in there if key not in wanted.person_keys)
        else:
            yield from (one for one in map(uuid.UUID, there) if one not in getattr(wanted, kind))

    return {kind: sorted(unwanted(kind)) for kind in KINDS}


def still_to_remove(
    organisation: Organisation, environment: str, kind: Kind, ids: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Those of `ids` that `to_remove` would name now. Only they are looked up. Needs the organisation's scope."""
    accepted = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind, kept_at=None)
    there = {
        object_id
        for piece in in_pieces(ids)
        for object_id in accepted.filter(object_id__in=piece).values_list("object_id", flat=True)
    }
    return there - everything_wanted(organisation).wanted_among(kind, there)


def in_vain(organisation: Organisation, kept: "QuerySet[Accepted]") -> Iterator[int]:
    """The keys of those of `kept` that nobody wants as the register stands, in the order of `kept`.

    Nothing is changed by asking. Needs the organisation's scope.
    """
    wanted = everything_wanted(organisation)
    for pk, kind, object_id in kept.values_list("pk", "kind", "object_id").iterator():
        if object_id not in getattr(wanted, kind):
            yield pk


def release_wanted(organisation: Organisation, environment: str) -> None:
    """What was kept although nobody wanted it, and is wanted again, counts like everything else from now on."""
    kept = Accepted.objects.filter(organisation=organisation, environment=environment, kept_at__isnull=False)
    still = set(in_vain(organisation, kept))
    again = [pk for pk in kept.values_list("pk", flat=True) if pk not in still]
    for piece in in_pieces(again):
        Accepted._base_manager.filter(pk__in=piece).update(kept_at=None, kept_by=None)
