"""What pages are tried with: a school, a transfer of it, and somebody who may see more."""

import pytest
from django.test import Client

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from tests.web.transfers_made_by_hand import MadeTransfer, School, make_school, make_transfer


@pytest.fixture
def school(organisation: Organisation) -> School:
    """A small school, nothing of which has been sent."""
    return make_school(organisation)


@pytest.fixture
def made(scoped: Organisation) -> MadeTransfer:
    """A transfer of that school, with each kind of answer."""
    return make_transfer(scoped)


@pytest.fixture
def protected_client(user: User) -> Client:
    """Somebody who may see persons with a sekretessmarkering."""
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    client = Client()
    client.force_login(user)
    return client
