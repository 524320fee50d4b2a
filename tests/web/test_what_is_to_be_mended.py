"""One definition of what is to be mended, from the banner over the tab to the filter; and what a row shows first."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob, Transfer
from provsluss.wording.transfer import transfer_notice
from tests.web.transfers_made_by_hand import MadeTransfer, make_running


@pytest.mark.parametrize(("kind", "to_mend"), [("persons", 2), ("duties", 0), ("groups", 0), ("activities", 1)])
def test_tab_and_filter_count_the_same(logged_in_client: Client, made: MadeTransfer, kind: str, to_mend: int) -> None:
    job = made.jobs[kind]
    text = logged_in_client.get(reverse("sync_job", args=[job.pk])).content.decode()

    tab = re.search(rf'href="{reverse("sync_job", args=[job.pk])}" aria-current="page">\w+( <span[^>]*>(\d+)<)?', text)
    choice = re.search(r"Att åtgärda \((\d+)\)", text)
    assert tab is not None
    assert (tab[2] or "0", choice[1] if choice else "0") == (str(to_mend), str(to_mend))
    found = logged_in_client.get(reverse("sync_job", args=[job.pk]), {"status": "att_atgarda"})
    assert len(found.context["rows"]) == to_mend


def test_the_banner_names_the_kinds_and_leads_to_the_errors(logged_in_client: Client, made: MadeTransfer) -> None:
    text = logged_in_client.get(reverse("test_activity", args=[made.test_activity.pk])).content.decode()

    assert "1 person nekades av Skolverket. 1 person och 1 aktivitet hålls inne" in text
    assert f"{reverse('sync_job', args=[made.jobs['persons'].pk])}?status=error#lista" in text


def test_the_banner_leads_to_what_is_withheld_when_nothing_was_refused(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    SyncJob.objects.filter(kind="persons").update(error=0, withheld=0)

    text = logged_in_client.get(reverse("test_activity", args=[made.test_activity.pk])).content.decode()

    assert f"{reverse('sync_job', args=[made.jobs['activities'].pk])}?status=withheld#lista" in text


def test_several_kinds_are_listed() -> None:
    jobs = [SyncJob(kind=kind, error=number) for kind, number in (("persons", 3), ("groups", 1), ("activities", 2))]

    said = transfer_notice(Transfer(state="done_with_errors"), jobs).text

    assert said.startswith("3 personer, 1 grupp och 2 aktiviteter nekades av Skolverket")


def test_technical_information_is_closed_in_the_list_and_open_on_its_page(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    address = reverse("sync_job_object", args=[made.refused.pk])

    in_list = logged_in_client.get(address, headers={"HX-Request": "true"}).content.decode()
    on_page = logged_in_client.get(address).content.decode()

    details = r'<details class="ds-details"[^>]*>\s*<summary>Teknisk information: skickat och svar'
    closed, opened = re.search(details, in_list), re.search(details, on_page)
    assert closed and " open>" not in closed[0]
    assert opened and " open>" in opened[0]


def test_cancelling_asks_first(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        test_activity = job.transfer.test_activities.get()

    text = logged_in_client.get(reverse("test_activity", args=[test_activity.pk])).content.decode()

    assert 'type="button" data-confirm="avbryt-overforing"' in text
    dialog = text[text.index('<dialog class="dialog" id="avbryt-overforing"') :]
    assert reverse("transfer_cancel", args=[job.transfer_id]) in dialog
    assert reverse("transfer_cancel", args=[job.transfer_id]) not in text[: text.index("<dialog")]


def test_groups_lead_to_the_register_and_numbers_stand_right(logged_in_client: Client, made: MadeTransfer) -> None:
    text = logged_in_client.get(reverse("test_activity_groups", args=[made.test_activity.pk])).content.decode()

    assert f'href="{reverse("group", args=[made.school.group.pk])}"' in text
    assert text.count('<th scope="col" class="number"') == 2
