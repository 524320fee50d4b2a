"""The two lists of åtkomst: what each member of staff sees, and who sees each group."""

import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from provsluss.visibility.flags import Flag
from provsluss.visibility.graph import SeenDuty, SeenGroup

UNTIL_NEXT = "tills nästa överföring"
UNTIL_REVIEWED = "tills någon har granskat borttagningen"
KEPT = "eftersom någon har valt att inte ta bort det"


class Presence(StrEnum):
    """Where something is seen."""

    BOTH = "both"
    ONLY_REGISTER = "only_register"
    ONLY_SKOLVERKET = "only_skolverket"

    @classmethod
    def of(cls, wanted: bool, accepted: bool) -> "Presence":
        """Of what is in at least one of the two."""
        if wanted and accepted:
            return cls.BOTH
        return cls.ONLY_REGISTER if wanted else cls.ONLY_SKOLVERKET


@dataclass(frozen=True, slots=True)
class Grant:
    """That the holder of a duty sees a group, or with `group` None a whole school unit."""

    duty: SeenDuty
    group: SeenGroup | None
    presence: Presence
    test_activities: frozenset[uuid.UUID] = frozenset()
    until: str = UNTIL_NEXT


@dataclass(slots=True)
class StaffAccess:
    """What one member of staff sees. `name` is empty for somebody whom the register does not know."""

    person_id: uuid.UUID
    name: str = ""
    sort_name: str = ""
    restricted: bool = False
    duties: list[SeenDuty] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def groups(self) -> list[Grant]:
        """The groups, by name."""
        return [grant for grant in self.grants if grant.group]

    @property
    def led_units(self) -> list[Grant]:
        """The school units that are seen as a whole."""
        return [grant for grant in self.grants if not grant.group]


@dataclass(slots=True)
class GroupAccess:
    """Who sees one group, besides the leaders of its school unit."""

    group: SeenGroup
    test_activities: set[uuid.UUID] = field(default_factory=set)
    grants: list[Grant] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
