"""A preview per school unit. A number would tell where protected persons are, so they stand apart for most readers."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.transfers.models import Plan, PlannedObject
from provsluss.transfers.plan.store import PROTECTED_UNCHANGED, UNITS

MOST_UNITS = 400
"""So many school units the table shows; the Excel file has every object with its unit."""


@dataclass(frozen=True, slots=True)
class UnitTable:
    """(code, name, counts by fate) of each school unit, those with something held back or removed first.

    `neutral`: those of all school units together that the reader may not see; empty where there are none.
    """

    rows: list[tuple[str, str, dict[str, int]]]
    neutral: dict[str, int]


def unit_table(plan: Plan, reader: Reader) -> UnitTable:
    """The counts of `plan` by school unit. No school unit counts protected persons whom `reader` may not see."""
    counts = {code: Counter(fates) for code, fates in plan.counts.get(UNITS, {}).items()}
    neutral: Counter[str] = Counter()
    if not reader.sees_protected:
        for code, hidden in _protected(plan).items():
            neutral += hidden
            counts[code] = counts.get(code, Counter()) - hidden
    names = unit_names(plan, set(counts))
    rows = [(code, names.get(code, code) or "Utan skolenhet", dict(one)) for code, one in counts.items() if one]
    rows.sort(key=lambda row: (-row[2].get("withheld", 0), -row[2].get("removed", 0), row[1]))
    return UnitTable(rows[:MOST_UNITS], dict(neutral))


def unit_names(plan: Plan, codes: set[str]) -> dict[str, str]:
    """What the school units are called, where it is known."""
    return {code: unit.name or code for code, unit in school_units(plan.environment, codes - {""}).items()}


def _protected(plan: Plan) -> dict[str, Counter[str]]:
    """How many protected persons each school unit counts. Their rows say so also of those protected since."""
    rows = PlannedObject.objects.filter(plan=plan, restricted=True).order_by()
    hidden: dict[str, Counter[str]] = {}
    for code, fate, number in rows.values_list("school_unit_code", "fate").annotate(number=Count("pk")):
        hidden.setdefault(code, Counter())[fate] = number
    for code, number in plan.counts.get(PROTECTED_UNCHANGED, {}).items():
        hidden.setdefault(code, Counter())["unchanged"] = number
    return hidden
