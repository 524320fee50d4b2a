"""What the lists show of an object that is to be removed: from the register, or from what was sent of it."""

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from provsluss.catalogue.models import NationalTest, SchoolUnit
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import NIL, as_uuid, skolverket_id
from provsluss.transfers.desired import payloads
from provsluss.transfers.models import Accepted, TestActivity

Columns = dict[str, Any]


class Codes:
    """Which code Skolverket's UUIDs stand for: school units and national tests that we have heard of."""

    def __init__(self, organisation: Organisation, environment: str) -> None:
        """Looks them up once. Needs the organisation's scope."""
        codes = set(SchoolUnit.objects.filter(environment=environment).values_list("code", flat=True))
        codes |= set(Group.objects.order_by().values_list("school_unit_code", flat=True).distinct())
        codes |= set(Duty.objects.order_by().values_list("school_unit_code", flat=True).distinct())
        codes |= set(Enrolment.objects.order_by().values_list("school_unit_code", flat=True).distinct())
        tests = set(NationalTest.objects.filter(environment=environment).values_list("name", flat=True))
        tests |= set(TestActivity.objects.values_list("national_test", flat=True))
        self._school_units = {skolverket_id(code): code for code in codes}
        self._tests = {skolverket_id(name): name for name in tests}

    def school_unit(self, reference: object) -> str:
        """The school unit code of `{"id": …}`; empty when it is not known."""
        return self._school_units.get(_id_in(reference), "")

    def national_test(self, reference: object) -> str:
        """The national test's name of `{"id": …}`; empty when it is not known."""
        return self._tests.get(_id_in(reference), "")


def removed_columns(
    organisation: Organisation, environment: str, kind: Kind, ids: Sequence[uuid.UUID], codes: Codes
) -> dict[uuid.UUID, Columns]:
    """The columns of ObjectResult for objects (some hundreds at a time) that Skolverket has and nobody wants."""
    rows = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind, object_id__in=ids)
    sent = {row.object_id: json.loads(row.payload or "{}") for row in rows}
    columns = sent_columns(kind, sent, codes)
    if kind == "persons":
        columns |= _persons(ids)
    elif kind == "duties":
        columns |= _duties(ids)
    return columns


def sent_columns(kind: Kind, sent: dict[uuid.UUID, dict[str, Any]], codes: Codes) -> dict[uuid.UUID, Columns]:
    """The columns of ObjectResult for objects as they were sent: id → payload in, id → columns out."""
    read = {"persons": _sent_person, "duties": _sent_duty, "groups": _sent_group, "activities": _sent_activity}[kind]
    return {object_id: read(one, codes) for object_id, one in sent.items()}


def _persons(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Columns]:
    enrolments: dict[uuid.UUID, list[Enrolment]] = defaultdict(list)
    for enrolment in Enrolment._base_manager.filter(person_id__in=ids).order_by("id"):
        enrolments[enrolment.person_id].append(enrolment)
    duties: dict[uuid.UUID, list[Duty]] = defaultdict(list)
    for duty in Duty._base_manager.filter(person_id__in=ids).order_by("id"):
        duties[duty.person_id].append(duty)
    return {
        person.pk: payloads.person_columns(person, enrolments[person.pk], duties[person.pk])
        for person in Person._base_manager.filter(pk__in=ids)
    }


def _duties(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Columns]:
    found = Duty._base_manager.filter(pk__in=ids).select_related("person")
    return {duty.pk: payloads.duty_columns(duty) for duty in found}


def _sent_person(sent: dict[str, Any], codes: Codes) -> Columns:
    names = (sent.get(part) for part in ("givenName", "middleName", "familyName"))
    enrolment: dict[str, Any] = next(iter(sent.get("enrolments") or []), {})
    return {
        "name": " ".join(name for name in names if name)[: payloads.MAX_NAME],
        "role": str(Person.Role.PUPIL.label if enrolment else Person.Role.STAFF.label),
        "civic_number": (sent.get("civicNo") or {}).get("value", ""),
        "eppn": next(iter(sent.get("eduPersonPrincipalNames") or []), ""),
        "school_unit_code": codes.school_unit(enrolment.get("enroledAt")),
        "school_type": enrolment.get("schoolType", ""),
        "school_year": enrolment.get("schoolYear"),
        "restricted": sent.get("securityMarking", "Ingen") != "Ingen",
    }


def _sent_duty(sent: dict[str, Any], codes: Codes) -> Columns:
    # Whose it was stands in the register alone, and that does not know it any more.
    return {"name": "", "role": sent.get("dutyRole", ""), "school_unit_code": codes.school_unit(sent.get("dutyAt"))}


def _sent_group(sent: dict[str, Any], codes: Codes) -> Columns:
    return {
        "name": str(sent.get("displayName", ""))[: payloads.MAX_NAME],
        "group_type": sent.get("groupType", ""),
        "school_type": sent.get("schoolType", ""),
        "school_unit_code": codes.school_unit(sent.get("organisation")),
        "member_count": len(sent.get("groupMemberships") or []),
    }


def _sent_activity(sent: dict[str, Any], codes: Codes) -> Columns:
    return {
        "name": str(sent.get("displayName", ""))[: payloads.MAX_NAME],
        "national_test": codes.national_test(sent.get("parentActivity")),
        "school_unit_code": codes.school_unit(sent.get("organisation")),
        "teacher_count": len(sent.get("teachers") or []),
    }


def _id_in(reference: object) -> uuid.UUID:
    return (as_uuid(str(reference.get("id", ""))) if isinstance(reference, dict) else None) or NIL
