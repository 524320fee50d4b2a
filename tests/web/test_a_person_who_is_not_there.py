"""What a person's card, and the row of a transfer, say of somebody whom Skolverket has not got: why, and what to do."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.ss12000.eppn import resembles_name
from provsluss.transfers.models import Accepted, ObjectResult, SyncJob, Transfer
from tests.transfers.small_school import civic_number
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import MadeTransfer

NEVER = "Inte skickad till Skolverket"


@pytest.fixture
def alva(made: MadeTransfer, scoped: Organisation) -> Person:
    """Her data is in order."""
    pupil = made.school.pupils[0]
    Person.objects.filter(pk=pupil.pk).update(civic_number=civic_number(0))
    return pupil


def _removed(organisation: Organisation, person: Person) -> None:
    transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment, state="done")
    job = SyncJob.objects.create(
        organisation=organisation, transfer=transfer, kind="persons", action="remove", position=4, state="done"
    )
    ObjectResult.objects.create(
        sync_job=job, organisation_id=organisation.pk, object_id=person.pk, state="removed", finished_at=timezone.now()
    )


@pytest.mark.parametrize("ended", [False, True])
def test_who_was_sent_and_removed_is_not_said_never_to_have_been_sent(
    logged_in_client: Client, alva: Person, scoped: Organisation, ended: bool
) -> None:
    _removed(scoped, alva)
    if ended:
        Person.objects.filter(pk=alva.pk).update(ended_at=timezone.now())

    text = text_of(logged_in_client, "person", alva.pk)

    assert NEVER not in text
    assert "Borttagen hos Skolverket" in text


def test_nor_who_is_held_back_now(logged_in_client: Client, alva: Person, scoped: Organisation) -> None:
    _removed(scoped, alva)
    Person.objects.filter(pk=alva.pk).update(eppn="")

    text = text_of(logged_in_client, "person", alva.pk)

    assert "är inte skickad" not in text
    assert "Hålls inne" in text


def test_nor_who_is_perhaps_there(logged_in_client: Client, alva: Person, scoped: Organisation) -> None:
    ObjectResult.objects.filter(object_id=alva.pk).delete()
    Person.objects.filter(pk=alva.pk).update(ended_at=timezone.now())
    assert NEVER in text_of(logged_in_client, "person", alva.pk)

    Accepted.objects.create(
        organisation=scoped, environment=scoped.environment, kind="persons", object_id=alva.pk, perhaps=True
    )
    assert NEVER not in text_of(logged_in_client, "person", alva.pk)


def test_the_source_is_not_to_be_mended_where_it_is_right(logged_in_client: Client, alva: Person) -> None:
    """Skolverket refused because it does not know the school unit."""
    text = text_of(logged_in_client, "person", alva.pk)

    assert "Skolverket nekade personen" in text
    assert "rätta i källan" not in text
    assert "Se orsaken nedan, åtgärda den och skicka igen." in text


def test_the_example_of_an_eppn_is_one_that_skolverket_takes(logged_in_client: Client, alva: Person) -> None:
    """3047 warns of one that has the letters of a name in it."""
    (example,) = re.findall(r"Inloggningsnamnet, till exempel ([^\"]+)\"", text_of(logged_in_client, "person", alva.pk))

    local = example.split("@")[0]
    assert not [part for part in re.findall(r"[a-zåäö]+", local) if resembles_name(example, part, part)]


@pytest.mark.parametrize(
    ("finding", "waits"),
    [
        ({"code": "P3", "sentence": "Personnumrets kontrollsiffra är fel.", "object_ids": []}, False),
        ({"code": "no_eppn", "sentence": "Personen saknar EPPN."}, False),
        ({"code": "person_missing", "sentence": "Personen har inte tagits emot.", "object_ids": ["{alva}"]}, True),
    ],
)
def test_what_is_wrong_itself_does_not_wait_for_others(
    logged_in_client: Client, made: MadeTransfer, finding: dict[str, object], waits: bool
) -> None:
    if waits:
        finding = finding | {"object_ids": [str(made.school.pupils[0].pk)]}
    ObjectResult.objects.filter(sync_job=made.jobs["persons"], state="withheld").update(findings=[finding])
    held = ObjectResult.objects.get(sync_job=made.jobs["persons"], state="withheld")

    text = text_of(logged_in_client, "sync_job_object", held.pk)

    assert ("det som saknas då har tagits emot" in text) is waits
    assert ("när det som står här ovanför är åtgärdat" in text) is not waits
    assert "när det som saknas har tagits emot" not in text
