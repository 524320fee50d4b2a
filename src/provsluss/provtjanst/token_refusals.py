"""What it means when the authorisation server gives no token, or gives somebody else's.

Source: rules.md section 2 (token server errors).
"""

import json
import re
from collections.abc import Sequence

from provsluss.provtjanst.calls import Answer
from provsluss.provtjanst.errors import (
    CertificateRefused,
    NoToken,
    ProvtjanstError,
    TemporaryTrouble,
    TokenRefused,
    TooManyCalls,
    UntrustedServer,
    WrongOwner,
)
from provsluss.provtjanst.rate_headers import pause_asked_for
from provsluss.provtjanst.token_owner import TokenOwner

SERVER = "Behörighetsservern"

WHERE_TO_LOOK = " Sidan Anslutning under Inställningar visar vad som är fel."
"""How a sentence ends whose reason only our own page can tell."""

NOT_THERE = (404, 405, 410)
"""The answers of a server that has no authorisation server at the address."""

_REVOKED = "Klientcertifikatet är spärrat. Beställ ett nytt, och ange det under Inställningar."
_MISMATCH = "Klientcertifikatet hör inte ihop med den angivna klientnyckeln. Kontrollera certifikatet."
_UNSAID = f"Behörighetsservern nekade utan att säga varför.{WHERE_TO_LOOK}"
_UNKNOWN = "Behörighetsservern gav ingen behörighet. Kontrollera certifikat och klientnyckel under Inställningar."
# What the server writes → what it means. Compared in lower case; the first that is found counts.
_EXPLANATIONS = (
    ("revoked", _REVOKED),
    (
        "no client key found",
        "Entitets-id:t finns inte i TLS-federationens metadata. Kontrollera det och registreringen i Moa.",
    ),
    ("not signed by ca", "Klientcertifikatet är inte utfärdat av en utfärdare som Skolverket godtar."),
    ("expired", "Klientcertifikatet har gått ut eller gäller inte ännu. Förnya det."),
    ("not yet valid", "Klientcertifikatet har gått ut eller gäller inte ännu. Förnya det."),
    ("organization id", "Klientcertifikatet saknar huvudmannens organisationsnummer. Beställ ett som har det."),
    ("does not match", _MISMATCH),
    ("permission denied", _UNSAID),
    ("invalid_client", "Behörighetsservern känner inte igen klienten. Kontrollera certifikat och klientnyckel."),
    ("request_denied", "Behörighetsservern nekade begäran. Kontrollera att huvudmannen är registrerad för överföring."),
)
_SPECIFIC = {meaning for _, meaning in _EXPLANATIONS[:6]}
"""Those that say what is wrong with the certificate or the entity, whichever name of the key was asked with."""
# The pages of a web server in front (nginx) that has looked at the client certificate itself.
_CERTIFICATE_PAGE = re.compile(rb"SSL certificate", re.IGNORECASE)


def error_of(answer: Answer) -> ProvtjanstError:
    """What an answer other than success means."""
    status, text = answer.status_code, answer.text
    if status == 429:
        return TooManyCalls(
            "Behörighetsservern tar inte emot fler anrop just nu (429).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=text,
        )
    if answer.is_html and 400 <= status < 500 and _CERTIFICATE_PAGE.search(answer.body):
        return CertificateRefused(
            f"Behörighetsservern godtar inte klientcertifikatet ({status}). Kontrollera hos utfärdaren att det inte "
            "är spärrat.",
            status_code=status,
            body=text,
        )
    if status >= 500 or status < 400 or status in (408, 425) or answer.is_html:
        return TemporaryTrouble(
            f"Behörighetsservern är inte tillgänglig just nu ({status}).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=text,
        )
    said = _said(answer)
    if status in NOT_THERE:
        return TokenRefused(
            f"Adressen leder inte till behörighetsservern ({status}).{WHERE_TO_LOOK}",
            server_text=said,
            status_code=status,
            body=text,
        )
    found = next((meaning for words, meaning in _EXPLANATIONS if words in said.lower()), _UNKNOWN)
    return TokenRefused(found, server_text=said, status_code=status, body=text, says_it_all=found == _REVOKED)


def no_token(answer: Answer) -> NoToken:
    """An answer of success that no token can be read in. Its body could hold half a token: it is not kept."""
    what = "en webbsida" if answer.is_html else "ett svar"
    return NoToken(
        f"Behörighetsservern gav {what} utan behörighet (status {answer.status_code}). Håller det i sig kan adressen "
        f"leda till något annat än behörighetsservern.{WHERE_TO_LOOK}",
        status_code=answer.status_code,
    )


def untrusted(problem: UntrustedServer) -> UntrustedServer:
    """The same trouble with what to do about it here, where the issuer is what is not known."""
    if not problem.issuer_unknown:
        return problem
    return UntrustedServer(
        f"Den säkra förbindelsen (TLS) till {SERVER} kunde inte upprättas: serverns certifikat är inte betrott. Ange "
        "utfärdaren med PROVSLUSS_TOKEN_ISSUERS_FILE, eller federationens metadata med PROVSLUSS_MOA_METADATA_URL och "
        "PROVSLUSS_MOA_KEYS_FILE. Är något av dem redan angivet: kontrollera att det stämmer.",
        issuer_unknown=True,
    )


def wrong_owner(owner: TokenOwner, number: str) -> WrongOwner:
    """The token of `owner` was given to the organisation with `number`."""
    return WrongOwner(
        f"Behörigheten gäller {owner.said}, men huvudmannen har SE{number}. Den används inte, så att ingenting skickas "
        "i någon annans namn. Ange huvudmannens eget certifikat, och dess entitets-id, under Inställningar."
    )


def most_telling(denials: Sequence[TokenRefused]) -> TokenRefused:
    """Of the answers to both names of the key, the one that says most. That one name does not match says least."""
    return next((denial for denial in denials if denial.message in _SPECIFIC), denials[0])


def _said(answer: Answer) -> str:
    """The server's own words from either error shape, or its plain text."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return answer.text.strip()
    if isinstance(document, dict):
        error = document.get("error")
        if isinstance(error, dict):
            return " ".join(str(error[part]) for part in ("code", "description") if error.get(part))
        for part in (error, document.get("detail")):
            if part:
                return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False)
    return answer.text.strip()
