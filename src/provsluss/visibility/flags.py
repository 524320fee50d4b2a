"""What somebody should look at in who sees whom, as Swedish sentences. Pure functions."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from provsluss.transfers.models import ObjectState
from provsluss.visibility.graph import SeenDuty, SeenGroup

TEACHING_ROLES = frozenset({"Lärare", "Förstelärare"})
"""Those that the test platform makes teachers; the others become Övrig skolpersonal (rules.md D4)."""
_NAMED = 3


class FlagCode(StrEnum):
    """The kinds of flag, to filter by; the words of the filter stand in FLAG_NAMES."""

    OTHER_UNIT = "annan-skolenhet"
    STILL_SEES = "ser-fortfarande"
    ENDED = "har-slutat"
    REFUSED = "nekad"
    NOT_TEACHING = "inte-larare"
    SEVERAL_GROUPS = "flera-grupper"
    NO_TEACHER = "ingen-larare"


FLAG_NAMES = {
    FlagCode.OTHER_UNIT: "Lärare på en annan skolenhet",
    FlagCode.ENDED: "Har slutat men finns kvar hos Skolverket",
    FlagCode.STILL_SEES: "Ser mer hos Skolverket än i registret",
    FlagCode.REFUSED: "Tjänstgöringen är inte mottagen",
    FlagCode.NOT_TEACHING: "Ingen lärarroll",
    FlagCode.SEVERAL_GROUPS: "Aktivitet med flera grupper",
    FlagCode.NO_TEACHER: "Grupp utan lärare",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at. `serious`: somebody sees, or fails to see, what they should not.

    `groups` are the groups that it is about, by the ids that they are sent with; empty when it is about all.
    """

    code: FlagCode
    text: str
    serious: bool = True
    groups: frozenset[uuid.UUID] = frozenset()


def other_unit(duty: SeenDuty, groups: Sequence[SeenGroup], unit: str, group_unit: str) -> Flag:
    """A teacher sees groups of another school unit than the own (`unit` and `group_unit` are names)."""
    text = f"Tjänstgör som {duty.role} på {unit} men ser {listed(groups)} på {group_unit}."
    return Flag(FlagCode.OTHER_UNIT, text, groups=_ids(groups))


def still_sees(groups: Sequence[SeenGroup], ended: bool, until: str) -> Flag:
    """Groups that somebody sees at Skolverket though the register does not want it (any more)."""
    return _still(listed(groups), ended, until, _ids(groups))


def still_sees_unit(unit: str, ended: bool, until: str) -> Flag:
    """The same for a whole school unit (`unit` is its name)."""
    return _still(f"alla elever på {unit}", ended, until, frozenset())


def _still(seen: str, ended: bool, until: str, groups: frozenset[uuid.UUID]) -> Flag:
    if ended:
        return Flag(FlagCode.ENDED, f"Har slutat men ser fortfarande {seen} hos Skolverket {until}.", groups=groups)
    return Flag(FlagCode.STILL_SEES, f"Ser fortfarande {seen} hos Skolverket {until}.", groups=groups)


def refused(duty: SeenDuty, state: str) -> Flag:
    """Skolverket has not accepted the duty, or not as it is now."""
    if state == ObjectState.WITHHELD:
        text = f"Tjänstgöringen som {duty.role} hålls inne tills felet i den är rättat."
    else:
        text = f"Skolverket nekade tjänstgöringen som {duty.role}."
    return Flag(FlagCode.REFUSED, f"{text} Ingenting syns förrän den är mottagen.")


def not_teaching(duty: SeenDuty, groups: Sequence[SeenGroup]) -> Flag:
    """Somebody who is no teacher is among a group's teachers."""
    text = f"{duty.role} är ingen lärarroll hos Skolverket, men ser resultaten för {listed(groups)}."
    return Flag(FlagCode.NOT_TEACHING, text, serious=False, groups=_ids(groups))


def several_groups(activity: str, groups: Sequence[SeenGroup]) -> Flag:
    """One Activity at Skolverket has several groups (rules.md A4)."""
    text = f"Aktiviteten {activity} har flera grupper hos Skolverket: lärarna ser alla elever i {listed(groups)}."
    return Flag(FlagCode.SEVERAL_GROUPS, text, groups=_ids(groups))


def no_teacher(led: bool) -> Flag:
    """No teacher sees the group's results."""
    seen_by = "bara skolenhetens rektor och skoladministratör" if led else "och skolenheten har ingen rektor heller"
    return Flag(FlagCode.NO_TEACHER, f"Ingen lärare ser resultaten, {seen_by}.", serious=False)


def listed(groups: Iterable[SeenGroup]) -> str:
    """9A, 9B och 9C; of more than that only the first, and how many the others are."""
    names = sorted({group.name for group in groups})
    if len(names) == 1:
        return names[0]
    if len(names) > _NAMED + 1:
        return f"{', '.join(names[:_NAMED])} och {len(names) - _NAMED} grupper till"
    return f"{', '.join(names[:-1])} och {names[-1]}"


def _ids(groups: Iterable[SeenGroup]) -> frozenset[uuid.UUID]:
    return frozenset(group.id for group in groups)
