"""Rules of a group (rules.md 1.5)."""

import uuid
from collections.abc import Collection, Container
from typing import get_args

from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.explained_attributes import AFTERWARDS, DISPLAY_NAME, MEMBERS, SCHOOL_TYPE, SCHOOL_UNIT_OF_GROUP
from provsluss.rules.findings import API, Finding, Severity, about
from provsluss.rules.identities import usable_id
from provsluss.rules.school_units import school_unit_findings
from provsluss.rules.shapes import GroupLike
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import SCHOOL_TYPES, GroupType

_TYPES = frozenset(get_args(GroupType))


def check_group(
    group: GroupLike,
    member_ids: Collection[uuid.UUID],
    catalogue: Catalogue,
    persons: Container[uuid.UUID] | None = None,
) -> list[Finding]:
    """Every finding about `group`. `persons` are those that can be referred to; None: do not ask."""
    return [
        *usable_id(group.id, "G1", "Gruppen"),
        *name(group),
        *group_type(group),
        *school_type(group),
        *school_unit(group, catalogue),
        *has_members(member_ids),
        *knows_members(member_ids, persons),
    ]


def name(group: GroupLike) -> list[Finding]:
    """G1."""
    if group.name.strip():
        return []
    return [about(DISPLAY_NAME, "G1", Severity.ERROR, "displayName", "Gruppens namn saknas.")]


def group_type(group: GroupLike) -> list[Finding]:
    """G2: only classes and teaching groups are sent."""
    if group.group_type in _TYPES:
        return []
    return [
        Finding(
            "G2",
            Severity.ERROR,
            "groupType",
            "Gruppen är varken en klass eller en undervisningsgrupp.",
            Who.PUPIL_REGISTER,
            "Elevregistret, gruppens typ.",
            f"Ändra gruppens typ till klass eller undervisningsgrupp, eller ta bort den ur urvalet. {AFTERWARDS}",
            API,
        )
    ]


def school_type(group: GroupLike) -> list[Finding]:
    """G1."""
    if group.school_type in SCHOOL_TYPES:
        return []
    sentence = "Gruppens skolform saknas." if not group.school_type else "Gruppens skolform finns inte hos Skolverket."
    return [about(SCHOOL_TYPE, "G1", Severity.ERROR, "schoolType", sentence)]


def school_unit(group: GroupLike, catalogue: Catalogue) -> list[Finding]:
    """G1, E10."""
    return school_unit_findings(
        group.school_unit_code, catalogue, SCHOOL_UNIT_OF_GROUP, "G1", "organisation", group.school_type
    )


def has_members(member_ids: Collection[uuid.UUID]) -> list[Finding]:
    """G10 (ours): rules.md G1 allows an empty group, but nobody in it can take a test."""
    if member_ids:
        return []
    return [
        Finding(
            "G10",
            Severity.WARNING,
            "groupMemberships",
            "Gruppen har inga elever.",
            Who.PUPIL_REGISTER,
            "Elevregistret, gruppens elever.",
            f"Lägg in eleverna i gruppen, eller ta bort gruppen. {AFTERWARDS}",
            API,
        )
    ]


def knows_members(member_ids: Collection[uuid.UUID], persons: Container[uuid.UUID] | None) -> list[Finding]:
    """G5, T4: the group is accepted without the pupils that Skolverket does not know, and must be sent again later."""
    missing = 0 if persons is None else sum(1 for member in member_ids if member not in persons)
    if not missing:
        return []
    pupils = "1 elev" if missing == 1 else f"{missing} elever"
    sentence = f"{pupils} i gruppen kan inte skickas och kommer inte med i den."
    return [about(MEMBERS, "G5", Severity.WARNING, "groupMemberships", sentence)]
