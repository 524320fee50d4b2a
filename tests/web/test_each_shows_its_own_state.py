"""Several provaktiviteter share a transfer with errors: each shows how it went for itself, and tells of the rest."""

import io
from dataclasses import dataclass

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Outcome, SyncJob, TestActivity, Transfer
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import BEGAN, MadeTransfer, make_transfer

BIOLOGY = "Biologi åk 9"


@dataclass
class Shared:
    """A transfer with errors of two, of which only the first has any."""

    made: MadeTransfer
    biology: TestActivity

    def outcome(self, test_activity: TestActivity, state: str, **counts: int) -> None:
        Outcome.objects.update_or_create(
            transfer=self.made.transfer,
            test_activity=test_activity,
            defaults={"organisation": self.made.school.organisation, "state": state} | counts,
        )


@pytest.fixture
def shared(organisation: Organisation) -> Shared:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        biology = activities.create(organisation, name=BIOLOGY, national_test="GRGRBIO01_9", groups=[made.school.klass])
        made.transfer.test_activities.add(biology)
        shared = Shared(made, biology)
        shared.outcome(made.test_activity, "done_with_errors", error=1, withheld=2, warning=2)
        shared.outcome(biology, "done")
    return shared


def _text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def _row(text: str, shared: Shared, test_activity: TestActivity) -> str:
    """What stands in the row of the list that leads to it."""
    link = reverse("test_activity", args=[test_activity.pk])
    return next(row for row in text.split("<tr>") if f'href="{link}"' in row)


@pytest.mark.parametrize("page", ["test_activities", "overview"])
def test_a_list_shows_the_state_of_each(logged_in_client: Client, shared: Shared, page: str) -> None:
    text = _text(logged_in_client, page)

    assert "Klar med fel" in _row(text, shared, shared.made.test_activity)
    assert "Klar med fel" not in _row(text, shared, shared.biology)
    assert "Klar" in _row(text, shared, shared.biology)


def test_excel_says_the_same(logged_in_client: Client, shared: Shared) -> None:
    answer = logged_in_client.get(reverse("test_activities_export"))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    states = {row[0].value: row[7].value for row in list(sheet.rows)[1:]}
    assert states == {BIOLOGY: "Klar", shared.made.test_activity.name: "Klar med fel"}


def test_its_page_says_that_all_is_well_and_that_the_transfer_was_not(logged_in_client: Client, shared: Shared) -> None:
    text = _text(logged_in_client, "test_activity", shared.biology.pk)

    assert "Allt i den här provaktiviteten är mottaget av Skolverket." in text
    assert "Överföringen hade fel, men inget som hör till den här provaktiviteten." in text
    assert "Allt kom inte fram" not in text
    assert "Visa vad som ska rättas" not in text


def test_its_page_counts_its_own(logged_in_client: Client, shared: Shared) -> None:
    with scope(organisation=shared.biology.organisation):
        shared.outcome(shared.biology, "done_with_errors", withheld=1)

    text = _text(logged_in_client, "test_activity", shared.biology.pk)

    assert "Allt kom inte fram i den här provaktiviteten.</strong> 1 uppgift hålls inne tills vidare." in text
    assert "Stegen nedan gäller hela överföringen" in text
    assert f"{reverse('sync_job', args=[shared.made.jobs['persons'].pk])}?status=withheld#lista" in text


def test_its_page_tells_of_warnings(logged_in_client: Client, shared: Shared) -> None:
    with scope(organisation=shared.biology.organisation):
        shared.outcome(shared.biology, "done_with_warnings", warning=1)

    text = _text(logged_in_client, "test_activity", shared.biology.pk)

    assert "Allt i den här provaktiviteten togs emot, men det finns varningar." in text
    assert "1 uppgift har en varning som du bör titta på." in text
    assert "Överföringen hade fel, men inget som hör till den här provaktiviteten." in text


def test_where_all_errors_are_its_own_the_transfer_speaks_for_it(logged_in_client: Client, shared: Shared) -> None:
    text = _text(logged_in_client, "test_activity", shared.made.test_activity.pk)

    assert (
        "Allt kom inte fram.</strong> 1 person nekades av Skolverket. 1 person och 1 aktivitet hålls inne tills vidare."
        in text
    )
    assert "Visa vad som ska rättas" in text


def test_one_that_ended_before_outcomes_shows_the_transfers_state(logged_in_client: Client, shared: Shared) -> None:
    with scope(organisation=shared.biology.organisation):
        Outcome.objects.all().delete()

    assert "Klar med fel" in _row(_text(logged_in_client, "test_activities"), shared, shared.biology)
    assert "Allt kom inte fram." in _text(logged_in_client, "test_activity", shared.biology.pk)


def test_history_shows_the_transfer_as_it_is(logged_in_client: Client, shared: Shared) -> None:
    assert "Klar med fel" in _text(logged_in_client, "test_activity_history", shared.biology.pk)


def test_the_overview_names_those_that_have_errors(logged_in_client: Client, shared: Shared) -> None:
    text = _text(logged_in_client, "overview")

    assert f"Allt kom inte fram i den senaste överföringen av {shared.made.test_activity.name}<" in text


def _sent_since(shared: Shared, test_activity: TestActivity) -> None:
    organisation = shared.made.school.organisation
    with scope(organisation=organisation):
        later = Transfer.objects.create(
            organisation=organisation, environment=organisation.environment, state="done", started_at=BEGAN
        )
        later.test_activities.add(test_activity)


def test_once_those_with_errors_are_sent_again_the_overview_is_content(
    logged_in_client: Client, shared: Shared
) -> None:
    _sent_since(shared, shared.made.test_activity)

    assert "Allt kom inte fram" not in _text(logged_in_client, "overview")


def test_what_could_not_be_removed_is_still_told_of(logged_in_client: Client, shared: Shared) -> None:
    organisation = shared.made.school.organisation
    with scope(organisation=organisation):
        SyncJob.objects.create(
            organisation=organisation, transfer=shared.made.transfer, kind="persons", action="remove", position=7,
            state="done_with_errors", wanted=1, error=1, started_at=BEGAN, finished_at=BEGAN,
        )  # fmt: skip
    _sent_since(shared, shared.made.test_activity)

    assert "1 person kunde inte tas bort" in _text(logged_in_client, "overview")
    page = _text(logged_in_client, "test_activity", shared.biology.pk)
    assert "Allt gick inte att ta bort hos Skolverket." in page
