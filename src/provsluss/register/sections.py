"""The sections of a reading, in the field's words (SS 12000), whatever the source calls them."""

from enum import StrEnum
from typing import Literal

RowKind = Literal["groups", "pupils", "duties"]
"""What a row tells of. A member of staff is told of by the rows of the duties."""


class Section(StrEnum):
    """What the rows of one stream tell of, in the order in which they are read, stored and shown."""

    CLASSES = "classes"
    TEACHING_GROUPS = "teaching_groups"
    PUPILS = "pupils"
    DUTIES = "duties"

    @property
    def kind(self) -> RowKind:
        """Which objects of the register it tells of."""
        if self is Section.PUPILS:
            return "pupils"
        return "duties" if self is Section.DUTIES else "groups"

    @property
    def group_type(self) -> str:
        """Of which groupType its groups are (SS 12000); empty for those that are no groups."""
        return {Section.CLASSES: "Klass", Section.TEACHING_GROUPS: "Undervisning"}.get(self, "")
