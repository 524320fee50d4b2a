"""The lists that are not long are saved as Excel all the same, with what the page shows."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.models import NationalTest
from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Import, ImportChange
from provsluss.transfers.models import UnknownCode
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, UNIT, make_school, make_transfer


def _rows(client: Client, name: str, *arguments: object, query: str = "") -> list[list[object]]:
    answer = client.get(reverse(name, args=arguments) + query)
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[call-overload]
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def preview(organisation: Organisation, user: User) -> Import:
    with scope(organisation=organisation):
        run = Import.objects.create(
            organisation=organisation,
            source="skolverket_workbook",
            file_name="skola.xlsx",
            state="preview",
            created_by=user,
        )
        ImportChange.objects.create(
            import_run=run, sheet="Klasser", row=3, what="changed", label="6A",
            attributes=[["namn", "6a", "6A"], ["skolform", "SP", "GR"]],
        )  # fmt: skip
        ImportChange.objects.create(import_run=run, sheet="Klasser", row=4, what="new", label="6B")
    return run


def test_imports(logged_in_client: Client, preview: Import) -> None:
    header, row = _rows(logged_in_client, "imports_export")

    assert header == ["När", "Fil", "Läge", "Av", "Kommentar"]
    assert row[1:4] == ["skola.xlsx", "Väntar på ditt beslut", "astrid"]


def test_what_an_import_changes(logged_in_client: Client, preview: Import) -> None:
    rows = _rows(logged_in_client, "import_changes_export", preview.pk)[1:]

    assert rows == [
        ["Ändras", "6A", "namn", "6a", "6A", "Klasser", 3],
        ["Ändras", "6A", "skolform", "SP", "GR", "Klasser", 3],
        ["Ny", "6B", None, None, None, "Klasser", 4],
    ]
    assert [row[1] for row in _rows(logged_in_client, "import_changes_export", preview.pk, query="?vad=new")[1:]] == [
        "6B"
    ]


def test_an_import_that_has_ended_has_no_changes(logged_in_client: Client, preview: Import) -> None:
    Import._base_manager.update(state="done")

    assert len(_rows(logged_in_client, "import_changes_export", preview.pk)) == 1


def test_calls_without_what_they_held(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)

    rows = _rows(logged_in_client, "calls_export", made.jobs["persons"].pk)

    assert rows[1][:3] == [1, "Besvarat", 5]
    assert CIVIC_NUMBER not in str(rows)


def test_school_units(logged_in_client: Client, organisation: Organisation) -> None:
    make_school(organisation)

    rows = _rows(logged_in_client, "catalogue_export")

    assert [row[1] for row in rows[1:]] == [UNIT]
    assert rows[1][4] == 2


def test_national_tests(logged_in_client: Client) -> None:
    NationalTest.objects.create(
        environment="simulator", name="GRGRMAT01_6", skolverket_id="505c5ee0-7be4-560d-9c27-10ab0d96ac9a",
        school_type="GR", school_year=6, fetched_at=timezone.now(),
    )  # fmt: skip

    rows = _rows(logged_in_client, "national_tests_export")

    assert rows[1][0] == "Matematik årskurs 6"
    assert rows[1][1] == "GRGRMAT01_6"
    assert rows[1][3:] == ["Grundskola", 6, "Bekräftat"]


def test_answer_codes(logged_in_client: Client, organisation: Organisation) -> None:
    now = timezone.now()
    for environment in ("simulator", "produktion"):
        UnknownCode._base_manager.create(
            organisation=organisation, environment=environment, code="3999", kind="persons", count=7,
            message=environment, first_seen_at=now, last_seen_at=now,
        )  # fmt: skip

    rows = _rows(logged_in_client, "unknown_codes_export")

    assert [row[0] for row in rows] == ["Kod", "3999"]
    assert rows[1][3:5] == [7, "simulator"]


def test_users(logged_in_client: Client, organisation: Organisation) -> None:
    User.objects.create_user("främling", password="x")

    rows = _rows(logged_in_client, "users_export")

    assert [row[0] for row in rows] == ["Användarnamn", "astrid"]
    assert rows[1][3:5] == ["Nej", "Nej"]


@pytest.mark.parametrize("page", ["imports", "catalogue", "national_tests", "unknown_codes", "users"])
def test_the_page_has_the_button(
    logged_in_client: Client, organisation: Organisation, preview: Import, page: str
) -> None:
    make_school(organisation)
    now = timezone.now()
    UnknownCode._base_manager.create(
        organisation=organisation, environment="simulator", code="1", kind="persons", first_seen_at=now,
        last_seen_at=now,
    )  # fmt: skip

    assert reverse(f"{page}_export") in logged_in_client.get(reverse(page)).content.decode()
