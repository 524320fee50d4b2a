"""Kontroll: the board, what is to be mended by whom, the files, and that it is made anew when something has changed."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.models import NationalTest, SchoolUnit
from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.preflight import refresh
from provsluss.register.models import Duty, DutyAssignment, Person
from provsluss.transfers.models import Control, ControlCause, TestActivity
from provsluss.transfers.test_activities import activities
from tests.transfers.prepared import prepare
from tests.transfers.small_school import civic_number, fetch_list_of_tests
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import TEST, UNIT, School, make_school

HTMX = {"HX-Request": "true"}
CIVIC_NUMBER = civic_number(0)


@pytest.fixture
def school(organisation: Organisation) -> Iterator[School]:
    school = make_school(organisation)
    environment, now = organisation.environment, timezone.now()
    SchoolUnit.objects.create(
        environment=environment, code=UNIT, skolverket_id=uuid.uuid4(), name="Norra skolan", fetched_at=now
    )
    fetch_list_of_tests(organisation, TEST)
    prepare(organisation)
    with scope(organisation=organisation):
        for number, person in enumerate(Person.objects.order_by("given_name")):  # Alva first
            born = 2014 if person.role == Person.Role.PUPIL else 1980
            Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number, born))
        yield school


@pytest.fixture
def test_activity(organisation: Organisation, school: School) -> TestActivity:
    return activities.create(organisation, name="", national_test=TEST, groups=[school.group])


def _spoil(school: School) -> None:
    """One pupil without an EPPN."""
    Person.objects.filter(pk=school.pupils[0].pk).update(eppn="")


def _rows(client: Client, **query: str) -> list[list[object]]:
    answer = client.get(reverse("control_export"), query)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    return [[cell.value for cell in row] for row in list(sheet.rows)[1:]]  # type: ignore[union-attr]


def test_without_a_provaktivitet_it_says_what_to_do(logged_in_client: Client, organisation: Organisation) -> None:
    text = text_of(logged_in_client, "control")
    assert "Ingen aktiv provaktivitet att kontrollera" in text


def test_a_school_that_is_ready_is_told_so(logged_in_client: Client, test_activity: TestActivity) -> None:
    for text in (
        text_of(logged_in_client, "control"),
        text_of(logged_in_client, "test_activity_control", test_activity.pk),
    ):
        assert "Inget måste åtgärdas före provet" in text
        assert "1 av 1\u00a0skolenhet redo" in text or "1 av 1" in text
        assert "Inget att åtgärda" in text


def test_without_skolverkets_list_of_tests_nothing_is_ready(
    logged_in_client: Client, test_activity: TestActivity
) -> None:
    NationalTest.objects.all().delete()
    text = text_of(logged_in_client, "control")
    assert "Redo.</strong>" not in text
    assert "Skolverkets lista över prov är inte hämtad" in text
    assert "men inte mot Skolverkets öppna data" in text
    assert "men det finns något att åtgärda som gäller alla" in text


def test_the_root_comes_with_what_it_solves(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    _spoil(school)
    for text in (
        text_of(logged_in_client, "control"),
        text_of(logged_in_client, "test_activity_control", test_activity.pk),
    ):
        assert "1\u00a0sak att åtgärda före provet" in text
        assert "Inloggningsnamn (EPPN) saknas." in text
        assert "1\u00a0elev · löser 2 följdfel" in text
        assert "IT-avdelningen" in text
        assert "1 att åtgärda" in text
        assert CIVIC_NUMBER not in text
        assert "Alva" not in text  # whom it is about is fetched when the row is opened


def test_nothing_is_said_to_be_held_back_where_nothing_is(
    logged_in_client: Client, organisation: Organisation, school: School, test_activity: TestActivity
) -> None:
    Duty.objects.filter(duty_role="Rektor").delete()

    text = text_of(logged_in_client, "control")
    assert "1\u00a0sak att åtgärda före provet" in text
    assert "Inget hålls inne" in text
    assert "hålls inne tills det är rättat" not in text

    _spoil(school)
    activities.set_state(test_activity, "active")  # the control is made anew
    assert "hålls inne tills det är rättat" in text_of(logged_in_client, "control")


def test_a_cause_opens_to_those_it_is_about(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    _spoil(school)
    text_of(logged_in_client, "control")
    cause = ControlCause.objects.get()
    address = reverse("control_cause", args=[cause.pk])
    fragment = logged_in_client.get(address, headers=HTMX).content.decode()
    for text in (fragment, logged_in_client.get(address).content.decode()):
        assert reverse("person", args=[school.pupils[0].pk]) in text
        assert reverse("group", args=[school.group.pk]) in text
        assert "Norra skolan" in text
        assert "Följdfel" in text
    assert "<html" not in fragment


def test_a_protected_person_is_a_neutral_row(
    logged_in_client: Client, user: User, school: School, test_activity: TestActivity
) -> None:
    protected = school.pupils[2]
    Person.objects.filter(pk=protected.pk).update(eppn="")
    text_of(logged_in_client, "control")
    address = reverse("control_cause", args=[ControlCause.objects.get().pk])
    text = logged_in_client.get(address).content.decode()
    assert "Begränsade uppgifter" in text
    assert "Iris" not in text
    assert str(protected.pk) not in text
    # Where somebody asks for one school, the row itself would tell where that person is.
    assert "Begränsade uppgifter" not in logged_in_client.get(address, {"skolenhet": UNIT}).content.decode()
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    assert "Iris" in logged_in_client.get(address).content.decode()
    # The file is passed on, so it names nobody, whoever saves it.
    names = [row[4] for row in _rows(logged_in_client)]
    assert "Begränsade uppgifter" in names
    assert not any("Iris" in str(name) for name in names)


def test_each_who_has_a_file_without_personnummer(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    _spoil(school)
    DutyAssignment.objects.all().delete()
    text_of(logged_in_client, "control")

    everything, it = _rows(logged_in_client), _rows(logged_in_client, vem="it")
    assert {row[0] for row in everything} == {"IT-avdelningen", "Den som sköter personalregistret"}
    assert [row[:8] for row in it if row[11] == "Nej"] == [
        ["IT-avdelningen", "Ja", "Inloggningsnamn (EPPN) saknas.", "Person (Elev)", "Alva Åström", "6A", "Norra skolan",
         UNIT],
    ]  # fmt: skip
    assert it[0][8] == "Matematik årskurs 6"
    flat = " ".join(str(value) for row in everything for value in row)
    assert CIVIC_NUMBER not in flat
    assert CIVIC_NUMBER[:8] not in flat
    assert _rows(logged_in_client, vem="finns inte", visa="maste") == [row for row in everything if row[1] == "Ja"]


def test_the_list_is_narrowed(logged_in_client: Client, school: School, test_activity: TestActivity) -> None:
    _spoil(school)
    DutyAssignment.objects.all().delete()
    assert "Gruppen har ingen lärare" in text_of(logged_in_client, "control", skolenhet=UNIT)
    assert "Inget stämmer med filtret" in text_of(logged_in_client, "control", skolenhet="99999999")
    assert "Gruppen har ingen lärare" in text_of(logged_in_client, "control", provaktivitet=str(test_activity.pk))
    assert "Gruppen har ingen lärare" in text_of(logged_in_client, "control", visa="maste")


@pytest.mark.parametrize("query", ["provaktivitet=x", "skolenhet=%00", "sida=9999", "visa=?", "sortera=-"])
def test_an_address_that_makes_no_sense_is_harmless(
    logged_in_client: Client, test_activity: TestActivity, query: str
) -> None:
    for name, args in (("control", []), ("test_activity_control", [test_activity.pk]), ("control_export", [])):
        assert logged_in_client.get(f"{reverse(name, args=args)}?{query}").status_code in (200, 302, 400)


def test_it_is_made_anew_when_something_has_changed(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    text_of(logged_in_client, "control")
    first = Control.objects.get()
    text_of(logged_in_client, "control")
    assert Control.objects.get() == first
    activities.set_state(test_activity, "paused")
    assert "Ingen aktiv provaktivitet" in text_of(logged_in_client, "control")
    assert Control.objects.get() != first
    assert "Bara aktiva provaktiviteter kontrolleras" in text_of(
        logged_in_client, "test_activity_control", test_activity.pk
    )


def test_it_is_made_anew_by_the_button(logged_in_client: Client, school: School, test_activity: TestActivity) -> None:
    address = reverse("test_activity_control", args=[test_activity.pk])
    text_of(logged_in_client, "control")
    _spoil(school)  # no import, so nobody knows
    assert "Inloggningsnamn (EPPN) saknas." not in text_of(logged_in_client, "control")
    answer = logged_in_client.post(reverse("control_renew"), {"tillbaka": address})
    assert answer.headers["Location"] == address
    assert "Inloggningsnamn (EPPN) saknas." in text_of(logged_in_client, "control")


@pytest.mark.parametrize("back", ["https://ond.example/", "//ond.example", "javascript:alert(1)", ""])
def test_the_way_back_leads_nowhere_else(logged_in_client: Client, test_activity: TestActivity, back: str) -> None:
    answer = logged_in_client.post(reverse("control_renew"), {"tillbaka": back})
    assert answer.headers["Location"] == reverse("control")


def test_a_large_organisation_waits_for_a_worker(
    logged_in_client: Client, test_activity: TestActivity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "AT_ONCE", 2)
    text = text_of(logged_in_client, "control")
    assert "Ingenting kontrolleras just nu" in text  # nobody is there to do it
    assert "hx-trigger" in text
    assert Control.objects.get().state == "queued"
    text_of(logged_in_client, "control")
    assert Control.objects.count() == 1


def test_the_day_of_the_test_is_counted_down(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    _spoil(school)
    form = {"gor": "spara", "grupp": [str(school.group.pk)], "namn": "", "personal": "larare"}
    address = reverse("test_activity_change", args=[test_activity.pk])
    assert "Skriv provdagen som år, månad och dag" in logged_in_client.post(
        address, form | {"provdag": "den 3 maj"}
    ).content.decode()  # fmt: skip
    day = timezone.localdate() + timedelta(days=12)
    assert logged_in_client.post(address, form | {"provdag": day.isoformat()}).status_code == 302
    assert f'value="{day.isoformat()}"' in logged_in_client.get(address).content.decode()
    for text in (
        text_of(logged_in_client, "control"),
        text_of(logged_in_client, "test_activity_control", test_activity.pk),
        text_of(logged_in_client, "overview"),
    ):
        assert "om 12 dagar" in text.lower()
    assert "1 sak att åtgärda före provet" in text_of(logged_in_client, "overview")


def test_the_page_of_a_group_says_what_is_missing(
    logged_in_client: Client, school: School, test_activity: TestActivity
) -> None:
    DutyAssignment.objects.all().delete()
    assert "Gruppen har ingen lärare" in text_of(logged_in_client, "group", school.group.pk)


def test_protection_is_confirmed_and_taken_back(
    logged_in_client: Client, organisation: Organisation, school: School, test_activity: TestActivity
) -> None:
    reminder = "Personer med skyddade personuppgifter skickas inte än. Det är inte bekräftat: "
    assert reminder not in text_of(logged_in_client, "control")
    for ticked, missing in (
        ([], "fullmakt för skyddade personuppgifter, e-postadress"),
        (["fullmakt", "metod"], "e-postadress dit Skolverket kan höra av sig."),
        (["fullmakt", "epost", "metod"], ""),
    ):
        logged_in_client.post(reverse("protection_confirmed"), {"bekraftat": ticked})
        text = text_of(logged_in_client, "control")
        assert (reminder in text) is bool(missing)
        assert f"{reminder}{missing}" in text or not missing
        assert ("hålls inne tills det är rättat" in text) is bool(missing)
