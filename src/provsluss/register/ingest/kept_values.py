"""What a row says nothing usable of (a cell with #N/A) stays as the register has it.

Of somebody whom the register has not, there is nothing to keep: an optional value is then empty, and a name as it was
written. Who may be protected is not made at all, because the opposite could expose somebody.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django_scopes import scopes_disabled

from provsluss.register.ingest.current_state import GROUPS, SUBJECTS, Attributes
from provsluss.register.models import Group
from provsluss.register.source_records import Problem, RowRead, SourceDuty, SourcePerson, SourcePupil

_MARKING = "Sekretessmarkering"
_UNKNOWN_MARKING = (
    "Sekretessmarkering går inte att läsa, och personen finns inte i registret sedan tidigare. Raden läses inte in, "
    "eftersom personen kan vara skyddad."
)


def fill_in_kept(
    rows: Sequence[RowRead], known: Mapping[uuid.UUID, Attributes], persons: Mapping[uuid.UUID, Attributes]
) -> None:
    """Put into each record what its row keeps.

    `known` are the attributes of the rows' objects that the register has, `persons` those of the members of staff.
    """
    keeping = [row for row in rows if row.kept and isinstance(row.record, SourcePupil | SourceDuty)]
    classes = _classes_among(keeping, known)
    for row in keeping:
        record = row.record
        found = known.get(row.object_id) if row.object_id else None
        if isinstance(record, SourcePupil):
            person = _filled(row, record.person, found)
            kept = _groups(found) & classes if "class" in row.kept else frozenset()
            row.record = replace(record, person=person, groups=record.groups | kept) if person else None
        elif isinstance(record, SourceDuty):
            person = _filled(row, record.person, persons.get(record.person_id))
            if "taught" in row.kept:
                record = replace(record, groups=_groups(found), subjects=_subjects(found))
            row.record = replace(record, person=person) if person else None


def _filled(row: RowRead, person: SourcePerson, before: Attributes | None) -> SourcePerson | None:
    """The person with what the register has; None, and a problem, for somebody new who may be protected."""
    if before is None:
        if "security_marking" not in row.kept:
            return person
        if _MARKING not in row.unworked:  # of those there can be thousands, and one problem tells of them all
            row.problems.insert(0, Problem(row.section, row.number, _MARKING, "", _UNKNOWN_MARKING, is_protection=True))
        return None
    kept: dict[str, Any] = {name: before[name] for name in row.kept if name in before}
    return replace(person, **kept)


def _groups(found: Attributes | None) -> frozenset[uuid.UUID]:
    groups = found[GROUPS] if found else frozenset()
    return groups if isinstance(groups, frozenset) else frozenset()


def _subjects(found: Attributes | None) -> frozenset[tuple[uuid.UUID, str]]:
    subjects = found[SUBJECTS] if found else frozenset()
    return subjects if isinstance(subjects, frozenset) else frozenset()


def _classes_among(rows: Sequence[RowRead], known: Mapping[uuid.UUID, Attributes]) -> frozenset[uuid.UUID]:
    """Which of the groups of these pupils are classes: those that a cell of the column Klass would have told of."""
    in_question = [row.object_id for row in rows if "class" in row.kept and row.object_id]
    ids = {group_id for object_id in in_question for group_id in _groups(known.get(object_id))}
    with scopes_disabled():  # by id alone: see current_state
        found = Group.objects.filter(pk__in=ids, group_type=Group.Type.CLASS) if ids else Group.objects.none()
        return frozenset(found.order_by().values_list("pk", flat=True))
