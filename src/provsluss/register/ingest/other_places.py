"""Pupils in komvux can be enrolled at several school units (rules.md E5), whose files can be read one by one.

What a file says of one school unit changes nothing at another that it does not speak of.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django_scopes import scopes_disabled

from provsluss.batching import in_pieces
from provsluss.register.ingest.current_state import GROUPS, OTHER_ENROLMENTS, Attributes
from provsluss.register.models import Enrolment, Group
from provsluss.register.source_records import (
    ENROLMENT_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    RowRead,
    SourceEnrolment,
    SourcePerson,
    SourcePupil,
)
from provsluss.ss12000.code_lists import ONE_SCHOOL_ONLY


class OtherPlaces:
    """Knows the school units whose pupils a file speaks of."""

    def __init__(self, school_units: Collection[str]) -> None:
        self._school_units = school_units

    def keep(self, row: RowRead, before: Attributes) -> None:
        """Let the row of a pupil whom the register has, in `before`, also say what the file says nothing of.

        A row that ends the pupil at one school unit leaves the pupil at the others.
        """
        if isinstance(row.record, SourcePupil):
            if row.record.enrolment.school_type not in ONE_SCHOOL_ONLY and _all_may_be_several(
                _enrolments_said(row.record)
            ):
                said = {one.school_unit_code for one in _enrolments_said(row.record)}
                self._add(row, row.record, before, [e for e in _enrolments(before) if e.school_unit_code not in said])
        elif row.removed and before[OTHER_ENROLMENTS]:
            stays = [one for one in _enrolments(before) if one.school_unit_code != row.school_unit_code]
            if stays and _all_may_be_several(stays):
                row.removed, row.record = False, _only_at(row, before, stays)

    def leaving(self, ids: Sequence[uuid.UUID], school_units: Collection[str]) -> list[uuid.UUID]:
        """Those of the pupils `ids` who only leave `school_units`: they are also somewhere else."""
        elsewhere: set[uuid.UUID] = set()
        with scopes_disabled():
            for piece in in_pieces(ids):
                others = Enrolment.objects.filter(person_id__in=piece, cancelled=False)
                others = others.exclude(school_unit_code__in=school_units).exclude(school_type__in=ONE_SCHOOL_ONLY)
                elsewhere.update(others.order_by().values_list("person_id", flat=True))
        return [one for one in ids if one in elsewhere]

    def _add(self, row: RowRead, pupil: SourcePupil, before: Attributes, others: Iterable[SourceEnrolment]) -> None:
        silent = [one for one in others if one.school_unit_code not in self._school_units and _may_be_several(one)]
        if not silent:
            return
        main, *rest = _sorted([*_enrolments_said(pupil), *silent])
        groups = _groups_at(before, {one.school_unit_code for one in silent})
        row.record = replace(pupil, enrolment=main, other_enrolments=frozenset(rest), groups=pupil.groups | groups)


def _only_at(row: RowRead, before: Attributes, stays: Sequence[SourceEnrolment]) -> SourcePupil:
    if row.object_id is None:
        raise ValueError("a row that ends somebody has an id")
    person: Any = {name: before[name] for name in PERSON_ATTRIBUTES}
    main, *rest = _sorted(stays)
    groups = _groups_at(before, {one.school_unit_code for one in stays})
    return SourcePupil(SourcePerson(id=row.object_id, **person), main, groups, frozenset(rest))


def _enrolments(before: Attributes) -> list[SourceEnrolment]:
    first: Any = [before[name] for name in ENROLMENT_ATTRIBUTES]
    others: Any = before[OTHER_ENROLMENTS]
    return [SourceEnrolment(*first), *others] if first[0] else []


def _enrolments_said(pupil: SourcePupil) -> list[SourceEnrolment]:
    return [pupil.enrolment, *pupil.other_enrolments]


def _sorted(enrolments: Iterable[SourceEnrolment]) -> list[SourceEnrolment]:
    return sorted(enrolments, key=lambda one: (one.school_unit_code, one.school_type))


def _may_be_several(enrolment: SourceEnrolment) -> bool:
    return enrolment.school_type not in ONE_SCHOOL_ONLY


def _all_may_be_several(enrolments: Iterable[SourceEnrolment]) -> bool:
    return all(_may_be_several(one) for one in enrolments)


def _groups_at(before: Attributes, school_units: Collection[str]) -> frozenset[uuid.UUID]:
    groups: Any = before[GROUPS]
    with scopes_disabled():  # by id alone: see current_state
        there = Group.objects.filter(pk__in=groups, school_unit_code__in=school_units, ended_at=None)
        return frozenset(there.order_by().values_list("pk", flat=True))
