"""Whether a press of the button would leave protected persons behind."""

from collections.abc import Iterable

from provsluss.organisations.models import Organisation, Preparation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Person
from provsluss.ss12000.code_lists import UNPROTECTED
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity


def unprepared_for(organisation: Organisation, test_activities: Iterable[TestActivity]) -> list[Preparation]:
    """What nobody has confirmed yet, where it holds back somebody whom these want (rules.md P19); otherwise nothing.

    Needs the organisation's scope.
    """
    if not (missing := missing_preparations(organisation)):
        return []
    protected = Person.objects.filter(ended_at=None).exclude(security_marking__in=UNPROTECTED)
    ids = list(protected.values_list("pk", flat=True))
    return missing if ids and Selection(organisation, test_activities).wanted_among("persons", ids) else []
