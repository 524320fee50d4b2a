"""Which organisations the open data should be fetched for now."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from provsluss.catalogue.models import Fetch, SchoolUnit
from provsluss.catalogue.refresh import askable
from provsluss.organisations.models import Organisation

# Daily, with room for the hour to wander.
FRESH = timedelta(hours=20)
# After a failure Skolverket is left alone for a while.
PAUSE_AFTER_FAILURE = timedelta(minutes=30)

Codes = Callable[[Organisation], Collection[str]]
"""Gives the codes of the school units that an organisation uses."""


def due_organisations(now: datetime, codes_of: Codes) -> list[Organisation]:
    """The organisations whose own last success is older than 20 hours, or that use a school unit never asked for.

    One that has just failed, or whose fetch is under way, is left for half an hour.
    """
    return [organisation for organisation in Organisation.objects.all() if _is_due(organisation, now, codes_of)]


def _is_due(organisation: Organisation, now: datetime, codes_of: Codes) -> bool:
    own = Fetch.objects.filter(environment=organisation.environment, organisation_number=organisation.number)
    if own.filter(succeeded=False, started_at__gt=now - PAUSE_AFTER_FAILURE).exists():
        return False
    if not own.filter(succeeded=True, finished_at__gt=now - FRESH).exists():
        return True
    wanted = askable(codes_of(organisation))
    known = SchoolUnit.objects.filter(environment=organisation.environment, code__in=wanted)
    return known.count() < len(wanted)
