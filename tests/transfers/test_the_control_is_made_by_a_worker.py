"""What the worker does: a control that somebody asked for, and one after every import."""

import pytest

from provsluss.organisations.models import Organisation
from provsluss.transfers import engine
from provsluss.transfers.control.state import new_control, standing
from tests.transfers.small_school import make_school


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_control_that_was_asked_for(scoped: Organisation) -> None:
    make_school(scoped)
    asked, _ = new_control(scoped)
    engine.make_control(asked.pk)
    found = standing(scoped)
    assert found.control == asked
    assert found.under_way is None


@pytest.mark.django_db(transaction=True)
def test_after_an_import_there_is_a_new_one(scoped: Organisation) -> None:
    make_school(scoped)
    engine.control_after_import(str(scoped.pk))
    assert standing(scoped).control is not None
