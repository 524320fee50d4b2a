"""What a page opens by itself is the newest of its kind, and no query takes the first of what has lost its order."""

from datetime import timedelta

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Plan, TestActivity
from tests.fixtures.lost_order import OrderIsLost
from tests.web.transfers_made_by_hand import TEST


@pytest.fixture
def plans(organisation: Organisation) -> list[Plan]:
    """Three previews of the only provaktivitet, the last made now."""
    with scope(organisation=organisation):
        activity = TestActivity.objects.create(organisation=organisation, name="Matematik 6", national_test=TEST)
        made = []
        for days in (2, 1, 0):
            plan = Plan.objects.create(
                organisation=organisation, environment=organisation.environment, state="ready", seconds=1.0,
                created_at=timezone.now() - timedelta(days=days),
            )  # fmt: skip
            plan.test_activities.add(activity)
            made.append(plan)
    return made


@pytest.mark.parametrize("page", ["test_activity_preview", "preview_all"])
def test_forhandsgranska_opens_the_newest_preview(logged_in_client: Client, plans: list[Plan], page: str) -> None:
    with scope(organisation=plans[0].organisation):
        activity = plans[0].test_activities.get()
    address = reverse(page, args=[activity.pk] if page == "test_activity_preview" else [])

    assert logged_in_client.get(address).context["plan"] == plans[-1]


def test_the_run_watches_over_queries_that_have_lost_their_order(plans: list[Plan]) -> None:
    with scope(organisation=plans[0].organisation):
        counted = Plan.objects.annotate(number=Count("test_activities"))

        for take in (lambda: counted.first(), lambda: counted.last(), lambda: counted[0], lambda: counted[:2]):
            with pytest.raises(OrderIsLost):
                take()
        assert counted.order_by("-pk").first() == plans[-1]
        assert len(counted) == 3
