"""What a rule says about an object: how serious it is, in which words, and who mends it where and how."""

from dataclasses import dataclass
from enum import Enum

from provsluss.rules.explained_attributes import Attribute, keeper
from provsluss.rules.who import Who

API = "Skolverkets API-beskrivning (Provisioning API)"
WORKBOOK = "Skolverkets Excelmall"
OPEN_DATA = "Skolverkets öppna data"
OUR_CHOICE = "Provsluss eget val; Skolverkets regel är inte offentlig"


class Severity(Enum):
    """An error holds the object back, a warning does not, an info is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The Swedish word."""
        return {"error": "Fel", "warning": "Varning", "info": "Upplysning"}[self.value]

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `code` is stable and names the rule in rules.md (P11 …). `sentence` says what is wrong and never holds a name or a
    personnummer, so equal sentences have equal causes. `who`, `where` and `how` say how it is mended.
    """

    code: str
    severity: Severity
    attribute: str
    sentence: str
    who: Who
    where: str
    how: str
    source: str

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON can hold it; `who` and `severity` by value."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "attribute": self.attribute,
            "sentence": self.sentence,
            "who": self.who.value,
            "where": self.where,
            "how": self.how,
            "source": self.source,
        }


def about(
    attribute: Attribute,
    code: str,
    severity: Severity,
    name: str,
    sentence: str,
    source: str = API,
    *,
    role: str = "",
    how: str = "",
) -> Finding:
    """A finding that is mended where `attribute` is kept. `name` is SS 12000's attribute, `role` the person's.

    `how` is given where the attribute's usual advice does not fit.
    """
    who, where = keeper(attribute, role=role)
    return Finding(code, severity, name, sentence, who, where, how or attribute.how, source)


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that hold the object back."""
    return [finding for finding in findings if finding.is_error]
