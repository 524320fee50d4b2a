"""Excel's dates are days since 1900 (or 1904), as numbers."""

import datetime

_FROM_1900 = datetime.datetime(1899, 12, 30)
_FROM_1904 = datetime.datetime(1904, 1, 1)
_NO_LEAP_DAY = 60
"""Excel believes in 29 February 1900; days before it stand one too low."""

Moment = datetime.date | datetime.datetime | datetime.time


def moment(days: float, counts_from_1904: bool) -> Moment | float:
    """A time of day, a date, or both; the number itself where Excel has no date for it."""
    if not 0 <= days < 2_958_466:  # 31 December 9999
        return days
    if not counts_from_1904 and days < _NO_LEAP_DAY:
        days += days >= 1
    start = _FROM_1904 if counts_from_1904 else _FROM_1900
    try:
        found = start + datetime.timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:
        return days
    if days < 1:
        return found.time()
    return found if found.time() != datetime.time() else found.date()


def duration(days: float) -> datetime.timedelta | float:
    """Hours and minutes that may be more than a day; the number itself where it is too large."""
    try:
        return datetime.timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:
        return days
