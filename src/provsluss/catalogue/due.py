"""Which environments should be refreshed now."""

from datetime import datetime, timedelta

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation

# Daily, with room for the hour to wander.
FRESH = timedelta(hours=20)
# After a failure Skolverket is left alone for a while.
PAUSE_AFTER_FAILURE = timedelta(minutes=30)


def due_environments(now: datetime) -> list[str]:
    """The environments in use whose last success is older than 20 hours and whose last try is not just now."""
    in_use = Organisation.objects.order_by("environment").values_list("environment", flat=True).distinct()
    return [environment for environment in in_use if _is_due(environment, now)]


def _is_due(environment: str, now: datetime) -> bool:
    fetches = Fetch.objects.filter(environment=environment)
    if fetches.filter(succeeded=True, finished_at__gt=now - FRESH).exists():
        return False
    return not fetches.filter(started_at__gt=now - PAUSE_AFTER_FAILURE).exists()
