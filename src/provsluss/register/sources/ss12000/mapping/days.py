"""Whether something holds on a day: both its days are included, and one that is missing is open (SS 12000)."""

from provsluss.register.sources.ss12000.shapes import Dated


def holds(one: Dated, today: str) -> bool:
    """Whether it holds on `today` (YYYY-MM-DD)."""
    return not is_ahead(one, today) and not is_over(one, today)


def is_ahead(one: Dated, today: str) -> bool:
    """Whether it begins later."""
    return bool(one.startDate) and one.startDate > today


def is_over(one: Dated, today: str) -> bool:
    """Whether it ended earlier."""
    return bool(one.endDate) and one.endDate < today
