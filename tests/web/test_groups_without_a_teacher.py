"""That nobody sees the results of a group stays in view after it has been sent."""

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import DutyAssignment
from provsluss.transfers.models import Transfer
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import TEST, make_school, make_transfer


def test_it_is_said_beside_a_green_result(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        DutyAssignment.objects.all().delete()
        Transfer.objects.update(state="done")

    text = logged_in_client.get(reverse("test_activity", args=[made.test_activity.pk])).content.decode()

    assert "1\u00a0grupp saknar lärare: ingen lärare ser resultaten." in text
    assert "kolumnen Ämnesgrupper på bladet Personaltjänstgöringar" in text
    assert "välj undervisningsgruppen" not in text


def test_of_a_class_it_says_what_to_do(logged_in_client: Client, organisation: Organisation) -> None:
    school = make_school(organisation)
    with scope(organisation=organisation):
        chosen = activities.create(organisation, name="", national_test=TEST, groups=[school.klass, school.group])

    text = logged_in_client.get(reverse("test_activity", args=[chosen.pk])).content.decode()

    assert "1\u00a0grupp saknar lärare" in text
    assert "välj undervisningsgruppen i stället" in text


def test_nothing_is_said_when_every_group_has_one(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)

    text = logged_in_client.get(reverse("test_activity", args=[made.test_activity.pk])).content.decode()

    assert "saknar lärare" not in text
