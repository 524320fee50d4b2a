"""How large a call may be: our setting, or less where Skolverket, or a proxy on the way, has refused one of that size.

What a 413 has taught is forgotten after a week, so that a passing fault does not make all calls small for ever.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from provsluss.organisations.environments import Environment
from provsluss.transfers.models import CallSize

log = logging.getLogger(__name__)

FORGOTTEN_AFTER = timedelta(days=7)
SMALLEST_PART = 10
"""However small calls are refused, we do not go below this part of the setting: then the size is not the reason."""


def largest_call(environment: str) -> int:
    """How many bytes the body of a call to `environment` may have."""
    known = learned_size(environment)
    return settings.MAX_PAYLOAD_BYTES if known is None else min(known.max_bytes, settings.MAX_PAYLOAD_BYTES)


def learned_size(environment: str) -> CallSize | None:
    """What a 413 has taught lately, if any came."""
    return CallSize.objects.filter(environment=environment, learned_at__gt=timezone.now() - FORGOTTEN_AFTER).first()


@dataclass(frozen=True, slots=True)
class SmallerCalls:
    """For whoever watches: an environment whose calls are packed smaller for now, and until when."""

    environment_name: str
    max_bytes: int
    until: datetime


def smaller_calls() -> list[SmallerCalls]:
    """All environments that have lately refused a call of a size that we thought was allowed."""
    learned = (learned_size(environment) for environment in Environment.values)
    return [
        SmallerCalls(Environment(size.environment).label, size.max_bytes, size.learned_at + FORGOTTEN_AFTER)
        for size in learned
        if size is not None
    ]


def learn_from_refusal(environment: str, refused_bytes: int) -> None:
    """A call of so many bytes was too large: the next ones are packed to half of it, as its own halves are."""
    smaller = max(refused_bytes // 2, settings.MAX_PAYLOAD_BYTES // SMALLEST_PART)
    if smaller < largest_call(environment):
        log.warning("a call of %d bytes was too large for %s; from now on %d", refused_bytes, environment, smaller)
        CallSize.objects.update_or_create(
            environment=environment, defaults={"max_bytes": smaller, "learned_at": timezone.now()}
        )
