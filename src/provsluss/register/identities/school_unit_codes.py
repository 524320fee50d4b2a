"""A school unit that has changed its code is the same school: its classes, groups and duties keep their ids.

Taken to be so where a code that the register has is gone from the file, another is new, and those pupils of the old one
whom the file still has are all at the new one, at least half of those whom the register has; and so are at least half
of its groups, by their names. Pupils who go on to another school take no groups with them.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Collection

from django_scopes import scopes_disabled

from provsluss.register.identities.first_look import Rows
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.ss12000.code_lists import ONE_SCHOOL_ONLY

NewCodes = dict[str, str]
"""The new code of a school unit by its old one."""
GroupNames = Callable[[], Collection[tuple[str, str]]]
"""Gives the school unit code and the name on each row of a group."""


def new_codes(organisation_id: uuid.UUID, rows: Rows, in_rows: Collection[str], group_names: GroupNames) -> NewCodes:
    """The school units that have changed their codes. `in_rows` are the codes on the rows of pupils."""
    with scopes_disabled():
        before = _codes_in_register(organisation_id)
        if not (new := set(in_rows) - before):
            return {}
        named = group_names()
        gone = before - set(in_rows) - {code for code, _ in named}
        pupils = _pupils_at(organisation_id, gone)
        found = _moved(rows, pupils, new)
        return {old: code for old, code in found.items() if _has_its_groups(organisation_id, old, code, named)}


def _moved(rows: Rows, pupils: dict[tuple[str, str], tuple[str, str]], new: Collection[str]) -> NewCodes:
    """The old codes whose pupils are all at one of the new ones, where nobody else has come from another."""
    if not pupils:
        return {}
    moved: Counter[tuple[str, str]] = Counter()
    for row in rows():
        if row.role == Person.Role.PUPIL and not row.removed and (had := pupils.get((row.eppn, row.civic_number))):
            moved[had[0], row.school_unit_code] += 1
    known = Counter(code for code, _ in pupils.values())
    in_several = {code for code, school_type in pupils.values() if school_type not in ONE_SCHOOL_ONLY}
    to = Counter(old for old, _ in moved)
    here = Counter(code for _, code in moved)
    return {
        old: code
        for (old, code), number in moved.items()
        if code in new
        and to[old] == here[code] == 1
        and (number >= known[old] if old in in_several else 2 * number >= known[old])
    }


def _has_its_groups(organisation_id: uuid.UUID, old: str, code: str, named: Collection[tuple[str, str]]) -> bool:
    groups = Group.objects.filter(organisation_id=organisation_id, school_unit_code=old, ended_at=None).order_by()
    names = list(groups.values_list("name", flat=True))
    return 2 * sum((code, name) in named for name in names) >= len(names)


def _codes_in_register(organisation_id: uuid.UUID) -> set[str]:
    pupils = Enrolment.objects.filter(person__organisation_id=organisation_id, person__ended_at=None)
    codes = set(pupils.order_by().values_list("school_unit_code", flat=True).distinct())
    for model in (Group, Duty):
        active = model.objects.filter(organisation_id=organisation_id, ended_at=None)
        codes |= set(active.order_by().values_list("school_unit_code", flat=True).distinct())
    return codes


def _pupils_at(organisation_id: uuid.UUID, codes: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """By EPPN and personnummer, the school unit and the school type of the pupils there."""
    enrolled = Enrolment.objects.filter(
        person__organisation_id=organisation_id, person__ended_at=None, school_unit_code__in=codes
    ).order_by()
    fields = ("person__eppn", "person__civic_number", "school_unit_code", "school_type")
    return {(eppn.casefold(), number): (code, kind) for eppn, number, code, kind in enrolled.values_list(*fields)}
