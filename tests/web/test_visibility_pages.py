"""Åtkomst: the lists, the ways to them, and what a protected person's row does not tell."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Duty, DutyAssignment, Person
from provsluss.transfers.models import Accepted, TestActivity
from provsluss.transfers.test_activities import activities
from tests.transfers.small_school import civic_number
from tests.visibility.at_skolverket import accept_all
from tests.web.transfers_made_by_hand import TEST, UNIT, School, make_school

OTHER_UNIT = "90000012"


@pytest.fixture
def school(organisation: Organisation) -> School:
    """With personnummer that the rules let through, so that everybody can be accepted."""
    school = make_school(organisation)
    with scope(organisation=organisation):
        for number, person in enumerate(Person.objects.order_by("pk")):
            Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number))
    return school


@pytest.fixture
def test_activity(organisation: Organisation, school: School) -> TestActivity:
    """Matematik, with 6A matematik."""
    with scope(organisation=organisation):
        return activities.create(organisation, name="Matematik", national_test=TEST, groups=[school.group])


def _text(client: Client, name: str, *arguments: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=arguments) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def _cells(client: Client, name: str, *arguments: object, query: str = "") -> list[list[object]]:
    answer = client.get(reverse(name, args=arguments) + query)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[call-overload]
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _other_unit(school: School) -> None:
    with scope(organisation=school.organisation):
        Duty.objects.filter(pk=school.teacher.pk).update(school_unit_code=OTHER_UNIT)


def test_the_tab_and_the_page_say_who_sees_whom(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    for text in (_text(logged_in_client, "test_activity_access", test_activity.pk), _text(logged_in_client, "access")):
        assert "Maja Lindqvist" in text
        assert f"Lärare, {UNIT}" in text
        assert "6A matematik" in text
        assert f"Hela {UNIT}" in text, "the Rektor"
        assert "Bara i registret" in text
        assert "Inget att se över" in text


def test_what_differs_from_skolverket_is_said(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    with scope(organisation=organisation):
        accept_all(organisation, test_activity)
        DutyAssignment.objects.all().delete()

    text = _text(logged_in_client, "test_activity_access", test_activity.pk)

    assert "Ser fortfarande 6A matematik hos Skolverket tills provaktiviteten skickas igen." in text
    assert "Bara hos Skolverket" in text


def test_a_flag_is_counted_and_filtered(logged_in_client: Client, test_activity: TestActivity, school: School) -> None:
    _other_unit(school)
    text = _text(logged_in_client, "access")
    assert "?lista=personal&amp;visa=annan-skolenhet" in text

    flagged = _text(logged_in_client, "access", query="?visa=annan-skolenhet")
    others = _text(logged_in_client, "access", query="?visa=nekad")

    assert "Maja Lindqvist" in flagged
    assert "Mohammed Hassan" not in flagged
    assert "Maja Lindqvist" not in others
    assert "Inget stämmer med filtret" in others


def test_the_groups_list_names_the_teachers_and_their_flags(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    _other_unit(school)

    text = _text(logged_in_client, "access", query="?lista=grupper")

    assert "Maja Lindqvist: tjänstgör som Lärare på" in text
    assert reverse("group_access", args=[school.group.pk]) in text


@pytest.mark.parametrize("sort", ["anmarkning", "namn", "-namn", "skolenhet", "grupper", "-grupper"])
@pytest.mark.parametrize("list_", ["personal", "grupper", "elever", "okänd"])
def test_every_list_can_be_sorted(logged_in_client: Client, test_activity: TestActivity, list_: str, sort: str) -> None:
    assert _text(logged_in_client, "access", query=f"?lista={list_}&sortera={sort}")


def test_the_names_behind_the_number(logged_in_client: Client, test_activity: TestActivity, school: School) -> None:
    text = _text(logged_in_client, "person_access", school.teacher.person_id)

    assert "Alva Åström" in text
    assert "Begränsade uppgifter" in text
    for secret in ("Iris", "Öberg", str(school.pupils[2].pk)):
        assert secret not in text


def test_a_pupil_who_has_left_is_still_seen_at_skolverket(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    with scope(organisation=organisation):
        accept_all(organisation, test_activity)
        school.group.memberships.filter(person=school.pupils[0]).delete()

    text = _text(logged_in_client, "person_access", school.teacher.person_id)

    row = text[text.index("Alva Åström") :].split("</tr>")[0]
    assert "Bara hos Skolverket" in row


def test_who_sees_a_group(logged_in_client: Client, test_activity: TestActivity, school: School) -> None:
    text = _text(logged_in_client, "group_access", school.group.pk)

    assert "Maja Lindqvist" in text
    assert "Mohammed Hassan" in text
    assert "Hela skolenheten" in text


def test_a_group_that_takes_no_test_is_seen_by_nobody(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    assert "Gruppen gör inget prov" in _text(logged_in_client, "group_access", school.klass.pk)


def test_the_ways_to_the_pages(logged_in_client: Client, test_activity: TestActivity, school: School) -> None:
    person = school.teacher.person_id

    assert reverse("person_access", args=[person]) in _text(logged_in_client, "person", person)
    assert reverse("group_access", args=[school.group.pk]) in _text(logged_in_client, "group", school.group.pk)
    assert reverse("test_activity_access", args=[test_activity.pk]) in _text(
        logged_in_client, "test_activity", test_activity.pk
    )
    assert reverse("access") in _text(logged_in_client, "groups")


@pytest.mark.parametrize("list_", ["personal", "grupper"])
def test_a_protected_teacher_is_neutral_to_all_but_the_trusted(
    logged_in_client: Client, user: User, test_activity: TestActivity, school: School, list_: str
) -> None:
    with scope(organisation=school.organisation):
        Person.objects.filter(pk=school.teacher.person_id).update(security_marking="Sekretessmarkering")
    query = f"?lista={list_}"

    text = _text(logged_in_client, "access", query=query)
    assert "Begränsade uppgifter" in text
    assert "Maja" not in text
    assert str(school.teacher.person_id) not in text
    assert "Maja" not in str(_cells(logged_in_client, "access_export", query=query))
    assert logged_in_client.get(reverse("person_access", args=[school.teacher.person_id])).status_code == 404
    assert "Maja" not in _text(logged_in_client, "group_access", school.group.pk)

    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    trusted = Client()
    trusted.force_login(user)
    assert "Maja Lindqvist" in _text(trusted, "access", query=query)


def test_a_filter_does_not_tell_on_a_protected_teacher(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    with scope(organisation=school.organisation):
        Person.objects.filter(pk=school.teacher.person_id).update(security_marking="Sekretessmarkering")

    assert "Begränsade uppgifter" not in _text(logged_in_client, "access", query=f"?skolenhet={UNIT}")


def test_excel_holds_every_list(logged_in_client: Client, test_activity: TestActivity, school: School) -> None:
    staff = _cells(logged_in_client, "access_export")
    groups = _cells(logged_in_client, "test_activity_access_export", test_activity.pk, query="?lista=grupper")

    assert staff[0][:2] == ["Namn", "Tjänstgöring"]
    assert [row[0] for row in staff[1:]] == ["Mohammed Hassan", "Maja Lindqvist"]
    assert [row[5] for row in staff[1:]] == [0, 3]
    assert groups[1][0] == "6A matematik"
    assert groups[1][4] == "Maja Lindqvist"


def test_pupils_seen_from_several_units(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    with scope(organisation=organisation):
        elsewhere = Duty.objects.create(
            id=school.klass.pk, organisation=organisation, source="test", source_id="2", person=school.head.person,
            school_unit_code=OTHER_UNIT, duty_role="Lärare",
        )  # fmt: skip
        DutyAssignment.objects.create(group=school.group, duty=elsewhere)

    text = _text(logged_in_client, "access", query="?lista=elever")

    assert "Alva Åström" in text
    assert OTHER_UNIT in text
    assert "Iris" not in text
    assert ["Alva Åström", "Maja Lindqvist", UNIT, "6A matematik"] in _cells(
        logged_in_client, "access_export", query="?lista=elever"
    )


def test_a_leader_sees_only_the_pupils_that_skolverket_has_accepted(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    with scope(organisation=organisation):
        accept_all(organisation, test_activity)
    leader = school.head.person_id
    assert "Hos Skolverket är det " not in _text(logged_in_client, "person_access", leader)
    with scope(organisation=organisation):
        Accepted.objects.filter(kind="persons", object_id=school.pupils[0].pk).delete()

    assert "Hos Skolverket är det " in _text(logged_in_client, "person_access", leader)
    listed = _text(logged_in_client, "access")
    assert "Skiljer sig" in listed
    assert "Men Skolverket har inte allt som registret säger" in listed


def test_what_skolverket_lacks_is_judged_from_the_whole_list(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    for query in ("", "?grupp=finns+inte+alls", "?lista=grupper&grupp=finns+inte+alls"):
        assert "Men Skolverket har inte allt" in _text(logged_in_client, "access", query=query), query
    with scope(organisation=organisation):
        accept_all(organisation, test_activity)
    assert "Men " not in _text(logged_in_client, "access").split("Inget att se över")[1].split("</p>")[0]


def test_pupils_that_differ_are_said_to_be_of_the_rows_shown(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    """To compare the pupils of every row would make the page slow; so it says that it has not."""
    with scope(organisation=organisation):
        accept_all(organisation, test_activity)
        Accepted.objects.filter(kind="persons", object_id=school.pupils[0].pk).delete()

    assert "Bland raderna som visas har Skolverket inte samma elever" in _text(
        logged_in_client, "access", query=f"?skolenhet={UNIT}"
    )


def test_the_list_that_is_shown_is_no_filter_to_clear(logged_in_client: Client, test_activity: TestActivity) -> None:
    assert ">Rensa<" not in _text(logged_in_client, "access", query="?lista=grupper")

    filtered = _text(logged_in_client, "access", query="?lista=grupper&grupp=finns+inte+alls")

    assert 'href="?lista=grupper">Rensa<' in filtered


def test_nothing_to_look_over_is_not_said_of_staff_that_are_not_shown(
    logged_in_client: Client, user: User, test_activity: TestActivity, school: School
) -> None:
    _other_unit(school)
    with scope(organisation=school.organisation):
        Person.objects.filter(pk=school.teacher.person_id).update(security_marking="Sekretessmarkering")

    text = _text(logged_in_client, "access")
    assert "Inget att se över bland dem som du får se" in text
    assert "Personal med skyddade uppgifter räknas inte här." in text

    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    assert "Inget att se över" not in _text(logged_in_client, "access")
