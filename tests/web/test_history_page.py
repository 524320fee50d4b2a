"""Historik: all transfers, newest first, filtered, refreshed and saved."""

import io

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from provsluss.organisations.models import Organisation
from provsluss.register.models import Reveal
from provsluss.transfers.models import SyncJob, Transfer
from tests.web.transfers_made_by_hand import (
    CIVIC_NUMBER,
    MadeTransfer,
    make_running,
    make_school,
    make_transfer,
    make_worker,
)


def _text(client: Client, **query: str) -> str:
    return client.get(reverse("history"), query).content.decode()


def _sheet(answer: object) -> list[list[object]]:
    assert isinstance(answer, FileResponse)
    workbook = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    return [[cell.value for cell in row] for row in workbook.active.iter_rows()]


def test_before_anything_has_been_sent_it_says_what_comes(logged_in_client: Client, organisation: Organisation) -> None:
    assert "Historiken är tom" in _text(logged_in_client)


def test_a_transfer_shows_its_four_steps(logged_in_client: Client, made: MadeTransfer) -> None:
    text = _text(logged_in_client)

    for kind, words in [
        ("persons", "4 av 5 mottagna, 1 fel, 1 varning, 1 hålls inne"),
        ("duties", "1 av 1 mottagna, 1 oförändrad"),
        ("groups", "2 av 2 mottagna, 1 varning"),
        ("activities", "1 hålls inne"),
    ]:
        assert reverse("sync_job", args=[made.jobs[kind].pk]) in text
        assert words in text
    assert "Allt kom inte fram." in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"status": "done"}, {"duties"}),
        ({"status": "done_with_errors"}, {"persons", "activities"}),
        ({"status": "pagar"}, set()),
        ({"steg": "groups"}, {"groups"}),
        ({"steg": "groups", "status": "done"}, set()),
        ({"fran": "2026-03-22", "till": "2026-03-22"}, {"persons", "duties", "groups", "activities"}),
        ({"fran": "2026-03-23"}, set()),
        ({"till": "2026-03-21"}, set()),
        ({"fran": "inte ett datum"}, {"persons", "duties", "groups", "activities"}),
        ({"provaktivitet": "00000000-0000-4000-8000-000000000000"}, set()),
        ({"provaktivitet": "struntprat"}, set()),
    ],
)
def test_filters(logged_in_client: Client, made: MadeTransfer, query: dict[str, str], shown: set[str]) -> None:
    text = _text(logged_in_client, **query)

    assert {kind for kind, job in made.jobs.items() if reverse("sync_job", args=[job.pk]) in text} == shown
    assert ("Inget stämmer med filtret" in text) == (not shown)


def test_another_environment_is_another_history(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment="verifieringstest")

    assert "Historiken är tom" in _text(logged_in_client)


def test_running_transfers_ask_again_and_ended_ones_do_not(
    logged_in_client: Client, organisation: Organisation
) -> None:
    job = make_running(organisation)
    address = reverse("history_transfer", args=[job.transfer_id])
    assert f'hx-get="{address}"' in _text(logged_in_client)

    with scope(organisation=organisation):
        Transfer.objects.update(state="done")

    assert "hx-get" not in logged_in_client.get(address).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_transfers(
    logged_in_client: Client, made: MadeTransfer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(25):
        make_transfer(made.school.organisation, made.school)

    with django_assert_max_num_queries(14):
        text = _text(logged_in_client)
    assert text.count("<article") == 20
    assert "Visar 1–20 av 26 överföringar" in text


def test_the_list_is_saved_as_excel(logged_in_client: Client, made: MadeTransfer) -> None:
    rows = _sheet(logged_in_client.get(reverse("history_export"), {"status": "done_with_errors"}))

    assert rows[0][:4] == ["Överföring", "Provaktiviteter", "Steg", "Status"]
    assert [row[2] for row in rows[1:]] == ["Användare", "Aktiviteter"]


def test_objects_are_saved_without_personnummer(logged_in_client: Client, made: MadeTransfer) -> None:
    rows = _sheet(logged_in_client.get(reverse("sync_job_export", args=[made.jobs["persons"].pk])))

    assert "Personnummer" not in rows[0]
    assert CIVIC_NUMBER not in str(rows)
    assert "Iris" not in str(rows)
    assert [row[1] for row in rows].count("Begränsade uppgifter") == 1
    alva = next(row for row in rows if row[1] == "Alva Åström")
    assert "4005" in alva
    place = rows[0].index("Vad")
    assert rows[0][place : place + 4] == ["Vad", "Åtgärdas av", "Var", "Så här"]
    assert all(alva[place : place + 4])
    nils = next(row for row in rows if row[1] == "Nils Ek")
    assert nils[place] == "Personen saknar EPPN."
    assert not Reveal.objects.exists()


def test_objects_are_saved_with_personnummer_when_it_is_chosen_and_logged(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    address = reverse("sync_job_export", args=[made.jobs["persons"].pk])
    assert "Personnummer" not in _sheet(logged_in_client.get(address, {"personnummer": "ja"}))[0]

    rows = _sheet(logged_in_client.post(f"{address}?status=error", {"personnummer": "ja"}))

    assert rows[1][3] == CIVIC_NUMBER
    assert [reveal.person_id for reveal in Reveal.objects.all()] == [made.refused.object_id]


def test_an_unprepared_job_can_be_shown(logged_in_client: Client, organisation: Organisation) -> None:
    make_worker()
    make_school(organisation)
    with scope(organisation=organisation):
        transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment)
        job = SyncJob.objects.create(organisation=organisation, transfer=transfer, kind="groups", position=2)

    assert "Inte börjat" in _text(logged_in_client)
    text = logged_in_client.get(reverse("sync_job", args=[job.pk])).content.decode()
    assert "Väntar på sin tur." in text
