"""The number of pupils of a provaktivitet is remembered, and counted anew when it can have changed."""

from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, Membership
from provsluss.transfers.models import TestActivityGroup
from provsluss.web.test_activities.pupil_counts import pupil_counts
from tests.web.transfers_made_by_hand import make_transfer


def test_each_pupil_counts_once_and_a_new_group_is_seen_at_once(organisation: Organisation) -> None:
    made = make_transfer(organisation)
    pk = made.test_activity.pk
    with scope(organisation=organisation):
        assert pupil_counts([pk]) == {pk: 3}
        TestActivityGroup.objects.create(test_activity=made.test_activity, group=made.school.klass)
        assert pupil_counts([pk]) == {pk: 3}
        TestActivityGroup.objects.filter(test_activity=made.test_activity).delete()
        assert pupil_counts([pk]) == {}


def test_it_is_remembered_until_the_next_import(organisation: Organisation) -> None:
    made = make_transfer(organisation)
    pk = made.test_activity.pk
    with scope(organisation=organisation):
        assert pupil_counts([pk]) == {pk: 3}
        Membership.objects.filter(person=made.school.pupils[0]).delete()
        assert pupil_counts([pk]) == {pk: 3}
        Import.objects.create(organisation=organisation, source="test", state="done", finished_at=timezone.now())
        assert pupil_counts([pk]) == {pk: 2}
