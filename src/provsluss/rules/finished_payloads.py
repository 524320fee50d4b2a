"""Rules of the finished record: what Provsluss sets itself, and its size (rules.md P13, P21, T6).

These can only fail through a fault of ours; they are the last gate before Skolverket.
"""

from provsluss.rules.findings import API, Finding, Severity
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import EDUID_CONTEXT
from provsluss.ss12000.records import Person, Record


def check_payload(record: Record, payload: bytes, max_bytes: int) -> list[Finding]:
    """Every finding about a record that is ready to be sent as `payload` in a call of at most `max_bytes`."""
    findings = size(payload, max_bytes)
    if isinstance(record, Person):
        findings += nationality(record)
        findings += external_identifier(record)
    return findings


def nationality(person: Person) -> list[Finding]:
    """P13."""
    if person.civic_no.nationality == "SE":
        return []
    return [_fault_of_ours("P13", "civicNo", "Personnumret är märkt med ett annat land än Sverige.")]


def external_identifier(person: Person) -> list[Finding]:
    """P21: eduID is the only context that Skolverket keeps."""
    if all(identifier.context == EDUID_CONTEXT for identifier in person.external_identifiers or ()):
        return []
    return [_fault_of_ours("P21", "externalIdentifiers", "Personens externa id är inte märkt som eduID.")]


def size(payload: bytes, max_bytes: int) -> list[Finding]:
    """T6: a single object that does not fit in a call can never be sent. The call adds 11 bytes around it."""
    if len(payload) + len(b'{"data":[]}') <= max_bytes:
        return []
    sentence = f"Uppgifterna är för stora för ett anrop till Skolverket, som tar {max_bytes // 1000} kB."
    return [
        Finding(
            "T6",
            Severity.ERROR,
            "",
            sentence,
            Who.SCHOOL,
            "Elevregistret, gruppens elever.",
            "Dela gruppen i mindre grupper. Läs sedan in registret igen och skicka.",
            API,
        )
    ]


def _fault_of_ours(code: str, attribute: str, sentence: str) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        attribute,
        sentence,
        Who.IT,
        "Provsluss, själva anropet till Skolverket.",
        "Du behöver inte ändra något i registret. Be IT-avdelningen anmäla felet till dem som utvecklar Provsluss.",
        API,
    )
