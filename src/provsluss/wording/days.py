"""Days until a test in words."""

from datetime import date

from provsluss.transfers.models import TestActivity


def days_in_words(days: int | None) -> str:
    """How far away a day is: "i dag", "om 12 dagar"; what is over is only said to be so."""
    if days is None:
        return ""
    if days < 0:
        return "har varit"
    return {0: "i dag", 1: "i morgon"}.get(days, f"om {days} dagar")


def days_to(test_activity: TestActivity, today: date) -> int | None:
    """How many days are left to the test; None when nobody has said when it is."""
    return (test_activity.test_date - today).days if test_activity.test_date else None
