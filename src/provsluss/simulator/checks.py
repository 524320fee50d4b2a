"""What is wrong with one well-shaped object, seen from what the simulator knows (rules.md section 1).

Each check yields LogEntries; an Error refuses the object, a Warning lets it in.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from provsluss.simulator.errors import LogEntry, log_entry
from provsluss.simulator.national_tests import NATIONAL_TESTS
from provsluss.simulator.programmes import PROGRAMMES
from provsluss.simulator.shapes import Activity, Duty, Enrolment, Group, Person
from provsluss.simulator.store import Store
from provsluss.simulator.sweden import SCHOOL_UNITS

_WITH_YEARS = ("GR", "SP", "SAM")
_EPPN = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_TEMPORARY = re.compile(r"[0-9]{8}TF[0-9]{2}")


def check_person(person: Person, owner: str, store: Store) -> Iterator[LogEntry]:
    """P3, P7, P10, P11, P13, P15, E1-E5, and that EPPN and civic number are not somebody else's."""
    about = {"resource": "Person", "resource_id": person.id}
    yield from _check_eppn(person, owner, store)
    if person.civicNo.nationality != "SE":
        yield log_entry("3021", attribute="civicNo", attribute_value=person.civicNo.nationality, **about)
    number = person.civicNo.value
    fault = civic_number_fault(number)
    if fault:
        yield log_entry(fault, attribute="civicNo", attribute_value=number, **about)
    elif any(holder != owner for holder in store.civic_owners.get(number, ())):
        yield log_entry("3043", attribute="civicNo", attribute_value=number, **about)
    enrolments = person.enrolments or []
    if sum(e.schoolType != "VUXGY" and not e.cancelled for e in enrolments) > 1:
        yield log_entry("3017", attribute="enrolments", **about)
    for enrolment in enrolments:
        yield from _check_enrolment(enrolment, person.id)


def _check_eppn(person: Person, owner: str, store: Store) -> Iterator[LogEntry]:
    """Exactly one, well formed, nobody else's, and not like the name."""
    about = {"resource": "Person", "resource_id": person.id, "attribute": "eppn"}
    if len(person.eduPersonPrincipalNames) != 1:
        yield log_entry("3040", **about)
        return
    eppn = person.eduPersonPrincipalNames[0]
    holder = store.eppn_owner.get(eppn.casefold())
    if not _EPPN.fullmatch(eppn):
        yield log_entry("2013", attribute_value=eppn, **about)
    elif holder and holder[0] != owner:
        yield log_entry("3041", attribute_value=eppn, **about)
    elif holder and holder[1] != person.id:
        yield log_entry("3042", attribute_value=eppn, **about)
    elif resembles_name(eppn, person.givenName, person.familyName):
        yield log_entry("3047", attribute_value=eppn, **about)


def resembles_name(eppn: str, given_name: str, family_name: str) -> bool:
    """Whether Warning 3047 applies (P7).

    Skolverket does not say which part or which spelling is compared (rules.md open question 3); the simulator compares
    the part before the @, without case and with å, ä, ö as a, a, o.
    """
    local, given, family = (_plain(text) for text in (eppn.partition("@")[0], given_name, family_name))
    if len(family) >= 3 and family[:3] in local:
        return True
    return min(len(family), len(given)) >= 2 and family[:2] in local and given[:2] in local


def _plain(text: str) -> str:
    """Lower case, letters without their marks."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def civic_number_fault(number: str) -> str:
    """The code for what is wrong with a civic number (P10, P11, P15), or an empty string."""
    if _TEMPORARY.fullmatch(number):
        return "" if _is_date(number[:8], coordination=False) else "2014"
    if not _TWELVE_DIGITS.fullmatch(number) or not _is_date(number[:8], coordination=True):
        return "2014"
    # Skolverket's own samordningsnummer examples have wrong check digits, so only personnummer are held to it (P15).
    is_coordination = int(number[6:8]) > 60
    return "" if is_coordination or _has_check_digit(number[2:]) else "3020"


def _is_date(digits: str, *, coordination: bool) -> bool:
    """Whether eight digits are a day; a samordningsnummer has 60 added to the day."""
    day = int(digits[6:8])
    try:
        date(int(digits[:4]), int(digits[4:6]), day - 60 if coordination and day > 60 else day)
    except ValueError:
        return False
    return True


def _has_check_digit(ten_digits: str) -> bool:
    """Luhn's check."""
    total = 0
    for position, digit in enumerate(ten_digits):
        product = int(digit) * (2 - position % 2)
        total += product // 10 + product % 10
    return total % 10 == 0


def _check_unit(unit_id: str, school_type: str | None, attribute: str, about: dict[str, str]) -> Iterator[LogEntry]:
    """The school unit is known, not gone, in the test service, and has the school type (E10)."""
    unit = SCHOOL_UNITS.get(unit_id)
    if unit is None:
        yield log_entry("4005", attribute=attribute, attribute_value=unit_id, **about)
    elif unit.status == "Expired":
        yield log_entry("3010", attribute=attribute, attribute_value=unit_id, **about)
    elif not unit.dnp:
        yield log_entry("3011", attribute=attribute, attribute_value=unit_id, **about)
    elif school_type is not None and school_type not in unit.school_types:
        yield log_entry("3012", attribute="schoolType", attribute_value=school_type, **about)


def _check_enrolment(enrolment: Enrolment, person_id: str) -> Iterator[LogEntry]:
    """E1-E4 and E10."""
    about = {"resource": "Person", "resource_id": person_id}
    faults = list(_check_unit(enrolment.enroledAt.id, enrolment.schoolType, "Enrolment.enroledAt", about))
    yield from faults
    if enrolment.schoolType in _WITH_YEARS:
        year = enrolment.schoolYear
        if year is None:
            yield log_entry("3014", attribute="Enrolment.schoolYear", **about)
        elif not faults and year not in SCHOOL_UNITS[enrolment.enroledAt.id].school_types[enrolment.schoolType]:
            yield log_entry("3013", attribute="Enrolment.schoolYear", attribute_value=year, **about)
    if enrolment.schoolType == "GY":
        code = enrolment.educationCode
        if not code:
            yield log_entry("3015", attribute="Enrolment.educationCode", **about)
        elif code not in PROGRAMMES:
            yield log_entry("4010", attribute="Enrolment.educationCode", attribute_value=code, **about)
        elif PROGRAMMES[code].status() != "Active":
            yield log_entry("3016", attribute="Enrolment.educationCode", attribute_value=code, **about)


def check_duty(duty: Duty, owner: str, store: Store) -> Iterator[LogEntry]:
    """D1, E10 and the staff e-mail of P17; the role is already one of the list."""
    about = {"resource": "Duty", "resource_id": duty.id}
    yield from _check_unit(duty.dutyAt.id, None, "Duty.dutyAt", about)
    person = store.get(owner, "persons", duty.person.id)
    if person is None:
        yield log_entry("4006", attribute="Duty.person", attribute_value=duty.person.id, **about)
    elif not person.data.get("emails"):
        yield log_entry("3033", attribute="Person.emails", **about)


def check_group(group: Group, owner: str, store: Store) -> Iterator[LogEntry]:
    """G1, G2, E10; unknown pupils are taken out of the group and give a Warning (G5)."""
    about = {"resource": "Group", "resource_id": group.id}
    if group.groupType not in ("Klass", "Undervisning"):
        yield log_entry("3030", attribute="Group.groupType", attribute_value=group.groupType, **about)
    yield from _check_unit(group.organisation.id, group.schoolType, "Group.organisation", about)
    if group.groupMemberships is None:
        return
    known = [member for member in group.groupMemberships if store.get(owner, "persons", member.person.id)]
    if len(known) < len(group.groupMemberships):
        kept = {member.person.id for member in known}
        unknown = [member.person.id for member in group.groupMemberships if member.person.id not in kept]
        yield log_entry("4016", attribute="Group.groupMemberships", attribute_value=", ".join(unknown), **about)
        group.groupMemberships = known


def check_activity(activity: Activity, owner: str, store: Store) -> Iterator[LogEntry]:
    """A1-A3 and E10."""
    about = {"resource": "Activity", "resource_id": activity.id}
    if activity.activityType != "Undervisning":
        yield log_entry("3031", attribute="Activity.activityType", attribute_value=activity.activityType, **about)
    yield from _check_unit(activity.organisation.id, None, "Activity.organisation", about)
    test = activity.parentActivity.id
    if test not in NATIONAL_TESTS:
        yield log_entry("4009", attribute="Activity.parentActivity", attribute_value=test, **about)
    for group in activity.groups:
        if store.get(owner, "groups", group.id) is None:
            yield log_entry("4008", attribute="Activity.groups", attribute_value=group.id, **about)
    for teacher in activity.teachers or ():
        if store.get(owner, "duties", teacher.duty.id) is None:
            yield log_entry("4007", attribute="Activity.teachers", attribute_value=teacher.duty.id, **about)
