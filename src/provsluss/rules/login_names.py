"""Rules of the names that a person logs in with: EPPN and eduID (rules.md P3, P5–P7, P21, P22)."""

import re

from provsluss.rules.explained_attributes import AFTERWARDS, EDUID, EPPN
from provsluss.rules.findings import API, OUR_CHOICE, WORKBOOK, Finding, Severity, about
from provsluss.rules.shapes import PersonLike
from provsluss.rules.who import Who
from provsluss.ss12000.addresses import bare_address
from provsluss.ss12000.eppn import is_eppn, resembles_name

_EPPN = "eduPersonPrincipalNames"
_EDUID = "externalIdentifiers"
_NEW_ONE = f"Be IT-avdelningen om ett inloggningsnamn som inte bygger på namn eller personnummer. {AFTERWARDS}"
_SEVERAL = re.compile(r"[\s,;]|@.*@")


def login_name_findings(person: PersonLike) -> list[Finding]:
    """Everything that is wrong with the person's login names."""
    if not person.eppn.strip():
        missing = "Inloggningsnamn (EPPN) saknas."
        return [about(EPPN, "P3", Severity.ERROR, _EPPN, missing, API), *eduid_findings(person)]
    return [
        *exactly_one_eppn(person),
        *form_of_eppn(person),
        *eppn_like_name(person),
        *eppn_with_civic_number(person),
        *eduid_findings(person),
    ]


def exactly_one_eppn(person: PersonLike) -> list[Finding]:
    """P3: one EPPN, neither none nor several."""
    if not _SEVERAL.search(person.eppn):
        return []
    sentence = "Det ska bara stå ett inloggningsnamn (EPPN), utan mellanslag och komma."
    return [about(EPPN, "P3", Severity.ERROR, _EPPN, sentence, API)]


def form_of_eppn(person: PersonLike) -> list[Finding]:
    """P5: something@domain. An odd domain is only a warning, as a domain need not be an internet domain."""
    local, at, domain = person.eppn.partition("@")
    if not (local and at and domain):
        sentence = "Inloggningsnamnet (EPPN) ska ha formen namn@domän."
        return [about(EPPN, "P5", Severity.ERROR, _EPPN, sentence, API)]
    if _SEVERAL.search(person.eppn):
        return []
    if is_eppn(person.eppn):
        return _around(person.eppn)
    sentence = "Det som står efter @ i inloggningsnamnet (EPPN) ser inte ut som en domän."
    return [about(EPPN, "P5", Severity.WARNING, _EPPN, sentence, OUR_CHOICE)]


def _around(eppn: str) -> list[Finding]:
    """What no system makes, and somebody's hand or a formula did: such a name is not the one at login."""
    if ".." not in eppn and bare_address(eppn) == eppn:
        return []
    sentence = (
        "Inloggningsnamnet (EPPN) har tecken som inte brukar höra till: två punkter i rad, mailto: eller citattecken."
    )
    return [about(EPPN, "P5", Severity.WARNING, _EPPN, sentence, OUR_CHOICE)]


def eppn_like_name(person: PersonLike) -> list[Finding]:
    """P7: Skolverket answers with Warning 3047. How it compares is not public; see `resembles_name` for our choice."""
    if not resembles_name(person.eppn, person.given_name, person.family_name):
        return []
    sentence = "Inloggningsnamnet (EPPN) liknar personens namn. Skolverket tar emot personen men ger en varning (3047)."
    return [about(EPPN, "P7", Severity.WARNING, _EPPN, sentence, API, how=_NEW_ONE)]


def eppn_with_civic_number(person: PersonLike) -> list[Finding]:
    """P6: an EPPN should not be built from the personnummer."""
    number = person.civic_number
    if len(number) != 12 or number[2:] not in re.sub(r"[-+_.]", "", person.eppn.upper()):
        return []
    sentence = "Inloggningsnamnet (EPPN) innehåller personnumret. Det bör det inte göra."
    return [about(EPPN, "P6", Severity.WARNING, _EPPN, sentence, "Skolverkets riktlinjer för EPPN", how=_NEW_ONE)]


def eduid_findings(person: PersonLike) -> list[Finding]:
    """P21, P22: eduID is for staff, is a name at eduID, and is left out where eduID is the login service itself."""
    eduid = person.eduid_eppn.strip()
    if not eduid:
        return []
    if person.role == "pupil":
        sentence = "Eleven har ett eduID-namn. Det är bara till för personal och skickas inte."
        how = f"Töm elevens fält för eduID-namn. {AFTERWARDS}"
        where = "Elevregistret, fältet EduID-Federationsanvändarnamn."
        return [Finding("P21", Severity.WARNING, _EDUID, sentence, Who.PUPIL_REGISTER, where, how, API)]
    if not is_eppn(eduid):
        sentence = "eduID-namnet ska ha formen namn@eduid.se."
        return [about(EDUID, "P21", Severity.ERROR, _EDUID, sentence)]
    if not eduid.lower().endswith("@eduid.se"):
        sentence = "eduID-namnet slutar inte på @eduid.se."
        return [about(EDUID, "P21", Severity.WARNING, _EDUID, sentence)]
    if person.eppn.lower().endswith(".skolverket.se"):
        sentence = "Personen loggar in med eduID i stället för skolans inloggning. Då ska eduID-namnet vara tomt."
        how = f"Töm fältet med eduID-namnet. {AFTERWARDS}"
        return [about(EDUID, "P22", Severity.WARNING, _EDUID, sentence, WORKBOOK, how=how)]
    return []
