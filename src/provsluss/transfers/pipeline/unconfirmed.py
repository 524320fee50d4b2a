"""Objects that Skolverket's finished answer does not speak of: what the pages say of them until their fate is known."""

from collections.abc import Iterable
from typing import Any

from provsluss.transfers.models import ObjectResult

Finding = dict[str, Any]

MAX_UNANSWERED = 3
"""An object that so many answers have left out, and that is not there as it was sent, is an error."""

_NOT_ANSWERED = "Skolverkets svar tog inte upp den här uppgiften"
_PASSING = ("unanswered", "found_by_lookup")


def mark_unanswered(results: Iterable[ObjectResult]) -> list[ObjectResult]:
    """Note that an answer has left these out. Returns them, with new `findings` and `unanswered`, not yet saved."""
    marked = []
    for result in results:
        result.unanswered += 1
        result.findings = [
            *settled_findings(result),
            _finding("unanswered", f"{_NOT_ANSWERED}. Provsluss söker upp den hos Skolverket."),
        ]
        marked.append(result)
    return marked


def settled_findings(result: ObjectResult) -> list[Finding]:
    """The findings without those that only told of a missing answer."""
    return [finding for finding in result.findings if finding["code"] not in _PASSING]


def found_by_lookup(removes: bool) -> Finding:
    """What to say of an object that is there as it was sent, or gone as it was to be."""
    there = "men den är borttagen hos Skolverket" if removes else "men den finns hos Skolverket så som den skickades"
    return _finding("found_by_lookup", f"{_NOT_ANSWERED}, {there}.")


def sent_again() -> Finding:
    """What to say of an object that is on its way once more."""
    return _finding(
        "unanswered", f"{_NOT_ANSWERED}, och den fanns inte där så som den skickades. Därför skickas den igen."
    )


def never_answered() -> Finding:
    """What to say of an object that we give up."""
    return _finding(
        "never_answered",
        f"{_NOT_ANSWERED}, fast den skickades {MAX_UNANSWERED} gånger, och den finns inte där så som den skickades. "
        "Skicka igen. Händer det på nytt, kontakta Skolverket.",
    )


def _finding(code: str, sentence: str) -> Finding:
    return {"code": code, "sentence": sentence, "object_ids": []}
