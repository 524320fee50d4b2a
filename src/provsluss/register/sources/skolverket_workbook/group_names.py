"""Groups by the name that pupils and staff refer to them with (rules.md section 4, rule 6)."""

import uuid
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    school_type: str
    id: uuid.UUID


class GroupNames:
    """The names of the groups in the file, within school unit and school type."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str], list[_Named]] = defaultdict(list)
        self.school_units: set[str] = set()
        """Those that any row with a group speaks of, also a refused one, and those of the groups that are kept."""

    def add(self, group_type: str, school_unit_code: str, school_type: str, name: str, group_id: uuid.UUID) -> bool:
        """Make the group known; False if another one has the name already (rules.md G6)."""
        self.school_units.add(school_unit_code)
        groups = self._groups[group_type, school_unit_code, name.casefold()]
        if any(group.name == name and group.school_type == school_type for group in groups):
            return False
        groups.append(_Named(name, school_type, group_id))
        return True

    def find(self, group_type: str, school_unit_code: str, school_type: str, name: str) -> list[uuid.UUID]:
        """The groups that `name` can mean: none, one, or several. An empty school type is any.

        A name that differs in nothing but case will do where only one group can be meant.
        """
        groups = self._groups.get((group_type, school_unit_code, name.casefold()), [])
        groups = [group for group in groups if not school_type or group.school_type == school_type]
        exact = [group for group in groups if group.name == name]
        return [group.id for group in exact or groups]
