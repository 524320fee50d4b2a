"""A number is of what the page shows, with the unit that it is counted in, and ready is only what was looked at."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.register.models import DutyAssignment, Group, Membership, Person
from provsluss.register.sources.skolverket_workbook.layout import STAFF, TEACHING_GROUPS
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import Accepted, Batch, TestActivity, TestActivityGroup
from provsluss.transfers.test_activities import activities
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import TEST, UNIT, MadeTransfer, School

OTHER_UNIT = "31279296"


@pytest.fixture
def activity(school: School, scoped: Organisation) -> TestActivity:
    return activities.create(scoped, name="Matematik", national_test=TEST, groups=[school.group])


@pytest.fixture
def two_units(activity: TestActivity, school: School, scoped: Organisation) -> TestActivity:
    """Another school unit's group, which has neither pupils nor a teacher, takes the test too."""
    other = Group.objects.create(
        id=stable_id(scoped.pk, "group", "other"), organisation=scoped, source="test", source_id="other",
        name="6B matematik", group_type="Undervisning", school_type="GR", school_unit_code=OTHER_UNIT,
    )  # fmt: skip
    TestActivityGroup.objects.create(test_activity=activity, group=other)
    pupil = Person.objects.create(
        id=stable_id(scoped.pk, "person", "other"), organisation=scoped, source="test", source_id="other",
        role="pupil", given_name="Ove", family_name="Ek",
    )  # fmt: skip
    Membership.objects.create(group=other, person=pupil)
    return activity


@pytest.mark.parametrize("page", ["control", "test_activity_control"])
def test_nothing_that_was_looked_at_is_not_ready(logged_in_client: Client, scoped: Organisation, page: str) -> None:
    empty = TestActivity.objects.create(organisation=scoped, name="Tom", national_test=TEST)
    make_at_once(scoped)

    text = text_of(logged_in_client, page, *[empty.pk][: page != "control"])

    assert "<strong>Redo" not in text
    assert "Inget att åtgärda" not in text
    assert "Det finns inget att kontrollera." in text


def test_the_control_counts_what_its_filter_shows(
    logged_in_client: Client, two_units: TestActivity, scoped: Organisation
) -> None:
    make_at_once(scoped)
    shown = {unit: logged_in_client.get(reverse("control"), {"skolenhet": unit}) for unit in ("", UNIT, OTHER_UNIT)}

    urgent = {unit: answer.context["urgent"] for unit, answer in shown.items()}
    assert urgent[""] > urgent[UNIT]
    assert urgent[""] > urgent[OTHER_UNIT] > 0
    assert f"{urgent[OTHER_UNIT]}\u00a0saker att åtgärda före provet på " in shown[OTHER_UNIT].content.decode()
    assert [answer.context["unit_count"] for answer in shown.values()] == [2, 1, 1]


def test_groups_to_look_at_are_those_of_the_filter(logged_in_client: Client, two_units: TestActivity) -> None:
    whole = text_of(logged_in_client, "test_activity_groups", two_units.pk)
    assert "2\u00a0grupper har något att se över" in whole

    text = text_of(logged_in_client, "test_activity_groups", two_units.pk, skolenhet=OTHER_UNIT)
    assert "1\u00a0grupp har något att se över i urvalet" in text


def test_a_filtered_list_says_how_many_of_all(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "sync_job", made.jobs["persons"].pk, status="error")

    assert '<span id="antal">1 av ' in text


def test_ticked_groups_are_counted_where_they_are_ticked(logged_in_client: Client, activity: TestActivity) -> None:
    """The page is not asked when a box is ticked, so a number from the server would be that of before."""
    text = text_of(logged_in_client, "test_activity_change", activity.pk)

    assert not re.search(r"\d+\s(?:grupp vald|grupper valda)", text)
    assert 'data-counts-ticked="grupp vald|grupper valda"' in text


def test_what_skicka_nu_sent_is_not_unsent(logged_in_client: Client, activity: TestActivity, school: School) -> None:
    organisation = activity.organisation
    pages = (("test_activities", ()), ("overview", ()), ("test_activity", (activity.pk,)))
    for page, arguments in pages:
        assert "Inte skickad än" in text_of(logged_in_client, page, *arguments)

    Accepted.objects.create(
        organisation=organisation, environment=organisation.environment, kind="activities",
        object_id=stable_id(organisation.pk, "activity", str(activity.pk), str(school.group.pk)),
    )  # fmt: skip
    for page, arguments in pages:
        text = text_of(logged_in_client, page, *arguments)
        assert "Inte skickad än" not in text, page
        assert "Delvis skickad" in text, page


def test_where_teachers_are_told_is_a_column_that_there_is(
    logged_in_client: Client, activity: TestActivity, scoped: Organisation
) -> None:
    DutyAssignment.objects.all().delete()
    text = text_of(logged_in_client, "test_activity", activity.pk)

    column, sheet = re.findall(r"i kolumnen (\w+) på bladet (\w+)", text)[0]
    assert (sheet, column in STAFF.columns) == (STAFF.name, True)
    assert not [name for name in TEACHING_GROUPS.columns if "ärare" in name]


@pytest.mark.parametrize(
    ("size", "shown"), [(999, "999\u00a0byte"), (198_765, "199\u00a0kB"), (200_000, "200\u00a0kB")]
)
def test_kilobytes_are_those_of_skolverkets_limit(
    logged_in_client: Client, made: MadeTransfer, size: int, shown: str
) -> None:
    Batch.objects.update(byte_size=size)

    assert shown in text_of(logged_in_client, "sync_job", made.jobs["persons"].pk)
    assert shown in text_of(logged_in_client, "sync_job_object", made.refused.pk)
