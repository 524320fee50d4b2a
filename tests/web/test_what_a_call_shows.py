"""One whole call: who has seen whom is written down, and a refusal tells nothing of the protected persons in it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Reveal
from provsluss.transfers.models import Batch, ObjectResult
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, MadeTransfer, make_transfer


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeTransfer]:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        yield made


@pytest.fixture
def protected_client(user: User) -> Client:
    """Somebody who may see persons with a sekretessmarkering."""
    user.user_permissions.add(Permission.objects.get(codename="view_protected"))
    client = Client()
    client.force_login(user)
    return client


def _sent_in(made: MadeTransfer) -> set[object]:
    return set(ObjectResult.objects.filter(batch=made.batch, restricted=False).values_list("object_id", flat=True))


def test_a_look_is_logged_also_when_the_objects_moved_on_to_later_calls(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    shown = _sent_in(made)
    later = Batch.objects.create(
        sync_job=made.batch.sync_job, organisation=made.school.organisation, number=2, object_count=1, byte_size=1
    )
    ObjectResult.objects.filter(batch=made.batch).update(batch=later)
    Batch.objects.filter(pk=made.batch.pk).update(state="split")

    text = logged_in_client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode()

    assert CIVIC_NUMBER in text
    assert set(Reveal.objects.values_list("person_id", flat=True)) == shown
