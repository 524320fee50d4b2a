"""Behålls hos Skolverket, and Ångra borttagningen."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.transfers.models import Accepted, Purpose, RemovedObject, Transfer
from provsluss.transfers.plan.planning import plan
from provsluss.transfers.test_activities import activities
from tests.web.removals_made_by_hand import MadeRemoval, make_removal


@pytest.fixture
def kept(organisation: Organisation, user: User) -> Iterator[MadeRemoval]:
    """Everything that was to be removed is kept instead."""
    made = make_removal(organisation, "needs_review")
    with scope(organisation=organisation):
        Accepted.objects.update(kept_at=timezone.now(), kept_by=user)
        yield made


@pytest.fixture
def removed(organisation: Organisation) -> Iterator[MadeRemoval]:
    """One activity and two pupils are gone."""
    made = make_removal(organisation)
    with scope(organisation=organisation):
        RemovedObject.objects.update(removed_at=timezone.now())
        yield made


def _text(client: Client, name: str, *ids: object, **query: str) -> str:
    return client.get(reverse(name, args=ids), query).content.decode()


def _sheet(client: Client) -> Any:
    excel = client.get(reverse("kept_objects_export"))
    assert isinstance(excel, FileResponse)
    return openpyxl.load_workbook(io.BytesIO(b"".join(excel))).active  # type: ignore[arg-type]


def test_kept_objects_are_listed_with_who_and_when(logged_in_client: Client, kept: MadeRemoval, user: User) -> None:
    text = _text(logged_in_client, "kept_objects")

    assert "Behålls hos Skolverket (4)" in text
    assert "Alva Åström" in text
    assert (user.get_full_name() or user.username) in text.split("<tbody>")[1]
    assert reverse("kept_objects") in _text(logged_in_client, "history")


def test_what_is_wanted_again_is_not_listed(
    logged_in_client: Client, kept: MadeRemoval, organisation: Organisation
) -> None:
    """The pupils take a test again; no transfer has gone since then, and looking changes nothing."""
    activities.create(organisation, name="", national_test="GRGRMAT01_6", groups=[kept.school.group])

    text = _text(logged_in_client, "kept_objects")

    assert "Behålls hos Skolverket (1)" in text
    assert "Alva Åström" not in text
    assert [row[0].value for row in _sheet(logged_in_client).iter_rows(min_row=2)] == ["Aktiviteter"]
    assert Accepted.objects.filter(kept_at__isnull=False).count() == 4

    answer = logged_in_client.post(reverse("kept_objects_release"), {"vilka": "alla"}, follow=True)
    assert "1 uppgift tas bort" in answer.content.decode()
    assert "Ingenting behålls i onödan" in answer.content.decode()


def test_a_preview_counts_only_what_nobody_wants_as_kept(kept: MadeRemoval, organisation: Organisation) -> None:
    again = activities.create(organisation, name="", national_test="GRGRMAT01_6", groups=[kept.school.group])

    found = plan(organisation, [again])

    assert (found["persons"].kept, found["activities"].kept) == (0, 1)


def test_a_protected_person_is_neutral_among_them(logged_in_client: Client, kept: MadeRemoval) -> None:
    names = [cell.value for cell in _sheet(logged_in_client)["B"]]
    assert "Begränsade uppgifter" in names
    assert "Alva Åström" in names
    assert "Öberg" not in _text(logged_in_client, "kept_objects") + str(names)


def test_the_chosen_ones_are_removed_by_the_next_transfer(logged_in_client: Client, kept: MadeRemoval) -> None:
    alva = Accepted.objects.get(object_id=kept.removed.object_id)

    answer = logged_in_client.post(
        reverse("kept_objects_release"), {"vilka": "valda", "rad": str(alva.pk)}, follow=True
    )

    assert "1 uppgift tas bort hos Skolverket vid nästa överföring." in answer.content.decode()
    assert list(Accepted.objects.filter(kept_at=None)) == [alva]
    again = logged_in_client.post(reverse("kept_objects_release"), {"vilka": "valda", "rad": str(alva.pk)}, follow=True)
    assert "Det som du valde behålls inte längre." in again.content.decode()
    assert "Kryssa i" not in again.content.decode()


def test_all_of_a_kind_are_released_at_once(logged_in_client: Client, kept: MadeRemoval) -> None:
    logged_in_client.post(reverse("kept_objects_release"), {"vilka": "alla", "slag": "persons"})

    assert set(Accepted.objects.filter(kept_at=None).values_list("kind", flat=True)) == {"persons"}
    assert set(Accepted.objects.exclude(kept_at=None).values_list("kind", flat=True)) == {"activities"}


def test_all_are_released_only_after_a_question(logged_in_client: Client, kept: MadeRemoval) -> None:
    before, dialog = _text(logged_in_client, "kept_objects").split('<dialog class="dialog" id="ta-bort-alla"')

    assert 'value="alla"' not in before
    assert 'data-confirm="ta-bort-alla"' in before
    assert "4\u00a0uppgifter tas bort" in dialog
    assert 'value="alla"' in dialog


def test_nothing_chosen_releases_nothing(logged_in_client: Client, kept: MadeRemoval) -> None:
    answer = logged_in_client.post(reverse("kept_objects_release"), {"vilka": "valda", "rad": "x"}, follow=True)

    assert "Kryssa i minst en rad." in answer.content.decode()
    assert not Accepted.objects.filter(kept_at=None).exists()


def test_another_environment_keeps_its_own(
    logged_in_client: Client, kept: MadeRemoval, organisation: Organisation
) -> None:
    Accepted.objects.update(environment="verifieringstest")

    assert "Ingenting behålls i onödan" in _text(logged_in_client, "kept_objects")
    logged_in_client.post(reverse("kept_objects_release"), {"vilka": "alla"})
    assert not Accepted.objects.filter(kept_at=None).exists()


def test_undoing_is_offered_where_something_was_removed(logged_in_client: Client, removed: MadeRemoval) -> None:
    address = reverse("removal_undo", args=[removed.transfer.pk])

    for page in (
        reverse("history"),
        reverse("sync_job", args=[removed.jobs["persons"].pk]),
        reverse("test_activity", args=[removed.test_activity.pk]),
    ):
        assert address in logged_in_client.get(page).content.decode(), page


def test_undoing_says_what_and_until_when_before_it_is_done(
    logged_in_client: Client, removed: MadeRemoval, settings: object
) -> None:
    text = _text(logged_in_client, "removal_undo", removed.transfer.pk)

    last_day = timezone.localdate() + timedelta(days=settings.PAYLOAD_DAYS)  # type: ignore[attr-defined]
    assert "2 personer och 1 aktivitet" in text
    assert f"Det går att ångra till och med {last_day}." in text
    assert Transfer.objects.count() == 1


def test_undoing_says_who_comes_back_into_no_group(
    logged_in_client: Client, removed: MadeRemoval, organisation: Organisation
) -> None:
    sent = {"enrolments": [{"enroledAt": {"id": "x"}, "schoolType": "GR"}]}
    RemovedObject.objects.filter(kind="persons").update(payload=json.dumps(sent))
    in_none = "elever kommer inte med i någon grupp,"
    assert f"2\u00a0{in_none}" in _text(logged_in_client, "removal_undo", removed.transfer.pk)

    group = removed.school.group.pk
    RemovedObject.objects.filter(kind="persons").update(was_in=[str(group)])
    assert f"2\u00a0{in_none}" in _text(logged_in_client, "removal_undo", removed.transfer.pk), "it is gone too"
    Accepted.objects.create(
        organisation=organisation, environment=removed.transfer.environment, kind="groups", object_id=group,
        payload_hash="x", payload="{}",
    )  # fmt: skip
    assert "i någon grupp" not in _text(logged_in_client, "removal_undo", removed.transfer.pk)


def test_undoing_starts_a_transfer_that_sends_back(logged_in_client: Client, removed: MadeRemoval, user: User) -> None:
    address = reverse("removal_undo", args=[removed.transfer.pk])

    text = logged_in_client.post(address, follow=True).content.decode()

    back = Transfer.objects.get(purpose=Purpose.RESTORE)
    assert (back.restores_id, back.created_by_id) == (removed.transfer.pk, user.pk)
    assert f"Skickar tillbaka det som överföring {removed.transfer.pk} tog bort." in text
    assert "Det finns inget att ångra" in _text(logged_in_client, "removal_undo", removed.transfer.pk)
    assert "skickas redan tillbaka" in logged_in_client.post(address, follow=True).content.decode()


def test_what_is_too_old_cannot_be_undone(logged_in_client: Client, removed: MadeRemoval) -> None:
    RemovedObject.objects.update(payload="")

    assert "Det finns inget att ångra" in _text(logged_in_client, "removal_undo", removed.transfer.pk)
    assert "Ångra borttagningen" not in _text(logged_in_client, "history")
