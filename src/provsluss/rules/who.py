"""Who mends what is wrong: the six answers of design.md section 3.3."""

from enum import Enum


class Who(Enum):
    """The value is for lists, filters and JSON; `str()` and `label` are what a user reads."""

    PUPIL_REGISTER = "elevregistret"
    STAFF_REGISTER = "personalregistret"
    SCHOOL = "skolan"
    IT = "it"
    SKOLVERKET = "Skolverket"
    NOBODY = "ingen"

    @property
    def label(self) -> str:
        """The person or office, in Swedish, without a full stop."""
        return _LABELS[self]

    def __str__(self) -> str:
        return self.label


_LABELS = {
    Who.PUPIL_REGISTER: "Skolans administratör",
    Who.STAFF_REGISTER: "Den som sköter personalregistret",
    Who.SCHOOL: "Skolans provansvariga",
    Who.IT: "IT-avdelningen",
    Who.SKOLVERKET: "Skolverket",
    Who.NOBODY: "Ingen",
}
