"""Two graphs of the same thing: who teaches which groups, as the register wants it and as Skolverket has it.

A teacher whom an Activity names sees the results of all pupils in all its groups (rules.md A4); whoever leads a school
unit sees those of the whole unit (A5, D6). Everybody else among the staff sees nobody.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from provsluss.batching import Ids
from provsluss.ss12000.code_lists import LEADING_ROLES

_AT_A_TIME = 500


def in_turn(ids: Iterable[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Some hundred ids at a time, for questions that name them."""
    left = list(ids)
    return (left[start : start + _AT_A_TIME] for start in range(0, len(left), _AT_A_TIME))


PupilKey = str
"""A pupil's id without hyphens: there are hundreds of thousands to compare, and a UUID of each would take most time."""


def pupil_key(pupil_id: str) -> PupilKey:
    """The key for an id as either database or a payload writes it."""
    return pupil_id.replace("-", "")


@dataclass(frozen=True, slots=True)
class SeenDuty:
    """A duty: whose, where and as what."""

    id: uuid.UUID
    person_id: uuid.UUID
    unit: str
    role: str

    @property
    def leads(self) -> bool:
        """Whether its holder sees the whole school unit."""
        return self.role in LEADING_ROLES


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """A group as it is sent: its own id, or that of the class sent as a teaching group."""

    id: uuid.UUID
    register_id: uuid.UUID | None
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class SeenActivity:
    """An Activity: its groups, and the duties whose holders see them. `kept_at`: removal was refused or undone."""

    id: uuid.UUID
    test_activity_id: uuid.UUID | None
    name: str
    groups: tuple[uuid.UUID, ...]
    duties: frozenset[uuid.UUID]
    kept_at: datetime | None = None


@dataclass(slots=True)
class Graph:
    """Activities, groups and duties by their ids. The duties are those of teachers and leaders.

    `ids` are those that have been made of texts so far, for whoever goes on from here.
    """

    activities: dict[uuid.UUID, SeenActivity] = field(default_factory=dict)
    groups: dict[uuid.UUID, SeenGroup] = field(default_factory=dict)
    duties: dict[uuid.UUID, SeenDuty] = field(default_factory=dict)
    ids: Ids = field(default_factory=Ids)

    @property
    def units(self) -> set[str]:
        """The codes of the groups' school units."""
        return {group.unit for group in self.groups.values()}

    def grants(self) -> Iterator[tuple[uuid.UUID, uuid.UUID, SeenActivity]]:
        """Every (duty, group, through which activity), of groups and duties that the graph holds."""
        for activity in self.activities.values():
            for group_id in activity.groups:
                if group_id in self.groups:
                    yield from ((duty_id, group_id, activity) for duty_id in activity.duties if duty_id in self.duties)
