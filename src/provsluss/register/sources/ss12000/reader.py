"""Gives the rows that a register came to (mapping/) as source.Reader asks for them."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace

from provsluss.register.sections import Section
from provsluss.register.source_records import PersonRow, Problem, RowRead, SourceDuty, SourceGroup, SourcePupil
from provsluss.register.sources.source import KeptGroups
from provsluss.register.sources.ss12000.mapping.whole import ROW
from provsluss.register.sources.ss12000.mirror import Mirror

_HEADING = 0


class Ss12000Reader:
    """A source.Reader. Always full: of a reading of what has changed, the mirror has the rest."""

    is_full = True

    def __init__(self, mirror: Mirror, organisation_id: uuid.UUID, kept_groups: KeptGroups) -> None:
        self._mirror = mirror
        self._kept_groups = kept_groups
        self.total = mirror.row_count()
        self.notes = [
            Problem(Section(section), _HEADING, "", "", sentence, row_refused=False)
            for section, sentence in json.loads(mirror.fact("notes") or "[]")
        ]
        self.found_last: list[Problem] = []

    def person_rows(self) -> Iterator[PersonRow]:
        """As source.Reader."""
        for section in (Section.PUPILS, Section.DUTIES):
            for row in self._rows(section):
                if isinstance(row.record, SourcePupil | SourceDuty):
                    one = row.record.person
                    yield PersonRow(
                        section, "", row.number, one.role, one.id, one.source_id, row.school_unit_code,
                        one.eppn.casefold(), one.civic_number, one.given_name, one.family_name, row.removed,
                    )  # fmt: skip

    def ids_in(self, section: Section) -> set[tuple[str, str]]:
        """As source.Reader."""
        return {(row.school_unit_code, row.source_id) for row in self._rows(section)}

    def group_names(self) -> set[tuple[str, str]]:
        """As source.Reader."""
        return {
            (row.school_unit_code, row.record.name)
            for section in (Section.CLASSES, Section.TEACHING_GROUPS)
            for row in self._rows(section)
            if isinstance(row.record, SourceGroup)
        }

    def sections(self) -> Iterator[Iterator[RowRead]]:
        """As source.Reader."""
        known: set[uuid.UUID] = set()
        for section in Section:
            yield self._rows_with_known_groups(section, known)

    def _rows_with_known_groups(self, section: Section, known: set[uuid.UUID]) -> Iterator[RowRead]:
        refused: set[uuid.UUID] = set()
        for row in self._rows(section):
            if isinstance(row.record, SourceGroup):
                known.add(row.record.id)
            elif row.kind == "groups" and row.object_id:
                refused.add(row.object_id)
            elif isinstance(row.record, SourcePupil | SourceDuty):
                row.record = replace(row.record, groups=row.record.groups & known)
                if isinstance(row.record, SourceDuty):
                    told = frozenset(one for one in row.record.subjects if one[0] in known)
                    row.record = replace(row.record, subjects=told)
            yield row
        if refused:  # such a group is as it was, and so is who goes in it
            known |= {group.id for group in self._kept_groups(refused, section.group_type, ())}

    def _rows(self, section: Section) -> Iterator[RowRead]:
        for number, body in self._mirror.rows(section):
            row = ROW.validate_json(body)
            row.number = number
            row.problems = [replace(problem, row=number) for problem in row.problems]
            yield row
