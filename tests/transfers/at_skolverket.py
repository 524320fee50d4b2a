"""Who is in which group at Skolverket, and who teaches in which activity: asked of the simulator itself."""

import uuid
from typing import Any

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Accepted

Named = dict[uuid.UUID, set[uuid.UUID]]
"""By group its members, or by activity its teachers."""


def members(organisation: Organisation) -> Named:
    """Of each group that has been accepted."""
    return _named(organisation, "groups", "groupMemberships", "person")


def teachers(organisation: Organisation) -> Named:
    """Of each activity that has been accepted."""
    return _named(organisation, "activities", "teachers", "duty")


def _named(organisation: Organisation, kind: Any, attribute: str, key: str) -> Named:
    ids = Accepted.objects.filter(kind=kind).values_list("object_id", flat=True)
    found = client_for(organisation, "simulator").lookup(kind, ids)
    return {uuid.UUID(one["id"]): {uuid.UUID(each[key]["id"]) for each in one[attribute]} for one in found}
