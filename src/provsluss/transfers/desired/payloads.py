"""From the register's rows to Skolverket's records, and to the columns that the lists show."""

import uuid
from collections.abc import Sequence
from typing import Any

from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.ss12000 import records
from provsluss.ss12000.code_lists import UNPROTECTED
from provsluss.ss12000.ids import skolverket_id
from provsluss.transfers.desired.selection import WantedActivity, WantedGroup

# The width of ObjectResult.name; PostgreSQL refuses what is longer.
MAX_NAME = 420


def person_record(person: Person, enrolments: Sequence[Enrolment]) -> records.Person:
    """The person with these enrolments. Raises pydantic.ValidationError where something needed is missing."""
    is_staff = person.role == Person.Role.STAFF
    return records.Person.model_validate(
        {
            "id": person.pk,
            "given_name": person.given_name,
            "middle_name": person.middle_name or None,
            "family_name": person.family_name,
            "edu_person_principal_names": [person.eppn] if person.eppn else [],
            "external_identifiers": [{"value": person.eduid_eppn}] if is_staff and person.eduid_eppn else None,
            "security_marking": person.security_marking or "Ingen",
            "civic_no": {"value": person.civic_number} if person.civic_number else None,
            "emails": [{"value": person.email, "type": _email_type(is_staff)}] if person.email else None,
            "enrolments": [_enrolment(enrolment) for enrolment in enrolments] or None,
        }
    )


def _email_type(is_staff: bool) -> str:
    return "Skola personal" if is_staff else "Skola elev"


def _enrolment(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "enroled_at": {"id": skolverket_id(enrolment.school_unit_code)},
        "school_type": enrolment.school_type,
        "school_year": enrolment.school_year,
        "education_code": enrolment.education_code or None,
        "cancelled": True if enrolment.cancelled else None,
    }


def person_columns(person: Person, enrolments: Sequence[Enrolment], duties: Sequence[Duty]) -> dict[str, Any]:
    """The columns of ObjectResult for a person."""
    columns: dict[str, Any] = {
        "name": person.full_name[:MAX_NAME],
        "role": person.get_role_display(),
        "civic_number": person.civic_number,
        "eppn": person.eppn,
        "restricted": is_restricted(person),
    }
    if enrolments:
        enrolment = enrolments[0]
        columns |= {
            "school_unit_code": enrolment.school_unit_code,
            "school_type": enrolment.school_type,
            "school_year": enrolment.school_year,
        }
    elif duties:
        columns["school_unit_code"] = duties[0].school_unit_code
    return columns


def is_restricted(person: Person) -> bool:
    """Whether the person has a securityMarking."""
    return person.security_marking not in UNPROTECTED


def duty_record(duty: Duty) -> records.Duty:
    """The duty. Raises pydantic.ValidationError for a role that Skolverket does not know (rules.md D3)."""
    return records.Duty.model_validate(
        {
            "id": duty.pk,
            "person": {"id": duty.person_id},
            "duty_at": {"id": skolverket_id(duty.school_unit_code)},
            "duty_role": duty.duty_role,
        }
    )


def duty_columns(duty: Duty) -> dict[str, Any]:
    """The columns of ObjectResult for a duty."""
    return {
        "name": duty.person.full_name[:MAX_NAME],
        "role": duty.duty_role,
        "eppn": duty.person.eppn,
        "school_unit_code": duty.school_unit_code,
        "restricted": is_restricted(duty.person),
    }


def group_record(
    object_id: uuid.UUID, group: Group, source: WantedGroup, members: Sequence[uuid.UUID]
) -> records.Group:
    """The group with those members that Skolverket knows."""
    return records.Group.model_validate(
        {
            "id": object_id,
            "display_name": group.name,
            "group_type": _sent_type(group, source),
            "school_type": group.school_type,
            "organisation": {"id": skolverket_id(group.school_unit_code)},
            "group_memberships": [{"person": {"id": person_id}} for person_id in members],
        }
    )


def _sent_type(group: Group, source: WantedGroup) -> str:
    return str(Group.Type.TEACHING if source.class_as_teaching_group else group.group_type)


def is_sent_as_class(group: Group, source: WantedGroup) -> bool:
    """Whether the group goes to Skolverket as a Klass."""
    return _sent_type(group, source) == Group.Type.CLASS


def group_columns(group: Group, source: WantedGroup, member_count: int) -> dict[str, Any]:
    """The columns of ObjectResult for a group."""
    return {
        "name": group.name[:MAX_NAME],
        "group_type": _sent_type(group, source),
        "school_type": group.school_type,
        "school_unit_code": group.school_unit_code,
        "member_count": member_count,
    }


def activity_record(
    object_id: uuid.UUID, group: Group, source: WantedActivity, teachers: Sequence[uuid.UUID]
) -> records.Activity:
    """The activity that ties the group and its teachers to the national test (rules.md A1–A4)."""
    return records.Activity.model_validate(
        {
            "id": object_id,
            "display_name": _activity_name(group, source),
            "groups": [{"id": source.sent_group_id}],
            "teachers": [{"duty": {"id": duty_id}} for duty_id in teachers],
            "organisation": {"id": skolverket_id(group.school_unit_code)},
            "parent_activity": {"id": skolverket_id(source.national_test)},
        }
    )


def _activity_name(group: Group, source: WantedActivity) -> str:
    # The test platform shows "Ämnesgrupp Provaktivitetsnamn" (rules.md G6).
    return f"{group.name} {source.national_test}"


def activity_columns(group: Group, source: WantedActivity, teacher_count: int) -> dict[str, Any]:
    """The columns of ObjectResult for an activity. `role` holds the group's name."""
    return {
        "name": _activity_name(group, source)[:MAX_NAME],
        "role": group.name[:40],
        "national_test": source.national_test,
        "school_type": group.school_type,
        "school_unit_code": group.school_unit_code,
        "teacher_count": teacher_count,
    }
