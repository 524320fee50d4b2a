"""What a reading of a source came to, in words: how many of each kind were read, used and left out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KINDS = {"persons": "Personer", "duties": "Tjänstgöringar", "groups": "Grupper", "activities": "Undervisning"}
REFUSED = "Har ett fel som någon behöver rätta. De står bland anmärkningarna, och är som de var i registret."


@dataclass(frozen=True, slots=True)
class Account:
    """Of one kind: `read` = `used` + the numbers of `left_out`, each with its reason."""

    kind: str
    read: int
    used: int
    left_out: list[tuple[int, str]]


def accounts_of(reading: Mapping[str, Any]) -> list[Account]:
    """From Import.reading; empty for a reading that keeps no such accounts."""
    accounts = []
    for kind, words in _KINDS.items():
        read, used = reading.get("read", {}).get(kind, 0), reading.get("used", {}).get(kind, 0)
        left_out = [(number, reason) for reason, number in reading.get("left_out", {}).get(kind, {}).items()]
        if refused := reading.get("refused", {}).get(kind, 0):
            left_out.append((refused, REFUSED))
        if unreadable := reading.get("unreadable", {}).get(kind, 0):
            left_out.append((unreadable, "Följer inte SS 12000, så Provsluss kan inte läsa dem."))
        if read:
            accounts.append(Account(words, read, used, left_out))
    return accounts
