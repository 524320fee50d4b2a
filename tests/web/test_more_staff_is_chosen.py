"""A provaktivitet can take along staff who neither teach its groups nor lead a school unit."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Duty, Person
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import TEST, UNIT, School


@pytest.fixture
def counsellor(school: School) -> Duty:
    return _staff(school.organisation, "Åsa", "Ek", "Kurator")


@pytest.fixture
def activity(organisation: Organisation, school: School) -> TestActivity:
    with scope(organisation=organisation):
        return activities.create(organisation, name="Matematik", national_test=TEST, groups=[school.group])


def _staff(organisation: Organisation, given: str, family: str, role: str) -> Duty:
    with scope(organisation=organisation):
        person = Person.objects.create(
            id=uuid.uuid4(), organisation=organisation, source="test", source_id=given, role="staff",
            given_name=given, family_name=family,
        )  # fmt: skip
        return Duty.objects.create(
            id=uuid.uuid4(), organisation=organisation, source="test", source_id=given, person=person,
            school_unit_code=UNIT, duty_role=role,
        )  # fmt: skip


def _post(client: Client, activity: TestActivity, school: School, **form: object) -> str:
    address = reverse("test_activity_change", args=[activity.pk])
    answer = client.post(address, {"namn": activity.name, "grupp": [str(school.group.pk)], **form})
    return answer.content.decode() if answer.status_code == 200 else ""


def _chosen(activity: TestActivity) -> set[uuid.UUID]:
    with scopes_disabled():
        return set(activity.extra_duties.values_list("pk", flat=True))


@pytest.mark.parametrize("text", ["åsa", "Ek", "kurator", "åsa kurator"])
def test_staff_is_searched_by_name_and_role(
    logged_in_client: Client, activity: TestActivity, school: School, counsellor: Duty, text: str
) -> None:
    found = _post(logged_in_client, activity, school, gor="sok_personal", personalsok=text)

    assert "Åsa Ek" in found
    assert str(counsellor.pk) in found


def test_nobody_is_listed_before_a_search(
    logged_in_client: Client, activity: TestActivity, school: School, counsellor: Duty
) -> None:
    assert "Åsa" not in _post(logged_in_client, activity, school, gor="filtrera")


def test_the_chosen_one_is_kept_through_a_search_and_sent(
    logged_in_client: Client, organisation: Organisation, activity: TestActivity, school: School, counsellor: Duty
) -> None:
    kept = _post(logged_in_client, activity, school, gor="sok_personal", personalsok="xyz", tjanst=str(counsellor.pk))
    assert f'value="{counsellor.pk}" checked' in kept

    _post(logged_in_client, activity, school, gor="spara", tjanst=str(counsellor.pk))

    assert _chosen(activity) == {counsellor.pk}
    with scope(organisation=organisation):
        assert counsellor.pk in Selection(organisation, [activity]).duties
    assert (
        "Dessutom skickas 1"
        in logged_in_client.get(reverse("test_activity_groups", args=[activity.pk])).content.decode()
    )


def test_unticked_is_taken_out(
    logged_in_client: Client, activity: TestActivity, school: School, counsellor: Duty
) -> None:
    _post(logged_in_client, activity, school, gor="spara", tjanst=str(counsellor.pk))
    _post(logged_in_client, activity, school, gor="spara")

    assert _chosen(activity) == set()


def test_a_new_one_has_them_too(
    logged_in_client: Client, organisation: Organisation, school: School, counsellor: Duty
) -> None:
    form = {"prov": TEST, "grupp": str(school.group.pk), "gor": "spara", "tjanst": str(counsellor.pk)}
    logged_in_client.post(reverse("test_activity_create"), form)

    with scope(organisation=organisation):
        assert _chosen(TestActivity.objects.get()) == {counsellor.pk}


def test_another_organisations_staff_is_not_taken(
    logged_in_client: Client, activity: TestActivity, school: School
) -> None:
    stranger = Organisation.objects.create(number="5560360793", name="Friskolan", environment="simulator")
    theirs = _staff(stranger, "Ingrid", "Främling", "Kurator")

    found = _post(logged_in_client, activity, school, gor="sok_personal", personalsok="Ingrid", tjanst=str(theirs.pk))
    _post(logged_in_client, activity, school, gor="spara", tjanst=str(theirs.pk))

    assert "Främling" not in found
    assert _chosen(activity) == set()


def test_a_protected_one_is_neither_found_nor_lost(
    logged_in_client: Client, user: User, activity: TestActivity, school: School, counsellor: Duty
) -> None:
    with scopes_disabled():
        Person.objects.filter(pk=counsellor.person_id).update(security_marking="Sekretessmarkering")
        activity.extra_duties.add(counsellor)

    page = logged_in_client.get(reverse("test_activity_change", args=[activity.pk])).content.decode()
    found = _post(logged_in_client, activity, school, gor="sok_personal", personalsok="Åsa")
    _post(logged_in_client, activity, school, gor="spara")

    assert "Åsa" not in page
    assert str(counsellor.pk) not in page + found
    assert _chosen(activity) == {counsellor.pk}

    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    trusted = Client()
    trusted.force_login(user)
    assert "Åsa Ek" in trusted.get(reverse("test_activity_change", args=[activity.pk])).content.decode()
