"""A person's card: what Skolverket has or why it has nothing, where the data comes from, what the rules say."""

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Import, Person
from provsluss.transfers.desired import payloads
from provsluss.transfers.desired.payload_hash import payload_hash
from provsluss.transfers.models import (
    Accepted,
    ObjectResult,
    SyncJob,
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
)
from tests.transfers.small_school import civic_number
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, MadeTransfer, School, make_school, make_transfer


@pytest.fixture
def made(organisation: Organisation) -> MadeTransfer:
    made = make_transfer(organisation)
    with scope(organisation=organisation):  # nothing of what the rules would hold back
        for number, person in enumerate((made.school.pupils[0], made.school.head.person)):
            Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number))
    return made


def _card(client: Client, person_id: uuid.UUID) -> str:
    """The card's text, without tags and with single spaces."""
    page = client.get(reverse("person", args=[person_id])).content.decode()
    main = page.split("<main")[1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _accept(organisation: Organisation, person: Person, **changes: object) -> None:
    """Skolverket has what the register says of `person` now."""
    with scope(organisation=organisation):
        payload = payloads.person_record(person, list(person.enrolments.all())).to_json()
        fields: dict[str, object] = {"payload": payload.decode(), "payload_hash": payload_hash(payload)} | changes
        Accepted.objects.create(
            organisation=organisation, environment=organisation.environment, kind="persons", object_id=person.pk,
            **fields,
        )  # fmt: skip


def test_nothing_was_sent_and_the_card_says_why(logged_in_client: Client, organisation: Organisation) -> None:
    school = make_school(organisation)

    text = _card(logged_in_client, school.pupils[0].pk)

    assert "Inte skickad till Skolverket" in text
    assert "Eleven går i 6A och 6A matematik, men ingen av grupperna är med i någon aktiv provaktivitet." in text
    assert "Skicka nu" not in text
    assert "Det finns inget sparat om att något har skickats om personen." in text


def test_who_is_wanted_can_be_sent(logged_in_client: Client, made: MadeTransfer) -> None:
    text = _card(logged_in_client, made.school.head.person_id)

    assert "Skicka nu" in text
    assert "skickades senast" in text


def test_skolverket_has_the_same(logged_in_client: Client, organisation: Organisation, made: MadeTransfer) -> None:
    pupil = made.school.pupils[1]
    _accept(organisation, pupil)

    text = _card(logged_in_client, pupil.pk)

    assert "Skolverket har samma uppgifter som registret" in text
    assert "Skolverket tog emot uppgifterna 20" in text
    assert "Skolverket har Registret har" not in text


def test_what_differs_is_shown_attribute_by_attribute(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    pupil = made.school.pupils[1]
    _accept(organisation, pupil)
    with scope(organisation=organisation):
        Person.objects.filter(pk=pupil.pk).update(family_name="Nyman", civic_number="201409212386")
        Enrolment.objects.filter(person=pupil).update(school_year=7)

    text = _card(logged_in_client, pupil.pk)

    assert "Skolverket har äldre uppgifter" in text
    assert "Efternamn Sjögren Nyman" in text
    assert "årskurs 6" in text
    assert "årskurs 7" in text
    assert "Personnummer 20140921-**** 20140921-**** (andra slutsiffror)" in text
    assert "2386" not in text
    assert "2394" not in text


@pytest.mark.parametrize(
    ("state", "title", "words"),
    [
        (TestActivityState.PAUSED, "Finns hos Skolverket, men uppdateras inte", "är pausad"),
        (TestActivityState.ARCHIVED, "Finns hos Skolverket, men ska tas bort", "är arkiverad"),
    ],
)
def test_what_nothing_wants_any_more_is_told_to_go(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer, state: str, title: str, words: str
) -> None:
    pupil = made.school.pupils[1]
    _accept(organisation, pupil)
    with scope(organisation=organisation):
        TestActivity.objects.update(state=state)

    text = _card(logged_in_client, pupil.pk)

    assert title in text
    assert words in text


def test_a_refusal_stands_first(logged_in_client: Client, made: MadeTransfer) -> None:
    text = _card(logged_in_client, made.school.pupils[0].pk)

    assert "Skolverket nekade uppgifterna" in text
    assert "Skolverket nekade personen 2026-03-22" in text


def test_new_data_that_were_refused_do_not_hide_the_older(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    refused = made.school.pupils[0]
    _accept(organisation, refused, payload_hash="")

    text = _card(logged_in_client, refused.pk)

    assert "De nya uppgifterna nekades" in text
    assert "har kvar de äldre" in text


def test_findings_of_the_rules_with_who_mends_them(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    pupil = made.school.pupils[1]
    with scope(organisation=organisation):
        Person.objects.filter(pk=pupil.pk).update(eppn="")

    text = _card(logged_in_client, pupil.pk)

    assert "Att se över Fel Inloggningsnamn (EPPN) saknas." in text
    assert "Hålls inne" in text


def test_where_the_data_comes_from(
    logged_in_client: Client, organisation: Organisation, user: User, made: MadeTransfer
) -> None:
    pupil = made.school.pupils[0]
    with scope(organisation=organisation):
        run = Import.objects.create(
            organisation=organisation, source="skolverket_workbook", file_name="hösten.xlsx", created_by=user
        )
        Person.objects.filter(pk=pupil.pk).update(source="skolverket_workbook", changed_by=run)

    page = logged_in_client.get(reverse("person", args=[pupil.pk])).content.decode()
    text = _card(logged_in_client, pupil.pk)

    assert reverse("import", args=[run.pk]) in page
    assert "hösten.xlsx inläst av astrid" in text
    assert "Skolverkets Excelmall" in text
    # Here the source's id is a personnummer.
    assert "id i källan: 20140512-****" in text
    assert CIVIC_NUMBER not in page


def test_the_timeline_tells_what_was_answered(logged_in_client: Client, made: MadeTransfer) -> None:
    page = logged_in_client.get(reverse("person", args=[made.refused.object_id])).content.decode()
    text = _card(logged_in_client, made.refused.object_id)

    assert reverse("sync_job_object", args=[made.refused.pk]) in page
    assert "Skolenhet" in text.split("Skickat och besvarat")[1]
    teacher = _card(logged_in_client, made.school.teacher.person_id).split("Skickat och besvarat")[1]
    assert "Tjänstgöringar (Lärare) Mottagen" in teacher


def test_the_timeline_as_excel(logged_in_client: Client, made: MadeTransfer) -> None:
    answer = logged_in_client.get(reverse("person_timeline_export", args=[made.refused.object_id]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["När", "Vad", "Vad det blev", "Svar", "Överföring", "Miljö"]
    assert rows[1][1:3] == ["Användare", "Fel"]
    assert not [cell for row in rows for cell in row if CIVIC_NUMBER[8:] in str(cell)]


def test_an_ended_person_says_so(logged_in_client: Client, organisation: Organisation, made: MadeTransfer) -> None:
    with scope(organisation=organisation):
        Person.objects.filter(pk=made.school.pupils[1].pk).update(ended_at=timezone.now() - timedelta(days=3))

    text = _card(logged_in_client, made.school.pupils[1].pk)

    assert "eftersom källan inte längre har den" in text
    assert "Skicka nu" not in text


@pytest.mark.parametrize(
    "name", ["person_send", "person_steps", "person_lookup", "person_mark_missing", "person_timeline_export"]
)
def test_protected_persons_have_nothing_to_press(
    logged_in_client: Client, organisation: Organisation, name: str
) -> None:
    school: School = make_school(organisation)
    address = reverse(name, args=[school.pupils[2].pk])

    assert {logged_in_client.get(address).status_code, logged_in_client.post(address).status_code} <= {404, 405}


def test_a_refusal_is_explained_at_once_and_nothing_says_that_all_is_well(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    box = _card(logged_in_client, made.refused.object_id).split("Fråga Skolverket för att se")[0]

    assert "Åtgärdas av:" in box
    assert "Så här:" in box
    assert "Uppgifterna är rätt ifyllda" not in _card(logged_in_client, made.refused.object_id)


def test_the_same_error_again_is_folded(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    with scope(organisation=organisation):
        again = ObjectResult.objects.get(pk=made.refused.pk)
        again.pk = None
        again.sync_job = SyncJob.objects.create(
            organisation=organisation,
            transfer=Transfer.objects.create(organisation=organisation, environment=organisation.environment),
            kind="persons",
            position=0,
        )
        again.save()

    assert "samma svar 2 gånger" in _card(logged_in_client, made.refused.object_id)


def test_a_card_asks_the_database_little_however_many_groups_and_tests_there_are(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation, django_assert_max_num_queries: Any
) -> None:
    with scope(organisation=organisation):
        teacher = Duty.objects.get(duty_role="Lärare")
        for number in range(8):
            group = Group.objects.create(
                id=uuid.uuid4(), organisation=organisation, source="hand", source_id=str(number), name=f"Ma{number}",
                group_type=Group.Type.TEACHING, school_type="GR", school_unit_code=teacher.school_unit_code,
            )  # fmt: skip
            DutyAssignment.objects.create(group=group, duty=teacher)
            test = TestActivity.objects.create(
                organisation=organisation, name=f"P{number}", national_test="GRGRMAT01_6"
            )
            TestActivityGroup.objects.create(test_activity=test, group=group)
    _accept(organisation, teacher.person)
    with django_assert_max_num_queries(26):  # with session and user
        text = _card(logged_in_client, teacher.person_id)
    assert "Ma7" in text
    assert "P7" in text
    with django_assert_max_num_queries(31):  # what was refused is explained besides
        _card(logged_in_client, made.school.pupils[0].pk)
