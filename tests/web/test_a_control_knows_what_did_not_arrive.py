"""A school is not ready while Skolverket has refused its pupils, or while rows of its file were not read."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, Person
from provsluss.transfers.models import ControlCause, ObjectResult
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, UNIT, MadeTransfer, make_transfer


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeTransfer]:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        ObjectResult.objects.filter(pk=made.refused.pk).update(school_unit_code=UNIT)
        yield made


def _rows_of_file(client: Client) -> list[list[object]]:
    answer = client.get(reverse("control_export"), {"vem": "elevregistret"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    return [[cell.value for cell in row] for row in sheet.rows]  # type: ignore[union-attr]


def _text(client: Client) -> str:
    return client.get(reverse("control")).content.decode()


def test_what_was_refused_is_told_and_the_unit_is_not_ready(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    tab = logged_in_client.get(reverse("test_activity_control", args=[made.test_activity.pk])).content.decode()
    for text in (_text(logged_in_client), tab):
        assert "Skolverket har nekat 1 person." in text
        assert "<strong>Skolverket hittar inte elevens skolenhet.</strong>" in text
        assert "Nekad av Skolverket" in text
        assert "<dt>Skolverket skriver</dt><dd>Ogiltigt värde på &lt;enroledAt&gt;. (4005)</dd>" in text
        assert f"{reverse('sync_job', args=[made.jobs['persons'].pk])}?status=error#lista" in text
        assert "0 av 1" in text
        assert "<strong>Redo.</strong>" not in text
        assert "Alva" not in text


def test_whom_it_is_about_is_listed_and_leads_to_the_person(logged_in_client: Client, made: MadeTransfer) -> None:
    _text(logged_in_client)
    text = logged_in_client.get(reverse("control_cause", args=[_cause().pk])).content.decode()

    assert reverse("person", args=[made.refused.object_id]) in text
    assert "Alva Åström" in text
    assert "Ogiltigt värde på &lt;enroledAt&gt;." in text


def test_the_file_has_skolverkets_message_and_no_personnummer(logged_in_client: Client, made: MadeTransfer) -> None:
    message = made.refused.messages[0] | {"message": f"Ogiltigt värde på <enroledAt> för {CIVIC_NUMBER}."}
    ObjectResult.objects.filter(pk=made.refused.pk).update(messages=[message])
    _text(logged_in_client)

    rows = _rows_of_file(logged_in_client)
    (row,) = (row for row in rows if row[4] == "Alva Åström" and row[-1])
    assert rows[0][-1] == "Skolverkets meddelande"
    assert row[:2] == ["Skolans administratör", "Ja"]
    assert str(row[2]).startswith("Skolverket hittar inte elevens skolenhet. Uppgiften leder inte")
    assert str(row[-1]).startswith("Ogiltigt värde på <enroledAt> för 2014")
    assert CIVIC_NUMBER not in str(rows)


def test_a_protected_person_is_neutral(logged_in_client: Client, made: MadeTransfer) -> None:
    Person.objects.filter(pk=made.refused.object_id).update(security_marking="Sekretessmarkering")
    text = _text(logged_in_client)
    address = reverse("control_cause", args=[_cause().pk])

    shown = logged_in_client.get(address).content.decode()
    assert "Begränsade uppgifter" in shown
    # Where somebody asks for one school, the row itself would tell where that person is.
    of_unit = logged_in_client.get(address, {"skolenhet": UNIT}).content.decode()
    assert "Begränsade uppgifter" not in of_unit
    assert "Alva" not in text + shown + of_unit


def _cause() -> ControlCause:
    return ControlCause.objects.get(refused=True)


def _left_out(organisation: Organisation, school_unit_code: str) -> Import:
    """An import that left out row 17 of the pupils, of this school unit."""
    ObjectResult.objects.all().delete()
    sheet = {"rows": 9, "good": 8, "bad": 1, "new": 0, "changed": 0, "unchanged": 8, "ended": 0}
    of_units = {school_unit_code: 1} if school_unit_code else {}
    stored = Import.objects.create(
        organisation=organisation, source="skolverket_workbook", file_name="fil.xlsx", state="done_with_errors",
        counts={"pupils": sheet, "left_out": of_units}, finished_at=timezone.now(),
    )  # fmt: skip
    stored.problems.create(
        sheet="Elevinskrivningar", row=17, column="Förnamn", reason="Förnamn saknas men måste fyllas i.",
        school_unit_code=school_unit_code,
    )  # fmt: skip
    return stored


def test_rows_that_were_not_read_are_told_and_their_unit_is_not_ready(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    stored = _left_out(organisation, UNIT)
    tab = logged_in_client.get(reverse("test_activity_control", args=[made.test_activity.pk])).content.decode()
    for text in (_text(logged_in_client), tab):
        assert "1 rad i den senaste inläsningen kom inte in i registret." in text
        assert reverse("import", args=[stored.pk]) in text
        assert "<strong>Redo.</strong>" not in text
        assert "0 av 1" in text
        assert "vilken skolenhet som helst" not in text
    cause = ControlCause.objects.get(code="XL")
    shown = logged_in_client.get(reverse("control_cause", args=[cause.pk]), {"skolenhet": UNIT}).content.decode()
    assert f'href="{reverse("import", args=[stored.pk])}?slag=utelamnade">Elevinskrivningar rad 17</a>' in shown
    assert "Förnamn saknas men måste fyllas i" in shown
    (row,) = (row for row in _rows_of_file(logged_in_client) if row[4] == "Elevinskrivningar rad 17")
    assert row[:4] == [
        "Skolans administratör", "Ja", "Raden lästes inte in i registret.", "Rad (Förnamn saknas men måste fyllas i)"
    ]  # fmt: skip
    assert row[7] == UNIT


def test_rows_of_no_unit_are_said_beside_those_that_are_ready(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    _left_out(organisation, "")
    tab = logged_in_client.get(reverse("test_activity_control", args=[made.test_activity.pk])).content.decode()
    for text in (_text(logged_in_client), tab):
        assert "redo, men det finns rader som inte lästes in och som kan gälla vilken skolenhet som helst" in text
        assert "<strong>Redo.</strong>" not in text
