"""How many pupils each provaktivitet has. Counting half a million memberships takes half a second, so it is remembered.

Who is in which group changes with an import alone, and which groups a provaktivitet has with its links.
"""

import hashlib
import uuid
from collections.abc import Collection

from django.core.cache import cache
from django.db.models import Count, Max

from provsluss.register.models import Import
from provsluss.transfers.models import TestActivityGroup

_REMEMBERED_SECONDS = 3600


def pupil_counts(test_activity_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The number of different pupils by test activity; one without any can be left out. Needs the scope."""
    key = _key(test_activity_ids)
    counts: dict[uuid.UUID, int] | None = cache.get(key)
    if counts is None:
        # From the links, and not from the memberships: those SQLite would go through once for each test activity.
        # Somebody who has ended is in no group any more (register.storing), so nobody's own row is needed.
        links = TestActivityGroup.objects.filter(test_activity__in=test_activity_ids, group__ended_at=None).order_by()
        counts = dict(
            links.values_list("test_activity").annotate(pupils=Count("group__memberships__person", distinct=True))
        )
        cache.set(key, counts, _REMEMBERED_SECONDS)
    return counts


def _key(test_activity_ids: Collection[uuid.UUID]) -> str:
    links = TestActivityGroup.objects.filter(test_activity__in=test_activity_ids).order_by()
    as_they_are = links.aggregate(Count("pk"), Max("pk"))
    stored = Import.objects.aggregate(Max("finished_at"))
    state = repr((sorted(map(str, test_activity_ids)), sorted(as_they_are.items()), sorted(stored.items())))
    return f"pupil-counts-{hashlib.sha256(state.encode()).hexdigest()}"
