"""A step's number is explained: pupils and staff, classes and teaching groups."""

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob
from provsluss.web.history.step_makeup import makeup_of
from tests.web.transfers_made_by_hand import make_transfer


def test_pupils_and_staff_classes_and_teaching_groups(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)

    text = logged_in_client.get(reverse("test_activity", args=[made.test_activity.pk])).content.decode()

    assert "4 elever + 2 i personalen" in text
    assert "1 klass + 1 undervisningsgrupp" in text


def test_unchanged_and_unfinished_steps_say_nothing(organisation: Organisation) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        SyncJob.objects.filter(kind="persons").update(unchanged=1)
        SyncJob.objects.filter(kind="groups").update(state="running")

        assert makeup_of(made.transfer) == {}
