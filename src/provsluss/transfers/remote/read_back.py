"""Ask Skolverket what it really has: is everything that was accepted still there, and is it in the test platform?

Job success only means that Skolverket has stored an object; the way on to the test platform takes up to half an hour
and more (rules.md T14–T15).
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.models import Accepted
from provsluss.transfers.remote.accepted import RemoteState

IDS_PER_LOOKUP = 100
"""How many ids a lookup may hold is not published (rules.md T11); the lists' own highest number is a careful guess."""


@dataclass(slots=True)
class Verified:
    """What was found of one kind. `missing` are ids that Skolverket accepted and now does not have."""

    accepted: int = 0
    found: int = 0
    in_test_platform: int = 0
    missing: list[uuid.UUID] = field(default_factory=list)


def verify(organisation: Organisation) -> dict[Kind, Verified]:
    """Look up everything that has been accepted in the organisation's environment.

    Raises ProvtjanstError or CertificateProblem when Skolverket cannot be asked. Needs the organisation's scope.
    """
    client = client_for(organisation, organisation.environment)
    result: dict[Kind, Verified] = {}
    for kind in KINDS:
        result[kind] = verified = Verified()
        for ids in _accepted_ids(organisation, kind):
            there = {as_uuid(str(one.get("id"))): one for one in client.lookup(kind, ids)}
            verified.accepted += len(ids)
            verified.found += sum(object_id in there for object_id in ids)
            verified.in_test_platform += sum(bool(one.get("provisioningStatus")) for one in there.values())
            verified.missing += [object_id for object_id in ids if object_id not in there]
    return result


def mark_missing(organisation: Organisation, found: Mapping[Kind, Verified], asked_at: datetime) -> int:
    """Let what was missing when Skolverket was asked at `asked_at` count as never sent; the next transfer sends it.

    Returns how many objects. Needs the organisation's scope.
    """
    there = RemoteState(organisation, organisation.environment)
    with transaction.atomic():
        return sum(there.forget_missing(kind, one.missing, asked_at) for kind, one in found.items() if one.missing)


def _accepted_ids(organisation: Organisation, kind: Kind) -> Iterator[list[uuid.UUID]]:
    """The accepted ids, some at a time, read by the order of their ids so that memory stays flat.

    What is only perhaps there was never accepted: that Skolverket has not got it would be no loss.
    """
    accepted = Accepted.objects.filter(
        organisation=organisation, environment=organisation.environment, kind=kind, perhaps=False
    ).order_by("object_id")
    ids = list(accepted.values_list("object_id", flat=True)[:IDS_PER_LOOKUP])
    while ids:
        yield ids
        ids = list(accepted.filter(object_id__gt=ids[-1]).values_list("object_id", flat=True)[:IDS_PER_LOOKUP])
