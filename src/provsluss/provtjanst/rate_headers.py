"""What an answer's headers say about the limits (rules.md T7): Retry-After, X-RateLimit-Remaining and -Reset."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def pause_asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server wants another call: Retry-After (number or date), else X-RateLimit-Reset (fractional).

    None when neither says anything usable.
    """
    asked = headers.get("retry-after")
    seconds = _number(asked)
    if seconds is None and asked:
        seconds = _seconds_until(asked)
    if seconds is None:
        seconds = _number(headers.get("x-ratelimit-reset"))
    return seconds


def pause_when_nothing_remains(headers: Mapping[str, str] | None) -> float | None:
    """Seconds until there is room for a call again, when the server says that there is none now; otherwise None."""
    if headers is None:
        return None
    remaining = _number(headers.get("x-ratelimit-remaining"))
    return pause_asked_for(headers) if remaining is not None and remaining < 1 else None


def _number(text: str | None) -> float | None:
    """A finite number that is not negative."""
    try:
        number = float(text) if text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
