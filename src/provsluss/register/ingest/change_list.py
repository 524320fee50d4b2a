"""Who is new, changed and ended in an import, kept for its preview page: a list of bounded length for each section.

Fit to be shown: personnummer masked, and of persons with protected data neither name nor values.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from provsluss.register.ingest.current_state import GROUPS, OTHER_ENROLMENTS, PERSON_SOURCE_ID, SUBJECTS
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Duty, Enrolment, Group, Import, ImportChange, Person
from provsluss.register.sections import RowKind, Section
from provsluss.register.source_records import RowRead, SourceDuty, SourceGroup, SourcePupil
from provsluss.register.subjects import codes_in, names_of
from provsluss.ss12000.civic_number import masked

MAX_OF_EACH = 200
"""Kept for each section and each of new, changed and ended; the counts tell how many there are in all."""
MAX_LABEL = 420
"""As long as ImportChange.label can be; two names of 200 and a duty role make 443."""
PROTECTED = "Person med skyddade uppgifter"
_LABELS = {
    GROUPS: "grupper",
    SUBJECTS: "ämnen i grupperna",
    OTHER_ENROLMENTS: "fler inskrivningar",
    PERSON_SOURCE_ID: "personens id i källan",
    "source_id": "id i källan",
    "person_id": "person",
}
_HIDDEN = frozenset({"person_id"})
"""Attributes whose values say nothing to a user."""


class ChangeList:
    """The changes of one import while it is read."""

    def __init__(self, import_run: Import, words: Mapping[Section, str]) -> None:
        """`words` are what the source calls its sections."""
        self._words = words
        self._import_run = import_run
        self._kept: Counter[tuple[Section, str]] = Counter()
        self._source_names: dict[uuid.UUID, str] = {}
        self.changes: list[ImportChange] = []

    def take(self, batch: Iterable[Compared]) -> None:
        """Keep what the batch changes, while there is room."""
        rows = list(batch)
        self._source_names |= {
            one.row.record.id: one.row.record.name for one in rows if isinstance(one.row.record, SourceGroup)
        }
        removed = _labels(rows[0].row.kind, [_id(one.row) for one in rows if one.what == "ended"]) if rows else {}
        for one in rows:
            if one.what in ("new", "changed", "ended") and self._has_room(one.row.section, one.what):
                label = _label(one.row) or removed.get(_id(one.row), "")
                attributes = self._attributes(one) if one.what == "changed" and label != PROTECTED else []
                self._keep(one.row.section, one.what, label, one.row.number, attributes)

    def take_protected(self, rows: Iterable[Compared]) -> None:
        """Keep those whom a refused row protects."""
        for one in rows:
            if self._has_room(one.row.section, "changed"):
                self._keep(one.row.section, "changed", PROTECTED, one.row.number, [["skyddad", "Nej", "Ja"]])

    def take_leaving(self, section: Section, ids: Sequence[uuid.UUID]) -> None:
        """Keep pupils who leave some school units and stay in others, because no row speaks of them there."""
        for label in _labels("pupils", ids[:MAX_OF_EACH]).values():
            if self._has_room(section, "changed"):
                self._keep(section, "changed", label, None, [])

    def take_absent(self, section: Section, ids: Sequence[uuid.UUID]) -> None:
        """Keep objects that end because no row speaks of them."""
        for label in _labels(section.kind, ids[:MAX_OF_EACH]).values():
            if self._has_room(section, "ended"):
                self._keep(section, "ended", label, None, [])

    def _has_room(self, section: Section, what: str) -> bool:
        return self._kept[section, what] < MAX_OF_EACH

    def _keep(self, section: Section, what: str, label: str, row: int | None, attributes: list[list[str]]) -> None:
        self._kept[section, what] += 1
        self.changes.append(
            ImportChange(
                import_run=self._import_run,
                sheet=self._words[section],
                what=what,
                label=label[:MAX_LABEL],  # PostgreSQL refuses a longer one
                row=row,
                attributes=attributes,
            )
        )

    def _attributes(self, one: Compared) -> list[list[str]]:
        """Label, before and after of each attribute that differs."""
        return [
            [_attribute_label(name), self._shown(name, before), self._shown(name, after)]
            for name, before, after in one.differences()
        ]

    def _shown(self, attribute: str, value: object) -> str:
        if value is None or attribute in _HIDDEN:
            return ""
        if attribute == OTHER_ENROLMENTS and isinstance(value, frozenset):
            return ", ".join(sorted(f"{one.school_unit_code} {one.school_type}" for one in value))
        if attribute == SUBJECTS and isinstance(value, frozenset):
            told = (f"{self._group_names([group_id])[0]}: {', '.join(codes_in(codes))}" for group_id, codes in value)
            return ", ".join(sorted(told))
        if attribute == "subjects":
            return names_of(str(value))
        if isinstance(value, frozenset):
            return ", ".join(sorted(self._group_names(value)))
        return masked(str(value)) if attribute == "civic_number" else str(value)

    def _group_names(self, ids: Collection[uuid.UUID]) -> list[str]:
        unknown = [group_id for group_id in ids if group_id not in self._source_names]
        for group in Group.objects.filter(pk__in=unknown):
            self._source_names[group.pk] = group.name
        return [self._source_names.get(group_id, "") for group_id in ids]


def _id(row: RowRead) -> uuid.UUID:
    if row.object_id is None:
        raise ValueError("a row that ends something has an id")
    return row.object_id


def _label(row: RowRead) -> str:
    """What a row's object is called, from the row; empty where the row says nothing of it."""
    match row.record:
        case SourceGroup() as group:
            return group.name
        case SourcePupil() as pupil:
            return _name(pupil.person.given_name, pupil.person.family_name, pupil.person.security_marking)
        case SourceDuty() as duty:
            person = duty.person
            name = _name(person.given_name, person.family_name, person.security_marking)
            return name if name == PROTECTED else f"{name}, {duty.duty_role}"
        case None:
            return ""


def _labels(kind: RowKind, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What the register's objects are called."""
    match kind:
        case "groups":
            return {group.pk: group.name for group in Group.objects.filter(pk__in=ids)}
        case "pupils":
            persons = Person.objects.filter(pk__in=ids)
            return {p.pk: _name(p.given_name, p.family_name, p.security_marking) for p in persons}
        case "duties":
            duties = Duty.objects.filter(pk__in=ids).select_related("person")
            return {
                duty.pk: _name(duty.person.given_name, duty.person.family_name, duty.person.security_marking)
                for duty in duties
            }


def _name(given_name: str, family_name: str, security_marking: str) -> str:
    return f"{given_name} {family_name}" if security_marking == "Ingen" else PROTECTED


def _attribute_label(name: str) -> str:
    if name in _LABELS:
        return _LABELS[name]
    for model in (Person, Enrolment, Group, Duty):
        for field in model._meta.concrete_fields:
            if field.name == name:
                return str(field.verbose_name)
    return name
