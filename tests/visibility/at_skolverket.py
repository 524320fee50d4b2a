"""Puts the small school's wanted objects in Accepted, as if everything had been sent and taken."""

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty
from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.desired.objects import wanted_objects
from provsluss.transfers.desired.payload_hash import payload_hash
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, TestActivity
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.predicted import Planned


def accept_all(organisation: Organisation, *test_activities: TestActivity) -> None:
    """Everything that `test_activities` want is at Skolverket, as the register says it now."""
    selection = Selection(organisation, test_activities)
    planned = Planned(RemoteState(organisation, organisation.environment))
    for kind in KINDS:
        wanted = wanted_objects(selection, kind, selection.ids(kind), planned, Catalogue())
        sent = {one.object_id: one.payload for one in wanted if one.payload}
        assert len(sent) == len(wanted)
        Accepted.objects.bulk_create(
            [
                Accepted(
                    organisation=organisation,
                    environment=organisation.environment,
                    kind=kind,
                    object_id=object_id,
                    payload_hash=payload_hash(payload),
                    payload=payload.decode(),
                )
                for object_id, payload in sent.items()
            ],
            ignore_conflicts=True,
        )
        planned.will_send(kind, sent)


def forget_duty(duty: Duty) -> None:
    """As if Skolverket had never taken the duty."""
    Accepted.objects.filter(kind="duties", object_id=duty.pk).delete()
