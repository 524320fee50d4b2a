"""A new school year in words."""

from provsluss.register.ingest.school_year_change import SchoolYearChange
from provsluss.wording.counting import counted, listed

FATES = {
    "new": "Nya",
    "changed": "Ändras",
    "unchanged": "Oförändrade",
    "withheld": "Hålls inne",
    "removed": "Tas bort",
}
"""What happens to objects at Skolverket."""


def summary(change: SchoolYearChange) -> str:
    """`178 elever flyttas upp en årskurs, 268 är nya och 90 slutar.`"""
    totals = change.totals
    parts = [
        f"{counted(totals['moved_up'], 'elev', 'elever')} flyttas upp en årskurs",
        f"{counted(totals['new'], 'är ny', 'är nya')}" if totals["new"] else "",
        f"{counted(totals['left'], 'slutar', 'slutar')} eller finns inte i filen" if totals["left"] else "",
    ]
    return f"{listed(parts)}."


def exchanged_sentence(change: SchoolYearChange) -> str:
    """What to ask oneself when nearly nobody is left; empty otherwise."""
    if change.totals["moved_up"] + change.totals["arrived"] >= change.totals["new"] // 10:
        return ""
    return (
        "Nästan alla elever är utbytta. Så är det när filen bara har de årskurser som gör prov. Har du bytt "
        "elevregister, eller är det fel fil? Avbryt då inläsningen."
    )
