"""What Skolverket would have after a transfer, made straight in the tables."""

from provsluss.organisations.models import Organisation
from provsluss.rules.catalogue_snapshot import catalogue_snapshot
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.desired.objects import wanted_objects
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.predicted import Planned
from tests.transfers.running import new_transfer


def accept_everything(organisation: Organisation, *test_activities: TestActivity) -> None:
    """Let everything that these want, as the register stands, count as accepted. Needs the organisation's scope."""
    transfer = new_transfer(*test_activities)
    transfer.state = "done"
    transfer.save()
    there = RemoteState(organisation, organisation.environment)
    planned = Planned(there)
    selection = Selection(organisation, test_activities)
    catalogue = catalogue_snapshot(organisation.environment)
    for kind in KINDS:
        wanted = wanted_objects(selection, kind, selection.ids(kind), planned, catalogue)
        there.accept(
            kind, transfer.pk, ((one.object_id, one.payload, False) for one in wanted if one.payload is not None)
        )
