"""A school is not ready while Skolverket has refused its pupils, or while rows of its file were not read."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import
from provsluss.transfers.control.refused import refused_lately
from provsluss.transfers.models import ObjectResult, Transfer
from tests.web.transfers_made_by_hand import UNIT, MadeTransfer, make_transfer


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeTransfer]:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        ObjectResult.objects.filter(pk=made.refused.pk).update(school_unit_code=UNIT)
        yield made


def _text(client: Client) -> str:
    return client.get(reverse("control")).content.decode()


def test_what_was_refused_is_told_and_the_unit_is_not_ready(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    assert refused_lately(organisation).units == {UNIT: 1}

    text = _text(logged_in_client)
    assert "1 person nekades av Skolverket i den senaste överföringen." in text
    assert f"{reverse('sync_job', args=[made.jobs['persons'].pk])}?status=error#lista" in text
    assert "0 av 1" in text
    assert "<strong>Redo.</strong>" not in text


def test_a_later_transfer_that_brought_it_there_ends_it(organisation: Organisation, made: MadeTransfer) -> None:
    later = Transfer.objects.create(
        organisation=organisation, environment=organisation.environment, state="done", purpose="one_person"
    )
    job = later.sync_jobs.create(organisation=organisation, kind="persons", position=0, state="done")
    ObjectResult.objects.create(
        organisation=organisation, sync_job=job, object_id=made.refused.object_id, name="X", state="received"
    )

    assert refused_lately(organisation).jobs == []


def test_no_school_unit_counts_a_protected_person(organisation: Organisation, made: MadeTransfer) -> None:
    ObjectResult.objects.filter(pk=made.refused.pk).update(restricted=True)

    refused = refused_lately(organisation)
    assert [number for _, number in refused.jobs] == [1]
    assert not refused.units
    assert refused_lately(organisation, protected_too=True).units == {UNIT: 1}


def test_rows_that_were_not_read_are_told(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    ObjectResult.objects.all().delete()
    sheet = {"rows": 9, "good": 7, "bad": 2, "new": 0, "changed": 0, "unchanged": 7, "ended": 0}
    stored = Import.objects.create(
        organisation=organisation, source="test", file_name="fil.xlsx", state="done_with_errors",
        counts={"Elevinskrivningar": sheet}, finished_at=timezone.now(),
    )  # fmt: skip

    text = _text(logged_in_client)
    assert "2 rader i den senaste inläsningen kom inte in i registret." in text
    assert reverse("import", args=[stored.pk]) in text
    assert "<strong>Redo.</strong>" not in text
