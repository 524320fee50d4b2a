"""A control and a transfer of the same test activities hold one selection between them, and only while it is true."""

import gc
import weakref

from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import
from provsluss.transfers.desired.selection_cache import shared_selection
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from tests.transfers.small_school import make_pupil, make_school


def test_who_wants_the_same_gets_the_same(scoped: Organisation) -> None:
    activity = make_school(scoped)
    first = shared_selection(scoped, [activity])
    assert shared_selection(scoped, TestActivity.objects.all()) is first
    assert len(first.persons) == 7


def test_another_one_after_an_import_or_a_change(scoped: Organisation) -> None:
    activity = make_school(scoped)
    first = shared_selection(scoped, [activity])
    Import.objects.create(
        organisation=scoped, source="test", file_name="x", state="done", counts={}, finished_at=timezone.now()
    )
    second = shared_selection(scoped, [activity])
    assert second is not first
    activities.set_state(activity, "active")
    assert shared_selection(scoped, [activity]) is not second


def test_another_one_for_other_test_activities(scoped: Organisation) -> None:
    activity = make_school(scoped)
    other = TestActivity.objects.create(organisation=scoped, name="Engelska", national_test="GRGRENG01_6")
    both = shared_selection(scoped, [activity, other])
    assert shared_selection(scoped, [activity]) is not both


def test_it_is_gone_when_nobody_uses_it(scoped: Organisation) -> None:
    activity = make_school(scoped)
    selection = weakref.ref(shared_selection(scoped, [activity]))
    gc.collect()
    assert selection() is None
    make_pupil(scoped, 70)  # by hand: no import, so nothing but our letting go tells of it
    assert len(shared_selection(scoped, [activity]).persons) == 7
