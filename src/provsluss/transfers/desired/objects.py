"""The wanted objects as they would be sent now: payload, what the lists show of them, and what stands in their way.

The preview and the real run both come through here (design.md section 3.4).
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from pydantic import ValidationError

from provsluss.organisations.models import Organisation, Preparation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.rules.activities import PlannedActivity, check_activity
from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.duties import check_duty
from provsluss.rules.findings import Finding, errors
from provsluss.rules.finished_payloads import check_payload
from provsluss.rules.groups import check_group
from provsluss.rules.persons import check_person
from provsluss.rules.protection import unprepared_person
from provsluss.rules.taken_logins import login_taken
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.records import Record
from provsluss.transfers.desired import payloads
from provsluss.transfers.desired.present import Present
from provsluss.transfers.desired.selection import Selection

PIECE: dict[Kind, int] = {"persons": 600, "duties": 1200, "groups": 150, "activities": 500}
"""How many objects are looked at at a time; about as many as fill a call."""

# How many ids a finding names; the sentence still has the whole number.
MAX_NAMED = 200

OfPerson = TypeVar("OfPerson", Enrolment, Duty)


@dataclass(slots=True)
class Wanted:
    """One object. `payload` is None when it is held back; `findings` then say why, otherwise who is missing in it.

    `found` is everything that the rules say of it, also what holds nothing back; it is only for the control.
    """

    object_id: uuid.UUID
    columns: dict[str, Any]
    payload: bytes | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)

    @property
    def is_withheld(self) -> bool:
        return self.payload is None

    def note(self, code: str, sentence: str, ids: Sequence[uuid.UUID] = ()) -> None:
        """Add a finding in our own words; `ids` are the objects that it is about."""
        self.findings.append({"code": code, "sentence": sentence, "object_ids": [str(i) for i in ids[:MAX_NAMED]]})

    def hold_back_too_large(self, size: int) -> None:
        """It fits in no call, not even alone; `size` is that of the body that it would need."""
        self.payload = None
        self.note("too_large", f"Uppgifterna är för stora för ett anrop ({size // 1000} kB).")

    def hold_back_unprepared(self, missing: Sequence[Preparation]) -> None:
        """The person is protected, and nobody has confirmed these preparations for such persons (rules.md P19)."""
        self.payload = None
        self.findings.append(unprepared_person([what.label for what in missing]).as_dict() | {"object_ids": []})

    def hold_back_taken_login(self, by_the_same_human: bool) -> None:
        """Skolverket has the person's EPPN under another id, which is to be removed there first (rules.md P8)."""
        self.payload = None
        finding = login_taken(by_the_same_human=by_the_same_human)
        self.found.append(finding)
        self.findings.append(finding.as_dict() | {"object_ids": []})

    def hold_back_without_person(self, ids: Sequence[uuid.UUID]) -> None:
        """It is a duty of somebody whom Skolverket does not know."""
        self.payload = None
        self.note("person_missing", "Personen har inte tagits emot av Skolverket.", ids)

    def build(self, findings: list[Finding], make: Callable[..., Record], *source: Any) -> None:
        """Make the payload, or note what stands in its way: an error among `findings`, or what the record lacks."""
        self.found += findings
        if self._is_held_back_by(findings):
            return
        try:
            record = make(*source)
        except ValidationError as error:
            attributes = sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]})
            self.note("incomplete", f"Uppgifter saknas eller är fel i registret: {', '.join(attributes)}.")
            return
        payload = record.to_json()
        at_the_gate = check_payload(record, payload, settings.MAX_PAYLOAD_BYTES)
        self.found += at_the_gate
        if not self._is_held_back_by(at_the_gate):
            self.payload = payload

    def _is_held_back_by(self, findings: list[Finding]) -> bool:
        wrong = errors(findings)
        if wrong:
            self.findings = [finding.as_dict() | {"object_ids": []} for finding in wrong]
        return bool(wrong)


def wanted_objects(
    selection: Selection, kind: Kind, ids: Sequence[uuid.UUID], there: Present, catalogue: Catalogue
) -> list[Wanted]:
    """The objects `ids` (some hundreds at a time) of `kind`, in that order. What the register has lost is left out.

    `there` tells which persons, duties and groups can be referred to, `catalogue` what Skolverket's open data says. The
    organisation's scope must be active.
    """
    match kind:
        case "persons":
            return _persons(ids, there, catalogue, selection.organisation)
        case "duties":
            return _duties(ids, there, catalogue)
        case "groups":
            return _groups(selection, ids, there, catalogue)
        case "activities":
            return _activities(selection, ids, there, catalogue)


# The ids come from a selection, which was made within the organisation's scope. The rows are read by id alone
# (`_base_manager`), because with the organisation in the condition SQLite goes through its whole register each time.


def _persons(
    ids: Sequence[uuid.UUID], there: Present, catalogue: Catalogue, organisation: Organisation
) -> list[Wanted]:
    persons = {person.pk: person for person in Person._base_manager.filter(pk__in=ids)}
    # Two queries and plain lists: Django's own prefetching makes a queryset for each person, half of the whole time.
    enrolments = _of_person(Enrolment._base_manager.filter(person_id__in=persons).order_by("id"))
    duties = _of_person(Duty._base_manager.filter(person_id__in=persons, ended_at=None).order_by("id"))
    protected = {person.pk for person in persons.values() if payloads.is_restricted(person)}
    missing = missing_preparations(organisation) if protected else []
    result = []
    for person in (persons[i] for i in ids if i in persons):
        places, roles = enrolments[person.pk], duties[person.pk]
        wanted = Wanted(person.pk, payloads.person_columns(person, places, roles))
        wanted.build(check_person(person, places, roles, catalogue), payloads.person_record, person, places)
        if missing and person.pk in protected:
            wanted.hold_back_unprepared(missing)
        result.append(wanted)
    hold_back_taken_logins(result, there)
    return result


def hold_back_taken_logins(persons: Iterable[Wanted], there: Present) -> None:
    """Hold back whose EPPN Skolverket has under another id: it would refuse them (3042), whoever that is (rules.md P8).

    The other id goes first. Where its removal waits for somebody's decision, so does this one.
    """
    sent = {one.object_id: one for one in persons if not one.is_withheld}
    taken = there.login_holders({i: str(one.columns.get("eppn") or "") for i, one in sent.items()})
    for person_id, civic_number in taken.items():
        own = sent[person_id].columns.get("civic_number")
        sent[person_id].hold_back_taken_login(bool(own) and own == civic_number)


def _duties(ids: Sequence[uuid.UUID], there: Present, catalogue: Catalogue) -> list[Wanted]:
    duties = {duty.pk: duty for duty in Duty._base_manager.filter(pk__in=ids).select_related("person")}
    persons = there.present("persons", {duty.person_id for duty in duties.values()})
    result = []
    for duty in (duties[i] for i in ids if i in duties):
        wanted = Wanted(duty.pk, payloads.duty_columns(duty))
        found = check_duty(duty, duty.person, catalogue)
        if duty.person_id in persons:
            wanted.build(found, payloads.duty_record, duty)
        else:
            wanted.found += found
            wanted.hold_back_without_person([duty.person_id])
        result.append(wanted)
    return result


def _groups(selection: Selection, ids: Sequence[uuid.UUID], there: Present, catalogue: Catalogue) -> list[Wanted]:
    groups = _groups_by_id({selection.groups[i].group_id for i in ids})
    members = _by_group(Membership._base_manager.filter(group_id__in=groups).values_list("group_id", "person_id"))
    everybody = set().union(*members.values())
    ended = Membership._base_manager.filter(group_id__in=groups, person__ended_at__isnull=False)
    gone = set(ended.values_list("person_id", flat=True))
    persons = there.present("persons", everybody) - gone
    stay = there.stay_in("groups", {i: members[selection.groups[i].group_id] - gone for i in ids})
    result = []
    for object_id, source in ((i, selection.groups[i]) for i in ids if selection.groups[i].group_id in groups):
        group = groups[source.group_id]
        placed = members[group.pk] & persons
        # Who goes in several classes is sent without any: Skolverket allows one (rules.md G4), we cannot choose between
        # them, and a class is only for filtering and sorting (rules.md XL 1.5.2), so nobody misses the test for it.
        unsure = placed & selection.in_several_classes if payloads.is_sent_as_class(group, source) else set()
        known = sorted((placed - unsure) | stay.get(object_id, set()))
        wanted = Wanted(object_id, payloads.group_columns(group, source, len(known)))
        if unsure:
            noun = "elev går" if len(unsure) == 1 else "elever går"
            wanted.note("G4", f"{len(unsure)} {noun} i flera klasser och skickas utan klass.", sorted(unsure))
        # A class also holds pupils who take no test: only those we want there and could not get there are missed.
        if missing := sorted((members[group.pk] & selection.persons) - persons):
            noun = "elev" if len(missing) == 1 else "elever"
            wanted.note("members_missing", f"{len(missing)} {noun} saknas i gruppen hos Skolverket.", missing)
        # The rules ask whom the register has in it: one without pupils at Skolverket only suffers from what is noted.
        found = check_group(group, members[group.pk] - gone, catalogue)
        wanted.build(found, payloads.group_record, object_id, group, source, known)
        result.append(wanted)
    return result


def _activities(selection: Selection, ids: Sequence[uuid.UUID], there: Present, catalogue: Catalogue) -> list[Wanted]:
    groups = _groups_by_id({selection.activities[i].group_id for i in ids})
    teachers = _by_group(
        DutyAssignment._base_manager.filter(
            group_id__in=groups, duty__ended_at=None, duty__person__ended_at=None
        ).values_list("group_id", "duty_id")
    )
    duties = there.present("duties", set().union(*teachers.values()))
    stay = there.stay_in("activities", {i: teachers[selection.activities[i].group_id] for i in ids})
    sent_groups = there.present("groups", {selection.activities[i].sent_group_id for i in ids})
    result = []
    for object_id, source in ((i, selection.activities[i]) for i in ids if selection.activities[i].group_id in groups):
        group = groups[source.group_id]
        known = sorted((teachers[group.pk] & duties) | stay.get(object_id, set()))
        wanted = Wanted(object_id, payloads.activity_columns(group, source, len(known)))
        if missing := sorted(teachers[group.pk] - duties):
            wanted.note("teachers_missing", f"{len(missing)} lärare saknas i aktiviteten hos Skolverket.", missing)
        if source.sent_group_id in sent_groups:
            planned = PlannedActivity(
                object_id, group.name, group.school_unit_code, source.national_test, [source.sent_group_id]
            )
            wanted.build(check_activity(planned, catalogue), payloads.activity_record, object_id, group, source, known)
        else:
            wanted.note("group_missing", "Gruppen har inte tagits emot av Skolverket.", [source.sent_group_id])
        result.append(wanted)
    return result


def _groups_by_id(ids: set[uuid.UUID]) -> dict[uuid.UUID, Group]:
    return {group.pk: group for group in Group._base_manager.filter(pk__in=ids)}


def _of_person(rows: Iterable[OfPerson]) -> dict[uuid.UUID, list[OfPerson]]:
    """Rows by the person they belong to; a person without any gives an empty list."""
    lists: dict[uuid.UUID, list[OfPerson]] = defaultdict(list)
    for row in rows:
        lists[row.person_id].append(row)
    return lists


def _by_group(pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """(group id, other id) pairs as sets by group; a group without any gives an empty set."""
    sets: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for group_id, other_id in pairs:
        sets[group_id].add(other_id)
    return sets
