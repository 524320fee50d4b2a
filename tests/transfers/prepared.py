"""A huvudman that may send protected persons."""

from provsluss.organisations.models import Organisation, Preparation
from provsluss.organisations.protection import decide


def prepare(organisation: Organisation, *but: str) -> None:
    """Confirm the three preparations of rules.md P19, all `but` these."""
    for what in Preparation:
        decide(organisation, what, confirmed=what.value not in but, user=None)


def take_back(organisation: Organisation) -> None:
    """Take all of them back."""
    for what in Preparation:
        decide(organisation, what, confirmed=False, user=None)
