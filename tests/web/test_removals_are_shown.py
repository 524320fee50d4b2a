"""Sync jobs that remove stand beside those that send, wherever sync jobs are shown."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from tests.web.removals_made_by_hand import MadeRemoval, make_removal
from tests.web.transfers_made_by_hand import CIVIC_NUMBER


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeRemoval]:
    made = make_removal(organisation)
    with scope(organisation=organisation):
        yield made


def _page(client: Client, name: str, *ids: object, **query: str) -> str:
    answer = client.get(reverse(name, args=ids), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_historik_lists_them_after_the_four_steps(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _page(logged_in_client, "history")

    assert "Ta bort: aktiviteter" in text
    assert "2 av 3 borttagna, 1 fel" in text
    assert text.index(">Aktiviteter</a>") < text.index("Ta bort: aktiviteter") < text.index("Ta bort: användare")


@pytest.mark.parametrize(
    ("step", "shown"), [("ta_bort", {"activities", "persons"}), ("persons", set()), ("activities", set())]
)
def test_historik_is_filtered_by_them(logged_in_client: Client, made: MadeRemoval, step: str, shown: set[str]) -> None:
    text = _page(logged_in_client, "history", steg=step)

    assert {kind for kind, job in made.jobs.items() if reverse("sync_job", args=[job.pk]) in text} == shown


def test_a_provaktivitet_shows_its_four_steps_and_what_is_removed(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _page(logged_in_client, "test_activity", made.test_activity.pk)

    assert text.count("<li data-state=") == 6
    assert "4 oförändrade" in text
    assert "1 av 1 borttagna" in text
    assert "1 person kunde inte tas bort." in text


def test_its_page_says_what_was_taken_away_when_and_what_skolverket_answered(
    logged_in_client: Client, made: MadeRemoval
) -> None:
    text = _page(logged_in_client, "sync_job", made.jobs["persons"].pk)

    assert "Ta bort: användare" in text.split("</h1>")[0]
    assert "Att ta bort</dt><dd>3" in text
    assert "Hålls inne</dt>" not in text
    assert "Borttagen" in text
    opened = _page(logged_in_client, "sync_job_object", made.removed.pk)
    assert "Borttagen hos Skolverket 2026-03-22 18:13:19" in opened
    assert "Borttagen&quot;" in opened  # Skolverket's own word
    assert str(made.removed.object_id) in opened


def test_a_protected_person_is_neutral_there_too(logged_in_client: Client, made: MadeRemoval) -> None:
    assert "Öberg" not in _page(logged_in_client, "sync_job", made.jobs["persons"].pk)
    assert logged_in_client.get(reverse("sync_job_object", args=[made.protected.pk])).status_code == 404


def test_the_call_shows_the_ids_that_were_sent(logged_in_client: Client, made: MadeRemoval) -> None:
    text = _page(logged_in_client, "call", made.batch.pk)

    assert "/persons/bulk/delete" in text
    assert str(made.removed.object_id) in text
    assert "Visa personnummer" not in text


def test_excel_of_a_removal_and_of_historik(logged_in_client: Client, made: MadeRemoval) -> None:
    removal = logged_in_client.get(reverse("sync_job_export", args=[made.jobs["persons"].pk]))
    history = logged_in_client.get(reverse("history_export"))

    rows = [[str(cell.value) for cell in row] for row in _sheet(removal).iter_rows()]
    assert rows[2][:2] == ["Borttagen", "Alva Åström"]
    assert CIVIC_NUMBER not in str(rows)
    assert "ta%20bort%20anv" in removal.headers["Content-Disposition"]
    assert "Ta bort: aktiviteter" in [row[2].value for row in _sheet(history).iter_rows()]


def test_what_waits_for_review_is_no_transfer_under_way(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_removal(organisation, "needs_review")

    assert "hx-get" not in _page(logged_in_client, "history").split('class="transfers"')[1]
    assert "Ingenting skickas just nu" not in _page(logged_in_client, "overview")
    assert 'hx-trigger="every' not in _page(logged_in_client, "test_activity", made.test_activity.pk)


def _sheet(answer: object) -> Any:
    assert isinstance(answer, FileResponse)
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
