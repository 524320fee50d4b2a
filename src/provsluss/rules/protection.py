"""Protected personal data are sent only when the huvudman is prepared for it (rules.md P19)."""

from collections.abc import Sequence

from provsluss.rules.findings import Finding, Severity
from provsluss.rules.who import Who

UNPREPARED = "P19"
SKOLVERKET_SAYS = "Skolverkets beskrivning av provtjänsten"
_WHERE = "Skolverkets e-tjänst Administration provtjänsten, och sedan Provsluss, Inställningar, Huvudman."
_HOW = "Se till att det är gjort i Skolverkets e-tjänst. Bekräfta det sedan i Provsluss, under Inställningar, Huvudman."


def unprepared_person(missing: Sequence[str]) -> Finding:
    """P19, of one protected person who is held back: `missing` says which preparations nobody has confirmed."""
    return _finding(
        f"Personen har skyddade personuppgifter och skickas inte än. Det är inte bekräftat: {_all(missing)}."
    )


def unprepared_organisation(missing: Sequence[str]) -> Finding:
    """P19, of the huvudman as a whole. Says nothing of who is protected, or where."""
    return _finding(f"Personer med skyddade personuppgifter skickas inte än. Det är inte bekräftat: {_all(missing)}.")


def marking_not_sent() -> Finding:
    """P18, P19: somebody who is protected by now was sent before that, and the marking is held back with the person."""
    return _finding(
        "Minst en person som har fått en skyddsmarkering i registret finns redan hos Skolverket, utan markeringen. "
        "Den skickas inte förrän förberedelserna är bekräftade."
    )


def _finding(sentence: str) -> Finding:
    return Finding(UNPREPARED, Severity.ERROR, "securityMarking", sentence, Who.SCHOOL, _WHERE, _HOW, SKOLVERKET_SAYS)


def _all(missing: Sequence[str]) -> str:
    return " och ".join(part for part in (", ".join(missing[:-1]), *missing[-1:]) if part)
