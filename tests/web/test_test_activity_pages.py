"""Provaktiviteter: the list, the form, one of them, sending it."""

import io
import uuid

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.transfers.models import TestActivity, Transfer
from provsluss.transfers.test_activities import activities
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import (
    TEST,
    MadeTransfer,
    School,
    make_running,
    make_school,
    make_transfer,
    make_worker,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def school(scoped: Organisation) -> School:
    return make_school(scoped)


@pytest.fixture
def test_activity(organisation: Organisation, school: School) -> TestActivity:
    return activities.create(organisation, name="", national_test=TEST, groups=[school.group])


@pytest.fixture
def made(organisation: Organisation, school: School) -> MadeTransfer:
    return make_transfer(organisation, school)


def test_an_empty_list_says_what_to_do(logged_in_client: Client, organisation: Organisation) -> None:
    text = text_of(logged_in_client, "test_activities")

    assert "Inga provaktiviteter än" in text
    assert reverse("test_activity_create") in text


def test_the_list_tells_of_sizes_and_of_the_last_transfer(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "test_activities")

    assert "Matematik årskurs 6" in text
    assert "nationellt prov" in text
    assert "Klar med fel" in text


def test_archived_ones_are_shown_when_asked_for(logged_in_client: Client, test_activity: TestActivity) -> None:
    activities.set_state(test_activity, "archived")
    Group.objects.update(national_test="")  # a group that the register names a test for is told of above the list
    link = reverse("test_activity", args=[test_activity.pk])

    assert link not in text_of(logged_in_client, "test_activities")
    assert link in text_of(logged_in_client, "test_activities", lage="archived")
    assert link in text_of(logged_in_client, "test_activities", lage="alla")


def test_the_list_is_saved_as_excel(logged_in_client: Client, made: MadeTransfer) -> None:
    answer = logged_in_client.get(reverse("test_activities_export"))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    values = [cell.value for cell in list(sheet.rows)[1]]
    assert values[:8] == ["Matematik årskurs 6", TEST, "nationellt prov", "Aktiv", 1, 1, 3, "Klar med fel"]


def test_one_is_created_by_hand(logged_in_client: Client, school: School) -> None:
    answer = logged_in_client.post(
        reverse("test_activity_create"),
        {"gor": "spara", "prov": TEST, "grupp": [str(school.klass.pk)], "personal": "alla", "namn": "Vårens matteprov"},
    )

    made = TestActivity.objects.get()
    assert answer.headers["Location"] == reverse("test_activity_groups", args=[made.pk])
    assert (made.name, made.national_test, made.all_staff) == ("Vårens matteprov", TEST, True)
    assert list(made.groups.all()) == [school.klass]


def test_what_is_missing_in_the_form_is_said_and_nothing_is_lost(logged_in_client: Client, school: School) -> None:
    address = reverse("test_activity_create")

    text = logged_in_client.post(address, {"gor": "spara", "namn": "Mitt prov", "prov": "FINNSINTE"}).content.decode()

    assert "Välj vilket prov" in text
    assert "Välj minst en grupp" in text
    assert 'value="Mitt prov"' in text
    assert not TestActivity.objects.exists()


def test_the_search_keeps_what_was_chosen(logged_in_client: Client, school: School) -> None:
    answer = logged_in_client.post(
        reverse("test_activity_create"),
        {
            "gor": "filtrera",
            "prov": TEST,
            "provsok": "engelska 6",
            "grupp": str(school.group.pk),
            "gruppsok": "finns inte",
        },
    )

    text = answer.content.decode()
    assert f'value="{TEST}" checked' in text
    assert "GRGRENG01_6" in text
    assert "GRGRENG01_9" not in text
    assert f'<input type="hidden" name="grupp" value="{school.group.pk}">' in text
    assert not TestActivity.objects.exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"klass", "group"}),
        ({"grupptyp": "Klass"}, {"klass"}),
        ({"gruppsok": "matematik"}, {"group"}),
        ({"arskurs": "6"}, {"klass", "group"}),
        ({"arskurs": "9"}, set()),
        ({"skolform": "GY"}, set()),
        ({"skolenhet": "00000000"}, set()),
    ],
)
def test_groups_are_filtered(logged_in_client: Client, school: School, query: dict[str, str], shown: set[str]) -> None:
    text = logged_in_client.post(reverse("test_activity_create"), {"gor": "filtrera", **query}).content.decode()

    groups = {"klass": school.klass, "group": school.group}
    assert {name for name, group in groups.items() if f'name="grupp" value="{group.pk}"' in text} == shown


def test_all_that_are_shown_can_be_chosen(logged_in_client: Client, school: School) -> None:
    text = logged_in_client.post(reverse("test_activity_create"), {"gor": "valj_alla"}).content.decode()
    assert text.count('name="grupp"') == text.count(" checked> <span>") - 1 == 2  # one more is the choice of staff

    text = logged_in_client.post(
        reverse("test_activity_create"), {"gor": "valj_inga", "grupp": str(school.group.pk)}
    ).content.decode()
    assert text.count(" checked> <span>") == 1


def test_one_is_changed(logged_in_client: Client, school: School, test_activity: TestActivity) -> None:
    address = reverse("test_activity_change", args=[test_activity.pk])
    assert f'value="{school.group.pk}" checked' in text_of(logged_in_client, "test_activity_change", test_activity.pk)

    logged_in_client.post(address, {"gor": "spara", "namn": "Nytt namn", "grupp": str(school.klass.pk)})

    test_activity.refresh_from_db()
    assert test_activity.name == "Nytt namn"
    assert list(test_activity.groups.all()) == [school.klass]


@pytest.mark.parametrize("state", ["paused", "archived", "active"])
def test_state_is_changed(logged_in_client: Client, test_activity: TestActivity, state: str) -> None:
    address = reverse("test_activity_state", args=[test_activity.pk])
    assert logged_in_client.get(address).status_code == 405

    logged_in_client.post(address, {"lage": state})

    test_activity.refresh_from_db()
    assert test_activity.state == state
    assert logged_in_client.post(address, {"lage": "slut"}).status_code == 400


def test_the_groups_tell_what_is_missing(logged_in_client: Client, school: School, test_activity: TestActivity) -> None:
    assert "har inte kontrollerats mot Skolverket" in text_of(
        logged_in_client, "test_activity_groups", test_activity.pk, visa="brister"
    )
    activities.change(test_activity, name="", groups=[school.klass], all_staff=False)
    assert "Ingen lärare i gruppen." in text_of(logged_in_client, "test_activity_groups", test_activity.pk)


def test_the_last_transfer_is_shown_step_by_step(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "test_activity", made.test_activity.pk)

    assert "Allt kom inte fram." in text
    assert "4 av 5 mottagna, 1 fel" in text
    assert "hx-trigger" not in text
    assert "Överföring" in text_of(logged_in_client, "test_activity_history", made.test_activity.pk)


def test_running_steps_move_by_themselves_and_stop(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        pk = job.transfer.test_activities.get().pk
        address = reverse("test_activity_steps", args=[pk])
    text = text_of(logged_in_client, "test_activity", pk)
    assert f'hx-get="{address}?sett=' in text
    assert "312 av 400 besvarade" in text
    assert "Avbryt" in text

    with scope(organisation=organisation):
        Transfer.objects.update(state="cancelled", message="Överföringen avbröts.")
    text = logged_in_client.get(address, headers=HTMX).content.decode()

    assert "hx-trigger" not in text
    assert "Återuppta" in text
    assert 'id="steg-sagt"' in text


def test_the_button_starts_a_transfer(logged_in_client: Client, test_activity: TestActivity) -> None:
    make_worker()
    answer = logged_in_client.post(reverse("test_activity_send", args=[test_activity.pk]), follow=True)

    transfer = Transfer.objects.get()
    assert list(transfer.test_activities.all()) == [test_activity]
    assert transfer.created_by is not None
    text = answer.content.decode()
    assert "Överföringen börjar när ingen annan pågår." in text

    text = logged_in_client.post(reverse("test_activity_send", args=[test_activity.pk]), follow=True).content.decode()
    assert "är inte klar än, så ingen ny startades" in text
    assert Transfer.objects.count() == 1


def test_all_active_ones_are_sent_in_one_transfer(
    logged_in_client: Client, test_activity: TestActivity, organisation: Organisation
) -> None:
    address = reverse("test_activities_send")
    text = logged_in_client.get(address).content.decode()
    assert test_activity.name in text
    assert "Ja, skicka alla" in text
    assert not Transfer.objects.exists()

    logged_in_client.post(address)

    assert list(Transfer.objects.get().test_activities.all()) == [test_activity]


def test_a_paused_one_is_not_sent(logged_in_client: Client, test_activity: TestActivity) -> None:
    activities.set_state(test_activity, "paused")

    answer = logged_in_client.post(reverse("test_activity_send", args=[test_activity.pk]), follow=True)

    text = answer.content.decode()
    assert "är pausad eller arkiverad" in text
    assert "Tryck sedan på" not in text
    assert not Transfer.objects.exists()


def test_in_produktion_the_user_is_asked_first(
    logged_in_client: Client, test_activity: TestActivity, organisation: Organisation
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment="produktion")
    address = reverse("test_activity_send", args=[test_activity.pk])

    text = logged_in_client.post(address).content.decode()

    assert "3\u00a0elever i 1\u00a0grupp" in text
    assert "Ja, skicka" in text
    assert "gäller på riktigt" in text
    assert not Transfer.objects.exists()
    logged_in_client.post(address, {"bekraftat": "ja"})
    assert Transfer.objects.get().environment == "produktion"


def test_cancel_and_resume(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        test_activity = job.transfer.test_activities.get()
    back = {"provaktivitet": str(test_activity.pk)}

    answer = logged_in_client.post(reverse("transfer_cancel", args=[job.transfer_id]), back)
    assert answer.headers["Location"] == reverse("test_activity", args=[test_activity.pk])
    with scope(organisation=organisation):
        assert Transfer.objects.get().state == "cancelled"

    answer = logged_in_client.post(reverse("transfer_resume", args=[job.transfer_id]))
    assert answer.headers["Location"] == reverse("history")
    with scope(organisation=organisation):
        assert Transfer.objects.get().state == "queued"
    text = logged_in_client.post(reverse("transfer_resume", args=[job.transfer_id]), back, follow=True).content.decode()
    assert "Bara en avbruten överföring kan återupptas" in text


def test_an_unknown_one_is_not_found(logged_in_client: Client, organisation: Organisation) -> None:
    assert logged_in_client.get(reverse("test_activity", args=[uuid.uuid4()])).status_code == 404
