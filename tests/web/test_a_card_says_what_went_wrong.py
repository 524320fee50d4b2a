"""A person's card, when Skolverket refused the person or never answered: what it is stands out, the rest explains."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.models import Accepted, ObjectResult
from tests.transfers.small_school import civic_number
from tests.web.transfers_made_by_hand import MadeTransfer, make_transfer


@pytest.fixture
def made(organisation: Organisation) -> MadeTransfer:
    made = make_transfer(organisation)
    with scope(organisation=organisation):  # nothing of what the rules would hold back
        for number, person in enumerate((made.school.pupils[0], made.school.head.person)):
            Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number))
    return made


def _page(client: Client, person_id: uuid.UUID) -> str:
    return client.get(reverse("person", args=[person_id])).content.decode().split("<main")[1]


@pytest.mark.parametrize("code", ["never_completed", "job_lost", "never_answered"])
def test_no_answer_is_no_refusal(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer, code: str
) -> None:
    finding = {"code": code, "sentence": "Skolverket blev aldrig klart med anropet.", "object_ids": []}
    pupil = made.school.pupils[0]
    with scope(organisation=organisation):
        ObjectResult.objects.filter(pk=made.refused.pk).update(messages=[], findings=[finding])

    alone = _page(logged_in_client, pupil.pk)
    with scope(organisation=organisation):
        Accepted.objects.create(
            organisation=organisation, environment=organisation.environment, kind="persons", object_id=pupil.pk,
            payload="{}",
        )  # fmt: skip
    with_older = _page(logged_in_client, pupil.pk)

    assert "Skolverket svarade aldrig om personen i överföring" in alone
    assert "Skolverket svarade aldrig om de nya uppgifterna i överföring" in with_older
    assert "neka" not in alone + with_older


def test_only_the_first_sentence_of_an_explanation_is_bold(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    with scope(organisation=organisation):
        Person.objects.filter(pk=made.school.head.person_id).update(email="rektor@gmail.com")

    refused = _page(logged_in_client, made.school.pupils[0].pk)
    found = _page(logged_in_client, made.school.head.person_id)

    bold = re.findall(r"<strong>([^<]*)</strong>", refused + found)
    assert not [text for text in bold if ". " in text]
    assert "<strong>E-postadressen ser ut att vara privat.</strong> Personal ska ha en adress för arbetet." in found
