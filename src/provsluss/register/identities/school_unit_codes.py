"""A school unit that has changed its code is the same school: its classes, groups and duties keep their ids.

Taken to be so where a code that the register has is gone from the file, another is new, and those pupils of the old one
whom the file still has are all at the new one: at least half of those whom the register has there.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Collection

from django_scopes import scopes_disabled

from provsluss.register.identities.first_look import Rows
from provsluss.register.models import Duty, Enrolment, Group, Person

NewCodes = dict[str, str]
"""The new code of a school unit by its old one."""


def new_codes(
    organisation_id: uuid.UUID, rows: Rows, in_rows: Collection[str], of_groups: Callable[[], Collection[str]]
) -> NewCodes:
    """The school units that have changed their codes.

    `in_rows` are the codes on the rows of pupils, `of_groups` gives those on the rows of groups.
    """
    with scopes_disabled():
        before = _codes_in_register(organisation_id)
        new = set(in_rows) - before
        if not new or not (gone := before - set(in_rows) - set(of_groups())):
            return {}
        pupils = _pupils_at(organisation_id, gone)
    if not pupils:
        return {}
    moved: Counter[tuple[str, str]] = Counter()
    stayed: set[str] = set()
    for row in rows():
        old = pupils.get((row.eppn, row.civic_number)) if row.role == Person.Role.PUPIL and not row.removed else None
        if old and row.school_unit_code in new:
            moved[old, row.school_unit_code] += 1
        elif old:
            stayed.add(old)
    known = Counter(pupils.values())
    to = Counter(old for old, _ in moved)
    here = Counter(code for _, code in moved)
    return {
        old: code
        for (old, code), number in moved.items()
        if to[old] == here[code] == 1 and old not in stayed and 2 * number >= known[old]
    }


def _codes_in_register(organisation_id: uuid.UUID) -> set[str]:
    pupils = Enrolment.objects.filter(person__organisation_id=organisation_id, person__ended_at=None)
    codes = set(pupils.order_by().values_list("school_unit_code", flat=True).distinct())
    for model in (Group, Duty):
        active = model.objects.filter(organisation_id=organisation_id, ended_at=None)
        codes |= set(active.order_by().values_list("school_unit_code", flat=True).distinct())
    return codes


def _pupils_at(organisation_id: uuid.UUID, codes: Collection[str]) -> dict[tuple[str, str], str]:
    """By EPPN and personnummer, the school unit of the pupils there."""
    enrolled = Enrolment.objects.filter(
        person__organisation_id=organisation_id, person__ended_at=None, school_unit_code__in=codes
    ).order_by()
    return {
        (eppn.casefold(), number): code
        for eppn, number, code in enrolled.values_list("person__eppn", "person__civic_number", "school_unit_code")
    }
