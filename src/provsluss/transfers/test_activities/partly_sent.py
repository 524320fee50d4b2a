"""Provaktiviteter that no transfer has been about, and of which Skolverket has something all the same.

Skicka nu sends one person with its groups and activities, and belongs to no provaktivitet.
"""

import uuid
from collections.abc import Collection

from provsluss.batching import in_pieces
from provsluss.organisations.models import Organisation
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import Accepted, TestActivityGroup


def partly_sent(organisation_id: uuid.UUID, environment: str, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the test activities `ids` of which an Activity is at Skolverket. Needs the organisation's scope."""
    accepted = Accepted.objects.filter(environment=environment, kind="activities")
    if not ids or not accepted.exists():
        return set()
    links = TestActivityGroup.objects.filter(test_activity__in=ids).order_by()
    owners = {
        stable_id(organisation_id, "activity", str(test_activity_id), str(group_id)): test_activity_id
        for test_activity_id, group_id in links.values_list("test_activity_id", "group_id")
    }
    found = (
        accepted.filter(object_id__in=piece).values_list("object_id", flat=True) for piece in in_pieces(list(owners))
    )
    return {owners[activity_id] for some in found for activity_id in some}


def is_partly_sent(organisation: Organisation, test_activity_id: uuid.UUID) -> bool:
    """The same of one, in the environment in use."""
    return bool(partly_sent(organisation.id, organisation.environment, [test_activity_id]))
