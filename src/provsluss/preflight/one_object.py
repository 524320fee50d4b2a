"""Everything the rules say of one person or one group of the register, as it stands now.

For the pages of persons and groups. A control (run.py) says the same of all at once.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from pydantic import ValidationError

from provsluss.register.models import Duty, Enrolment, Group, Membership, Person
from provsluss.rules import cross_object
from provsluss.rules.activities import check_activity
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.rules.duties import check_duty
from provsluss.rules.findings import Finding, errors
from provsluss.rules.finished_payloads import check_payload
from provsluss.rules.groups import check_group
from provsluss.rules.persons import check_person
from provsluss.transfers.desired import payloads
from provsluss.transfers.desired.person_facts import PersonFacts, facts_of
from provsluss.transfers.desired.planned_activities import planned_activities
from provsluss.transfers.desired.selection import WantedActivity
from provsluss.transfers.models import TestActivityGroup, TestActivityState


def findings_of_person(person: Person, facts: PersonFacts | None = None) -> list[Finding]:
    """All findings of `person` (of whom `facts` may be known already), the own duties and what shows beside others.

    Errors first. Needs an active scope.
    """
    if person.ended_at:
        return []
    facts = facts or facts_of(person)
    found = [*check_person(person, facts.enrolments, facts.duties, facts.catalogue), *facts.unprepared]
    if not errors(found):
        found += _of_payload(person, facts.enrolments)
    for duty in facts.duties:
        found += check_duty(duty, person, facts.catalogue)
    found += _beside_others(person, facts.duties)
    return _worst_first(found)


def findings_of_group(group: Group) -> list[Finding]:
    """All findings of `group` and of its part in each active test activity; errors first. Needs an active scope."""
    if group.ended_at:
        return []
    catalogue = catalogue_snapshot(group.organisation.environment, {group.school_unit_code})
    members = Membership.objects.filter(group=group, person__ended_at=None).values_list("person_id", flat=True)
    found = check_group(group, list(members), catalogue)
    namesakes = Group.objects.filter(
        ended_at=None, name__istartswith=group.name.strip(), school_unit_code=group.school_unit_code
    )
    found += cross_object.same_name(namesakes).get(group.pk, [])
    found += _of_tests(group, catalogue)
    return _worst_first(found)


def _of_payload(person: Person, enrolments: list[Enrolment]) -> list[Finding]:
    try:
        record = payloads.person_record(person, enrolments)
    except ValidationError:  # a rule has said what is missing, or the page of the transfer will
        return []
    return check_payload(record, record.to_json(), settings.MAX_PAYLOAD_BYTES)


def _beside_others(person: Person, duties: list[Duty]) -> list[Finding]:
    alike = Q(pk=person.pk)
    if person.eppn.strip():
        alike |= Q(eppn__iexact=person.eppn.strip())
    if len(person.civic_number) == 12:
        alike |= Q(civic_number__startswith=person.civic_number[:8], family_name__iexact=person.family_name)
        alike |= Q(civic_number=person.civic_number, role=person.role)
    others = list(Person.objects.filter(alike, ended_at=None))
    found = [
        *cross_object.shared_eppn(others).get(person.pk, []),
        *cross_object.shared_number(others).get(person.pk, []),
        *cross_object.exchanged_number(others).get(person.pk, []),
    ]
    memberships = list(Membership.objects.filter(person=person, group__ended_at=None).select_related("group"))
    groups = [membership.group for membership in memberships]
    found += cross_object.several_classes(groups, memberships).get(person.pk, [])
    repeated = cross_object.repeated_duty(duties)
    return found + [finding for duty in duties for finding in repeated.get(duty.pk, [])[:1]]


def _of_tests(group: Group, catalogue: Catalogue) -> list[Finding]:
    links = TestActivityGroup.objects.filter(group=group)
    active = links.filter(test_activity__state=TestActivityState.ACTIVE)
    tests = dict(active.values_list("test_activity_id", "test_activity__national_test"))
    if not tests:
        forgotten = group.national_test and not links.exists()
        return cross_object.group_without_test([group] if forgotten else [], frozenset()).get(group.pk, [])
    parts = {test: WantedActivity(test, name, group.pk, group.pk) for test, name in tests.items()}
    found = cross_object.group_with_several_tests([group], {group.pk: len(tests)}).get(group.pk, [])
    for planned in planned_activities(parts, catalogue):
        found += check_activity(planned, catalogue)
    return found


def _worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Errors before warnings, each said once."""
    return sorted(dict.fromkeys(found), key=lambda finding: not finding.is_error)
