"""What is said of one row: whose it is, and whether that has to be asked first."""

import uuid
from dataclasses import dataclass, field

ID, EPPN, CIVIC_NUMBER = "Person-ID", "Federationsanvändarnamn", "Personnummer"
"""The columns that tell persons apart."""


@dataclass(slots=True)
class Verdict:
    """Whose a row is. With a `reason` it stays out; where that is a question (`asks`), not once it has been answered.

    `person_id` is whose it is once it goes in, `source_id` the id as the register is to have it. `keeps` are persons of
    the register whom it may be about: while it stays out, none of them ends. `notes` are for rows that go in.
    """

    person_id: uuid.UUID
    source_id: str
    column: str = ""
    reason: str = ""
    asks: bool = False
    ends_nobody: bool = False
    keeps: set[uuid.UUID] = field(default_factory=set)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, column: str, reason: str) -> "Verdict":
        """Keep the row out until somebody has said yes."""
        self.column, self.reason, self.asks = column, reason, True
        return self

    def refuse(self, column: str, reason: str) -> None:
        """Keep the row out, whatever anybody says. `reason` goes on after the column's name."""
        self.column, self.reason, self.asks = column, f"{column} {reason}.", False

    def note(self, column: str, text: str) -> None:
        """Tell of what is odd about a row that goes in. `text` goes on after the column's name."""
        self.notes.append((column, f"{column} {text}."))

    @property
    def is_refused(self) -> bool:
        """Whether the row stays out whatever anybody says."""
        return bool(self.reason) and not self.asks
