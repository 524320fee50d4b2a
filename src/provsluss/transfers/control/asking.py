"""Asking for a control: a small organisation's is made at once, a larger one's by a worker."""

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers import engine
from provsluss.transfers.control.making import make_at_once
from provsluss.transfers.control.state import Standing, new_control, standing

AT_ONCE = 300
"""Up to so many persons in the register the answer is there within a second, so nobody need wait for a worker."""


def fresh_standing(organisation: Organisation) -> Standing:
    """How the control stands, after one has been asked for if there was none or the old one is no longer true.

    The organisation's scope must be active.
    """
    found = standing(organisation)
    if found.under_way or (found.control and not found.is_old):
        return found
    return ask_for_control(organisation)


def ask_for_control(organisation: Organisation) -> Standing:
    """Check everything anew, whatever has been said before. Harmless to repeat. Needs an active scope."""
    if Person.objects.filter(ended_at=None)[: AT_ONCE + 1].count() <= AT_ONCE:
        make_at_once(organisation)
    else:
        control, _ = new_control(organisation)
        engine.enqueue_control(control)
    return standing(organisation)
