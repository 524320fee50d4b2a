"""What a purge (gallring) forgot, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from provsluss.transfers.models import PurgeReport
from provsluss.wording.counting import in_words

# One, and several.
_WORDS = {
    "call_payloads": ("anrops innehåll", "anrops innehåll"),
    "removed_payloads": ("borttaget objekts uppgifter", "borttagna objekts uppgifter"),
    "results": ("objekts utfall", "objekts utfall"),
    "accepted_payloads": ("avslutat objekts uppgifter", "avslutade objekts uppgifter"),
    "transfers": ("överföring med sina antal", "överföringar med sina antal"),
    "plans": ("förhandsgranskning", "förhandsgranskningar"),
    "controls": ("kontroll", "kontroller"),
    "uploads": ("uppladdad fil", "uppladdade filer"),
    "known_addresses": ("plats som någon har loggat in från", "platser som någon har loggat in från"),
}


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """One purge."""

    at: datetime
    what: list[str]


def purge_rows(reports: Iterable[PurgeReport]) -> list[PurgeRow]:
    """The reports as the page shows them."""
    return [
        PurgeRow(report.purged_at, [_counted(what, number) for what, number in counts])
        for report in reports
        if (counts := report.counts.items())
    ]


def _counted(what: str, number: int) -> str:
    one, many = _WORDS.get(what, (what, what))
    return f"{in_words(number)}\u00a0{one if number == 1 else many}"
