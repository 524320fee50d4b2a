"""From the status of an answer to the error it means (rules.md section 2)."""

import json

from provsluss.provtjanst.answers import LogEntry, log_entries
from provsluss.provtjanst.calls import Answer
from provsluss.provtjanst.errors import (
    NotAuthorised,
    PayloadTooLarge,
    ProvtjanstError,
    Refused,
    TemporaryTrouble,
    TooManyCalls,
)
from provsluss.provtjanst.rate_headers import pause_asked_for


def error_of(answer: Answer) -> ProvtjanstError | None:
    """The error that an answer of the Provisioning API is; None for success.

    What a proxy says in HTML is temporary whatever its status, apart from 413 and 429, which mean the same from anyone.
    """
    status, text, entries = answer.status_code, answer.text, _entries(answer)
    codes = _codes(entries)
    if status == 429:
        return TooManyCalls(
            f"Skolverket tar inte emot fler anrop just nu ({status}{codes}).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=text,
            entries=entries,
        )
    if status == 413:
        return PayloadTooLarge(
            f"Anropet var större än Skolverket tar emot ({status}{codes}).",
            status_code=status,
            body=text,
            entries=entries,
        )
    if status >= 500 or status in (408, 425) or not (200 <= status < 300 or status >= 400) or answer.is_html:
        return TemporaryTrouble(
            _temporary_sentence(answer, codes),
            retry_after=pause_asked_for(answer.headers) if "retry-after" in answer.headers else None,
            status_code=status,
            body=text,
            entries=entries,
        )
    if status in (401, 403):
        return NotAuthorised(
            f"Skolverket godtar inte huvudmannens behörighet ({status}{codes}).",
            status_code=status,
            body=text,
            entries=entries,
        )
    if status >= 400:
        return Refused(f"Skolverket nekade anropet ({status}{codes}).", status_code=status, body=text, entries=entries)
    return None


def _temporary_sentence(answer: Answer, codes: str) -> str:
    if answer.is_html:
        return f"En webbsida kom i stället för svar från Skolverkets provtjänst (status {answer.status_code})."
    if answer.status_code < 400:
        return f"Skolverkets provtjänst hänvisade till en annan adress (status {answer.status_code})."
    return f"Skolverkets provtjänst är inte tillgänglig just nu ({answer.status_code}{codes})."


def _entries(answer: Answer) -> list[LogEntry]:
    if answer.status_code < 400 or answer.is_html:
        return []
    try:
        return log_entries(json.loads(answer.body))
    except ValueError:  # not JSON: then there are no entries, and the status says it all
        return []


def _codes(entries: list[LogEntry]) -> str:
    """Skolverket's codes for the sentence, only those that look like codes."""
    codes = dict.fromkeys(entry.code for entry in entries if entry.code.isalnum() and len(entry.code) <= 8)
    return f", kod {', '.join(list(codes)[:5])}" if codes else ""
