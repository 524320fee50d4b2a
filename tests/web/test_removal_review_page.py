"""Kräver granskning: what would be removed, why it waits, and somebody's decision."""

import io
import json
from collections.abc import Iterator

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Person
from provsluss.transfers.models import Accepted, SyncJob, TestActivity, TestActivityState, Transfer
from tests.web.removals_made_by_hand import OTHER_UNIT, MadeRemoval, make_removal
from tests.web.transfers_made_by_hand import CIVIC_NUMBER

MESSAGE = "3 av 3 skulle tas bort hos Skolverket. Det är mer än skyddsgränsen, 10 % och 2 stycken."


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeRemoval]:
    made = make_removal(organisation, "needs_review")
    with scope(organisation=organisation):
        SyncJob.objects.filter(pk=made.jobs["persons"].pk).update(message=MESSAGE)
        yield made


def _address(made: MadeRemoval) -> str:
    return reverse("removal_review", args=[made.transfer.pk])


def _text(client: Client, made: MadeRemoval, **query: str) -> str:
    answer = client.get(_address(made), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_much_and_why_it_waits(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _text(logged_in_client, made)

    assert "3 elever och 1 aktivitet skulle tas bort hos Skolverket." in text
    assert "Inget av det är borttaget än." in text
    assert f"Ta bort: användare: {MESSAGE}" in text


def test_it_says_who_is_still_in_a_group_as_skolverket_has_them(
    logged_in_client: Client, made: MadeRemoval, organisation: Organisation
) -> None:
    assert "3\u00a0av eleverna är inte med i någon grupp hos Skolverket." in _text(logged_in_client, made)
    members = [{"person": {"id": str(pupil.pk)}} for pupil in made.school.pupils]
    for number, said in (
        (2, "1\u00a0av eleverna är inte med i någon grupp hos Skolverket; de andra är kvar i sina."),
        (3, "Eleverna är kvar i sina grupper."),
    ):
        Accepted.objects.update_or_create(
            organisation=organisation,
            environment=made.transfer.environment,
            kind="groups",
            object_id=made.school.group.pk,
            defaults={"payload_hash": "x", "payload": json.dumps({"groupMemberships": members[:number]})},
        )
        assert said in _text(logged_in_client, made)


def test_it_is_reached_from_everywhere(logged_in_client: Client, made: MadeRemoval) -> None:
    pages = [
        reverse("overview"),
        reverse("history"),
        reverse("test_activity", args=[made.test_activity.pk]),
        reverse("sync_job", args=[made.jobs["persons"].pk]),
    ]

    for page in pages:
        assert _address(made) in logged_in_client.get(page).content.decode(), page


def test_school_by_school_and_one_by_one(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _text(logged_in_client, made)
    there = _text(logged_in_client, made, skolenhet=OTHER_UNIT)

    assert f"?skolenhet={OTHER_UNIT}#lista" in text
    assert "Hugo Sjögren" in there
    assert "Alva Åström" not in there
    assert "Alva Åström" not in _text(logged_in_client, made, slag="activities")
    assert "Hugo Sjögren" not in _text(logged_in_client, made, sok="Alva")


def test_a_personnummer_that_is_searched_for_stays_out_of_the_address(
    logged_in_client: Client, made: MadeRemoval
) -> None:
    by_number = logged_in_client.post(_address(made), {"sok": CIVIC_NUMBER})
    by_name = logged_in_client.post(_address(made), {"sok": "Alva", "slag": "elever"})

    assert CIVIC_NUMBER not in by_number.headers["Location"]
    assert by_name.headers["Location"].startswith(f"{_address(made)}?slag=elever&sokning=")
    assert "Alva" not in by_name.headers["Location"]


def test_a_protected_person_is_counted_but_never_named(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _text(logged_in_client, made)
    excel = logged_in_client.get(reverse("removal_review_export", args=[made.transfer.pk]))
    rows = _rows(excel)

    assert "Begränsade uppgifter" in text
    assert "Öberg" not in text
    assert "Öberg" not in _text(logged_in_client, made, sok="Iris")
    assert "Öberg" not in str(rows)


def test_excel_has_no_personnummer(logged_in_client: Client, made: MadeRemoval) -> None:
    excel = logged_in_client.get(reverse("removal_review_export", args=[made.transfer.pk]), {"slag": "elever"})
    rows = _rows(excel)

    assert [row[1] for row in rows] == ["Namn", "Alva Åström", "Hugo Sjögren", "Begränsade uppgifter"]
    assert CIVIC_NUMBER not in str(rows)


def test_likely_causes_are_told(logged_in_client: Client, made: MadeRemoval) -> None:
    Person.objects.filter(pk=made.school.pupils[1].pk).update(ended_at=timezone.now())

    text = _text(logged_in_client, made)

    assert "1\xa0elev har slutat" in text
    assert "2\xa0elever finns kvar i registret" in text
    assert "inga elever kvar i registret:" in text  # of the other school unit
    assert OTHER_UNIT in text.split("inga elever kvar")[1][:80]


def test_an_archived_provaktivitet_is_a_cause(logged_in_client: Client, made: MadeRemoval) -> None:
    from provsluss.transfers.desired.selection import Selection

    made.test_activity.groups.add(made.school.group)
    TestActivity.objects.filter(pk=made.test_activity.pk).update(state=TestActivityState.ARCHIVED)
    (activity_id,) = Selection(made.school.organisation, [made.test_activity]).activities
    made.jobs["activities"].results.update(object_id=activity_id)

    text = _text(logged_in_client, made)
    assert "är arkiverad.</strong> Det som bara den behövde" in text
    assert "i grupper vars provaktivitet är arkiverad." in text
    assert "går inte i någon grupp" not in text
    assert "läsårsskifte" not in text


def test_whoever_is_wanted_again_is_said_to_stay(logged_in_client: Client, made: MadeRemoval) -> None:
    made.test_activity.groups.add(made.school.group)

    text = _text(logged_in_client, made)

    assert "elever ska göra prov igen," in text
    assert "går inte i någon grupp" not in text


def test_refusing_keeps_everything_and_says_who_decided(
    logged_in_client: Client, made: MadeRemoval, user: User
) -> None:
    answer = logged_in_client.post(
        reverse("removal_decide", args=[made.transfer.pk]), {"beslut": "refused"}, follow=True
    )
    text = answer.content.decode()

    assert f"Borttagningen nekades av {user.get_full_name() or user.username}" in text
    assert Accepted.objects.filter(kept_at__isnull=False).count() == 4
    assert Transfer.objects.get().state == "done"
    assert "beslut" not in text.split("<main")[1].split("Per skolenhet")[0]


def test_approving_hands_the_transfer_to_the_engine(logged_in_client: Client, made: MadeRemoval, user: User) -> None:
    logged_in_client.post(reverse("removal_decide", args=[made.transfer.pk]), {"beslut": "approved"})

    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.attempt) == ("queued", 2)
    assert set(SyncJob.objects.filter(action="remove").values_list("decision", "decided_by")) == {("approved", user.pk)}
    assert "Borttagningen godkändes av" in _text(logged_in_client, made)


def test_a_second_decision_changes_nothing(logged_in_client: Client, made: MadeRemoval) -> None:
    address = reverse("removal_decide", args=[made.transfer.pk])
    logged_in_client.post(address, {"beslut": "refused"})

    text = logged_in_client.post(address, {"beslut": "approved"}, follow=True).content.decode()

    assert "Någon annan kan ha hunnit före." in text
    assert Transfer.objects.get().state == "done"


def test_an_unknown_decision_is_refused(logged_in_client: Client, made: MadeRemoval) -> None:
    assert logged_in_client.post(reverse("removal_decide", args=[made.transfer.pk]), {}).status_code == 400
    assert Transfer.objects.get().state == "needs_review"


def test_a_transfer_that_removes_nothing_has_nothing_to_review(logged_in_client: Client, made: MadeRemoval) -> None:
    SyncJob.objects.filter(action="remove").delete()

    assert "tar inte bort något" in _text(logged_in_client, made)


def _rows(answer: object) -> list[list[str]]:
    assert isinstance(answer, FileResponse)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    return [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
