"""An EPPN belongs to one person at Skolverket, until that one is removed there or has got another (rules.md P3, P8)."""

from provsluss.rules.explained_attributes import AFTERWARDS, EPPN
from provsluss.rules.findings import API, Finding, Severity, about
from provsluss.rules.who import Who


def login_taken(*, by_the_same_human: bool) -> Finding:
    """P8, of a person who is held back: Skolverket has the EPPN under another id, of the same human or not."""
    if by_the_same_human:
        return Finding(
            "P8",
            Severity.ERROR,
            "eduPersonPrincipalNames",
            "Personen finns kvar hos Skolverket under ett annat id, och kan skickas först när det är borttaget där.",
            Who.SCHOOL,
            "Skicka till Skolverket, två gånger: den första tar bort det gamla id:t, den andra skickar personen.",
            "Skicka, och godkänn borttagningen om den kräver granskning. Skicka sedan igen.",
            API,
        )
    sentence = (
        "Inloggningsnamnet (EPPN) finns hos Skolverket på ett annat id, och kan användas först när det id:t är "
        "borttaget där eller har fått ett annat inloggningsnamn."
    )
    how = f"Be IT-avdelningen ge personen ett inloggningsnamn som ingen annan har haft. {AFTERWARDS}"
    return about(EPPN, "P8", Severity.ERROR, "eduPersonPrincipalNames", sentence, API, how=how)
