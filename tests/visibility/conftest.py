"""The small school, its test activity sent and accepted."""

import pytest

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import TestActivity
from tests.transfers.small_school import make_school
from tests.visibility.at_skolverket import accept_all


@pytest.fixture
def activity(scoped: Organisation) -> TestActivity:
    """Class 6A's mathematics, not sent yet."""
    return make_school(scoped)


@pytest.fixture
def sent(scoped: Organisation, activity: TestActivity) -> TestActivity:
    """The same, accepted in full by Skolverket."""
    accept_all(scoped, activity)
    return activity
