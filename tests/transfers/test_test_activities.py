"""Test activities made by hand and by the register."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Enrolment, Group, Membership
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityState
from provsluss.transfers.test_activities import activities
from provsluss.transfers.test_activities.group_overview import GroupRow, group_rows
from tests.web.transfers_made_by_hand import TEST, School, make_school


@pytest.fixture
def school(scoped: Organisation) -> School:
    return make_school(scoped)


def _row(test_activity: TestActivity, group: Group) -> GroupRow:
    return next(row for row in group_rows(test_activity) if row.group == group)


def _texts(row: GroupRow) -> str:
    return " ".join(missing.text for missing in row.missing)


def test_the_register_makes_one_for_each_test_it_names(organisation: Organisation, school: School) -> None:
    followed = activities.follow_register(organisation)

    (made,) = followed.created
    assert made.pk == stable_id(organisation.pk, "test_activity", TEST)
    assert made.name == "Matematik årskurs 6"
    assert made.follows_register
    assert made.all_staff
    assert list(made.groups.all()) == [school.group]


def test_following_twice_changes_nothing(organisation: Organisation, school: School) -> None:
    activities.follow_register(organisation)

    followed = activities.follow_register(organisation)

    assert (followed.created, followed.changed, followed.emptied) == ([], [], [])


def test_another_group_that_names_the_test_comes_with_it(organisation: Organisation, school: School) -> None:
    activities.follow_register(organisation)
    Group.objects.filter(pk=school.klass.pk).update(national_test=TEST)

    (changed,) = activities.follow_register(organisation).changed

    assert set(changed.groups.all()) == {school.group, school.klass}


def test_one_that_the_register_no_longer_names_loses_its_groups(organisation: Organisation, school: School) -> None:
    activities.follow_register(organisation)
    Group.objects.filter(pk=school.group.pk).update(ended_at=timezone.now())

    (emptied,) = activities.follow_register(organisation).emptied

    assert not emptied.groups.exists()
    assert activities.follow_register(organisation).emptied == []


@pytest.mark.parametrize("state", [TestActivityState.ARCHIVED, TestActivityState.PAUSED])
def test_state_and_name_stay_what_the_user_made_them(
    organisation: Organisation, school: School, state: TestActivityState
) -> None:
    (made,) = activities.follow_register(organisation).created
    activities.set_state(made, state)
    TestActivity.objects.filter(pk=made.pk).update(name="Matteprovet")
    Group.objects.filter(pk=school.klass.pk).update(national_test=TEST)

    activities.follow_register(organisation)

    made.refresh_from_db()
    assert made.state == state
    assert made.name == "Matteprovet"


def test_one_made_by_hand_is_never_touched(organisation: Organisation, school: School) -> None:
    by_hand = activities.create(organisation, name="", national_test=TEST, groups=[school.klass])

    activities.follow_register(organisation)

    by_hand.refresh_from_db()
    assert list(by_hand.groups.all()) == [school.klass]
    assert by_hand.name == "Matematik årskurs 6"
    assert not by_hand.follows_register
    assert TestActivity.objects.count() == 2


def test_groups_that_a_user_has_taken_over_stay_the_users(organisation: Organisation, school: School) -> None:
    (made,) = activities.follow_register(organisation).created
    activities.change(made, name="", groups=[school.klass], all_staff=False)

    followed = activities.follow_register(organisation)

    assert (followed.created, followed.changed, followed.emptied) == ([], [], [])
    assert list(made.groups.all()) == [school.klass]


def test_the_register_can_be_given_its_choice_back(organisation: Organisation, school: School) -> None:
    (made,) = activities.follow_register(organisation).created
    activities.change(made, name="", groups=[school.klass], all_staff=False)

    activities.change(made, name="", groups=[], all_staff=True, follows_register=True)

    assert made.follows_register
    assert list(made.groups.all()) == [school.group]


def test_one_made_by_hand_cannot_follow_the_register(organisation: Organisation, school: School) -> None:
    by_hand = activities.create(organisation, name="X", national_test=TEST, groups=[school.klass])

    activities.change(by_hand, name="Y", groups=[school.klass], all_staff=False, follows_register=True)

    assert not by_hand.follows_register
    assert list(by_hand.groups.all()) == [school.klass]


def test_an_unknown_state_is_refused(organisation: Organisation, school: School) -> None:
    by_hand = activities.create(organisation, name="X", national_test=TEST, groups=[])
    with pytest.raises(ValueError, match="slut"):
        activities.set_state(by_hand, "slut")


def test_a_group_in_order_counts_its_pupils_and_teachers(organisation: Organisation, school: School) -> None:
    (made,) = activities.follow_register(organisation).created

    row = _row(made, school.group)

    assert (row.pupils, row.teachers) == (3, 1)
    assert not row.is_serious


def test_what_is_missing_is_said(organisation: Organisation, school: School) -> None:
    made = activities.create(organisation, name="", national_test=TEST, groups=[school.group, school.klass])
    Duty.objects.filter(pk=school.head.pk).update(ended_at=timezone.now())
    Enrolment.objects.filter(person=school.pupils[0]).update(school_year=7)

    assert "Ingen lärare" in _texts(_row(made, school.klass))
    text = _texts(_row(made, school.group))
    assert "saknar Rektor eller Skoladministratör" in text
    assert "1 elev går inte i grundskola årskurs 6" in text


def test_sami_school_takes_the_tests_of_grundskolan(organisation: Organisation, school: School) -> None:
    made = activities.create(organisation, name="", national_test=TEST, groups=[school.group])
    Enrolment.objects.update(school_type="SAM")

    assert "går inte i" not in _texts(_row(made, school.group))


def test_ended_pupils_and_teachers_do_not_count(organisation: Organisation, school: School) -> None:
    made = activities.create(organisation, name="", national_test=TEST, groups=[school.group])
    for pupil in school.pupils:
        pupil.ended_at = timezone.now()
        pupil.save()
    Duty.objects.filter(pk=school.teacher.pk).update(ended_at=timezone.now())

    row = _row(made, school.group)

    assert (row.pupils, row.teachers) == (0, 0)
    assert row.is_serious
    assert "Inga elever" in _texts(row)


def test_a_group_in_two_test_activities_is_told_of(organisation: Organisation, school: School) -> None:
    first = activities.create(organisation, name="Matte", national_test=TEST, groups=[school.group])
    activities.create(organisation, name="Engelska", national_test="GRGRENG01_6", groups=[school.group])

    assert "också med i Engelska" in _texts(_row(first, school.group))


def test_the_number_of_queries_does_not_grow_with_the_groups(
    organisation: Organisation, school: School, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    more = [
        Group.objects.create(
            id=stable_id(organisation.pk, "group", str(number)), organisation=organisation, source="test",
            source_id=str(number), name=f"Grupp {number}", group_type="Undervisning", school_type="GR",
            school_unit_code=f"3127{number:04}", national_test=TEST,
        )
        for number in range(40)
    ]  # fmt: skip
    Membership.objects.bulk_create([Membership(group=group, person=school.pupils[0]) for group in more])
    (made,) = activities.follow_register(organisation).created
    made = TestActivity.objects.select_related("organisation").get(pk=made.pk)

    with django_assert_max_num_queries(8):
        assert len(group_rows(made)) == 41
