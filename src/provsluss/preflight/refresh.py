"""Making a control anew: a small organisation's at once, a larger one's by a worker."""

from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.preflight.status import control_status, new_control
from provsluss.register.models import Person
from provsluss.transfers.models import Purpose, Transfer

AT_ONCE = 300
"""Up to so many persons in the register the answer is there within a second, so nobody need wait for a worker."""


def renew(organisation: Organisation) -> None:
    """Check everything anew, whatever has been said before. Harmless to repeat. Needs an active scope."""
    if Person.objects.filter(ended_at=None)[: AT_ONCE + 1].count() <= AT_ONCE:
        make_at_once(organisation)
    else:
        new_control(organisation)


def renew_after(transfer: Transfer) -> None:
    """The control anew, as in `renew`, when a transfer has come to rest and the one that stands is no longer true.

    Only where somebody has a control, and where something was refused or what was refused has arrived: any other
    transfer changes nothing in it. One person's transfer does not make everybody be checked; the control is then made
    anew when somebody looks at it. Harmless to repeat. Needs an active scope.
    """
    organisation = transfer.organisation
    if not transfer.is_at_rest or transfer.purpose == Purpose.ONE_PERSON:
        return
    if transfer.environment != organisation.environment or transfer.is_elsewhere:
        return
    found = control_status(organisation)
    if found.control and found.is_old:
        renew(organisation)
