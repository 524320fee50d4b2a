"""A pupil whom the test is not for is counted once, and alike in the control and on the test activity's page."""

import pytest

from provsluss.organisations.models import Organisation
from provsluss.register.models import Enrolment, Membership, Person
from provsluss.rules.activities import is_meant_for
from provsluss.rules.catalogue_snapshot import NationalTestFacts
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities.group_overview import group_rows
from provsluss.transfers.test_activities.outside_target import pupils_outside_target
from tests.preflight.test_a_control import causes, checked, school
from tests.transfers.small_school import UNIT, make_group, make_pupil

__all__ = ["school"]

SIX = NationalTestFacts("GRGRMAT01_6", "GR", 6)
COURSE = NationalTestFacts("MATMAT01a_GY", "GY")


def _also_enrolled(pupil: Person) -> None:
    Enrolment.objects.create(person=pupil, school_unit_code=UNIT, school_type="VUXGY")


def _said(organisation: Organisation, activity: TestActivity) -> tuple[bool, bool]:
    """Whether the control and the page say that somebody is in the wrong place."""
    in_control = any(code == "A6" for _, code, _, _ in causes(checked(organisation)))
    on_page = any("till för" in missing.text for row in group_rows(activity) for missing in row.missing)
    return in_control, on_page


def test_who_also_goes_elsewhere_is_in_the_right_place(scoped: Organisation, school: TestActivity) -> None:
    _also_enrolled(Person.objects.filter(role="pupil")[0])
    assert _said(scoped, school) == (False, False)


def test_a_cancelled_enrolment_is_none(scoped: Organisation, school: TestActivity) -> None:
    pupil = Person.objects.filter(role="pupil")[0]
    pupil.enrolments.update(cancelled=True)
    _also_enrolled(pupil)
    assert _said(scoped, school) == (True, True)


@pytest.mark.parametrize("test", [SIX, COURSE])
@pytest.mark.parametrize("school_type", ["GR", "SAM", "GY"])
@pytest.mark.parametrize("school_year", [None, 5, 6])
def test_the_database_counts_as_the_rule_does(
    scoped: Organisation, test: NationalTestFacts, school_type: str, school_year: int | None
) -> None:
    pupil = make_pupil(scoped, 1)
    pupil.enrolments.update(school_type=school_type, school_year=school_year)
    group = make_group(scoped, "Ma", "Undervisning", [pupil])

    counted = pupils_outside_target(Membership.objects.all(), test)

    assert counted == ({} if is_meant_for(test, pupil.enrolments.get()) else {group.pk: 1})
