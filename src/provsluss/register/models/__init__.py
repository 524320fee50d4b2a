"""The tables of the register: what was read, what the school says, and where it came from."""

from provsluss.register.models.imports import (
    STORED_STATES,
    HarmfulFile,
    Import,
    ImportChange,
    ImportProblem,
    ImportState,
)
from provsluss.register.models.objects import (
    Duty,
    DutyAssignment,
    Enrolment,
    FromSource,
    Group,
    Membership,
    Person,
    Reveal,
)
from provsluss.register.models.sources import (
    Source,
    SourceState,
)

__all__ = [
    "STORED_STATES",
    "Duty",
    "DutyAssignment",
    "Enrolment",
    "FromSource",
    "Group",
    "HarmfulFile",
    "Import",
    "ImportChange",
    "ImportProblem",
    "ImportState",
    "Membership",
    "Person",
    "Reveal",
    "Source",
    "SourceState",
]
