"""Asking for a control, from a page or a command."""

from provsluss.organisations.models import Organisation
from provsluss.preflight.refresh import renew
from provsluss.preflight.status import ControlStatus, control_status


def fresh_control_status(organisation: Organisation) -> ControlStatus:
    """How the control stands, after one has been asked for if there was none or the old one is no longer true.

    The organisation's scope must be active.
    """
    found = control_status(organisation)
    if found.under_way or (found.control and not found.is_old):
        return found
    return ask_for_control(organisation)


def ask_for_control(organisation: Organisation) -> ControlStatus:
    """Check everything anew, whatever has been said before. Harmless to repeat. Needs an active scope."""
    renew(organisation)
    return control_status(organisation)
