"""Every finding is short, whole, plain Swedish sentences without a name or a number in them."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from provsluss.organisations.models import Preparation
from provsluss.rules import cross_object
from provsluss.rules.activities import PlannedActivity, check_activity
from provsluss.rules.catalogue_snapshot import NationalTestFacts
from provsluss.rules.duties import check_duty
from provsluss.rules.findings import Finding, Severity, errors
from provsluss.rules.groups import check_group
from provsluss.rules.persons import check_person
from provsluss.rules.protection import marking_not_sent, unprepared_organisation, unprepared_person
from provsluss.ss12000.log_filter import without_secrets
from tests.rules.examples import CATALOGUE, STAFF, ADuty, AGroup, AMembership, AnEnrolment, APerson
from tests.rules.test_every_code_is_explained import ENGLISH

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NUMBERS = ["", "200901272386", "200901872385", "20090127-2385", "20090127tf12", "hej"]
EPPN = ["", "a..b@x.se", "a", "a@b", "a b@c.se", "lån@x.se", "200901272385@x.se"]
UNITS = ["", "1", "11111111", "22222222", "33333333", "44444444"]


def every_finding_that_we_can_provoke() -> list[Finding]:
    found: list[Finding] = []
    for number in NUMBERS:
        found += check_person(replace(APerson(), civic_number=number), [], [], CATALOGUE)
    for eppn in EPPN:
        found += check_person(replace(APerson(), eppn=eppn), [], [], CATALOGUE)
    for eduid in ("x", "x@y.se", "x-y@eduid.se"):
        person = replace(STAFF, eduid_eppn=eduid, eppn="x@1.skolverket.se", email="x@gmail.com")
        found += check_person(person, [], [], CATALOGUE)
        found += check_person(replace(person, role="pupil", email="?"), [], [], CATALOGUE)
    broken = replace(STAFF, given_name="", family_name="", email="", security_marking="?")
    found += check_person(broken, [], [], CATALOGUE)
    found += check_person(replace(broken, given_name="A" * 70, family_name="B" * 70), [], [], CATALOGUE)
    for unit in UNITS:
        for year, school_type in ((None, "GR"), (11, "SP"), (9, ""), (9, "X"), (None, "GY")):
            found += check_person(APerson(), [AnEnrolment(unit, school_type, year)] * 2, [], CATALOGUE)
            found += check_group(AGroup(school_unit_code=unit, school_type=school_type), [], CATALOGUE)
        found += check_duty(ADuty(school_unit_code=unit, duty_role=unit), None, CATALOGUE)
    found += check_person(APerson(), [AnEnrolment(school_year=9), AnEnrolment(school_type="SP")], [], CATALOGUE)
    found += check_duty(ADuty(), APerson(), CATALOGUE)
    found += check_group(AGroup(name="", group_type="Mentor"), [uuid.uuid4()], CATALOGUE, set())
    for test in ("", "X", "GRGRMAT01_3", "GRGRMAT01_6"):
        duties = [ADuty(school_unit_code="1", ended_at=LONG_AGO)]
        for groups in ([], [uuid.uuid4()] * 2):
            found += check_activity(PlannedActivity(uuid.uuid4(), "", "1", test, groups, duties, 1), CATALOGUE)
    found += check_activity(PlannedActivity(uuid.uuid4(), "x", "1", "X", [uuid.uuid4()]), CATALOGUE)
    pupil, class_ = APerson(security_marking="Sekretessmarkering"), AGroup(group_type="Klass")
    other = AGroup(group_type="Klass")
    duty = ADuty()
    persons = [pupil, APerson(civic_number="20090127TF12"), replace(STAFF, eppn=pupil.eppn)]
    both_duties = [duty, replace(duty, id=uuid.uuid4())]
    all_groups = [class_, other, AGroup(), AGroup()]
    memberships = [AMembership(class_.id, pupil.id), AMembership(other.id, pupil.id)]
    for by_object in (
        cross_object.shared_eppn(persons),
        cross_object.exchanged_number(persons),
        cross_object.several_classes(all_groups, memberships),
        cross_object.pupils_without_test(persons, memberships, frozenset()),
        cross_object.repeated_duty(both_duties),
        cross_object.same_name(all_groups),
        cross_object.group_without_test(all_groups, frozenset()),
        cross_object.unit_without_leader(both_duties, all_groups),
    ):
        for findings in by_object.values():
            found += findings
    found += check_person(APerson(civic_number="19140312TF12", family_name="0"), [AnEnrolment()], [], CATALOGUE)
    found += cross_object.unfetched_list_of_tests(False)
    missing = Preparation.labels
    return [*found, unprepared_person(missing[:1]), unprepared_organisation(missing), marking_not_sent()]


FOUND = every_finding_that_we_can_provoke()


def test_most_codes_are_provoked() -> None:
    expected = "P1 P3 P4 P5 P6 P7 P10 P11 P14 P15 P16 P17 P18 P19 P21 P22 P23 E1 E2 E3 E4 E5 E10 D1 D2 D3 D5 "
    expected += "G1 G2 G3 G4 G5 G6 G10 A1 A3 A4 A5 A6 N6"
    assert set(expected.split()) <= {finding.code for finding in FOUND}


def test_the_texts_are_short_whole_swedish_sentences() -> None:
    for finding in FOUND:
        for text in (finding.sentence, finding.where, finding.how):
            assert text.endswith("."), text
            assert len(text) <= 220, text
            assert not ENGLISH.search(text), text
            assert text[0].isupper() or text[0].isdigit() or text.startswith("eduID"), text
        assert finding.source
        assert not re.search(r"EPPN", finding.sentence) or "nloggningsnamn" in finding.sentence


def test_no_finding_holds_a_personnummer_or_a_name() -> None:
    for finding in FOUND:
        whole = " ".join(str(value) for value in finding.as_dict().values())
        assert without_secrets(whole) == whole
        assert "Pippi" not in whole
        assert "Långstrump" not in whole


def test_errors_are_what_holds_an_object_back() -> None:
    assert {finding.severity for finding in errors(FOUND)} == {Severity.ERROR}
    assert [finding.is_error for finding in FOUND].count(True) == len(errors(FOUND))


def test_a_national_test_without_a_year_is_named_by_its_school_type() -> None:
    facts = NationalTestFacts("MATMAT01a_GY", "GY")
    assert CATALOGUE.national_tests["MATMAT01a_GY"] == facts
    activity = PlannedActivity(uuid.uuid4(), "x", "43219876", facts.name, [uuid.uuid4()], [], 1)
    sentences = [finding.sentence for finding in check_activity(activity, CATALOGUE)]
    assert "1 elev går inte i gymnasieskolan, som provet är till för." in sentences
