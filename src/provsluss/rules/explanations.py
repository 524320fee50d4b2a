"""Skolverket's codes and messages in plain Swedish: what it means, who mends it, where and how.

Only thirteen codes are public (rules.md section 2). For every other code the series (2xxx format, 3xxx value,
4xxx reference, 5xxx permission and technology, 6xxx overload) and the attribute say what can be said.
"""

from dataclasses import dataclass

from provsluss.rules.explained_attributes import Attribute, find_attribute, keeper
from provsluss.rules.explained_codes import PUBLIC_CODES, ExplainedCode
from provsluss.rules.explained_series import BY_KIND, BY_MESSAGE, SERIES, SERIES_BY_MESSAGE_TYPE, UNKNOWN, UNKNOWN_ABOUT
from provsluss.rules.who import Who
from provsluss.ss12000.log_filter import without_secrets

_KINDS = {"person": "persons", "duty": "duties", "group": "groups", "activity": "activities"}
_CODES_OF_CALL_AND_DATA = frozenset({"2011", "4001"})
"""Codes that Skolverket uses both for a call's own parameter and for an attribute of an object."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a user reads under a code. Every text is one or two whole Swedish sentences; `who` prints as its label.

    `retried`: Provsluss tries again by itself. `known`: the code is public; the unknown ones are counted.
    `source`: what the explanation rests on.
    """

    title: str
    meaning: str
    who: Who
    where: str
    how: str
    retried: bool
    known: bool
    source: str


def explain(
    code: str | None, message: str, attribute: str = "", message_type: str = "", kind: str = "", role: str = ""
) -> Explanation:
    """Explain one log entry of Skolverket's. Total: whatever comes in, an explanation comes out.

    `code`, `message`, `attribute` and `message_type` are its id, message, attributeName and messageType; the job status
    `TemporaryError` may stand as code. `kind` is ours ("persons" …) or its resourceType ("Person" …). `role` tells a
    pupil (`pupil`, `Elev`) from staff (anything else), where it is known.
    """
    code = (code or "").strip()
    kind = _KINDS.get(kind.strip().lower(), kind.strip().lower())
    found = find_attribute(attribute, message, kind)
    series = code[:1] if len(code) == 4 and code.isdigit() else SERIES_BY_MESSAGE_TYPE.get(message_type.strip(), "")
    if public := PUBLIC_CODES.get(code):
        if found and code in _CODES_OF_CALL_AND_DATA:
            return _about_attribute(code, series, found, kind, role, message, known=True)
        return _explanation(public, known=True, source=f"Skolverkets API-beskrivning, {code}")
    for words, told in BY_MESSAGE:
        if words in message.lower():
            return _explanation(told, known=False, source="Skolverkets eget meddelande")
    if series in {"5", "6"}:
        return _explanation(SERIES[_technical(series, message_type)], known=False, source=_series_source(series))
    if found:
        return _about_attribute(code, series, found, kind, role, message, known=False)
    if text := BY_KIND.get((series, kind)) or SERIES.get(series):
        return _explanation(text, known=False, source=_series_source(series))
    return _explanation(_with_own_words(UNKNOWN, message), known=False, source="Skolverkets eget meddelande")


def _about_attribute(
    code: str, series: str, attribute: Attribute, kind: str, role: str, message: str, known: bool
) -> Explanation:
    who, where = keeper(attribute, kind, role)
    title, meaning = UNKNOWN_ABOUT.get(series, UNKNOWN_ABOUT[""])
    text = ExplainedCode(
        title.format(name=attribute.name), meaning.format(expected=attribute.expected), who, where, attribute.how
    )
    if not series:
        text = _with_own_words(text, message)
    source = f"Skolverkets API-beskrivning, {code}" if known else _series_source(series)
    return _explanation(text, known=known, source=source)


def _technical(series: str, message_type: str) -> str:
    return "5 behörighet" if series == "5" and message_type.strip() == "Behörighet saknas" else series


def _with_own_words(text: ExplainedCode, message: str) -> ExplainedCode:
    """Let Skolverket's own message be the meaning, as nothing better is known; personnummer are masked."""
    words = without_secrets(" ".join(message.split()))
    meaning = f"Skolverket skriver: ”{words}”." if words else text.meaning
    return ExplainedCode(text.title, meaning, text.who, text.where, text.how, text.retried)


def _series_source(series: str) -> str:
    return f"Vår tolkning av kodserien {series}xxx" if series else "Skolverkets eget meddelande"


def _explanation(text: ExplainedCode, known: bool, source: str) -> Explanation:
    return Explanation(text.title, text.meaning, text.who, text.where, text.how, text.retried, known, source)
