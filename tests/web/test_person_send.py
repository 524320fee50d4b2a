"""Skicka nu on a person's card, and Fråga Skolverket: real calls to a simulator."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from provsluss.connection import clients
from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Group, Person, Reveal
from provsluss.transfers.models import Accepted, Purpose, SyncJob, TestActivity, Transfer, TransferState
from provsluss.transfers.pipeline import advance
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_group, make_school
from tests.web.transfers_made_by_hand import make_worker

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pupil(organisation: Organisation, start_simulator: Callable[..., str], settings: Any) -> Iterator[Person]:
    """A pupil of a small school that takes a test; its organisation uses a simulator of its own."""
    settings.SIMULATOR_URL = start_simulator("--delay", "0.1", "--provision-delay", "0")
    with scope(organisation=organisation):
        make_school(organisation)
        yield Person.objects.get(source_id="0", role="pupil")
    clients._client.cache_clear()
    advance.selection_of.cache_clear()


def _send(client: Client, pupil: Person, **form: str) -> str:
    """The button, with an answer to whether tests that have not been sent go too."""
    form = {"prov": "med"} | form
    return client.post(reverse("person_send", args=[pupil.pk]), form, follow=True).content.decode()


def _card(client: Client, pupil: Person) -> str:
    return client.get(reverse("person", args=[pupil.pk])).content.decode()


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_starts_and_the_steps_are_shown(logged_in_client: Client, user: User, pupil: Person) -> None:
    make_worker()
    page = _send(logged_in_client, pupil)

    transfer = Transfer.objects.get()
    assert (transfer.purpose, transfer.person_id, transfer.created_by) == (Purpose.ONE_PERSON, pupil.pk, user)
    assert 'hx-trigger="every 500ms"' in page
    for step in ("Användare", "Tjänstgöringar", "Grupper", "Aktiviteter"):
        assert step in page.split('class="track"')[1]
    assert "På väg …" in page
    assert "En överföring av personen är inte klar än." in page


def test_the_steps_move_and_the_card_is_fetched_anew_at_the_end(logged_in_client: Client, pupil: Person) -> None:
    make_worker()
    page = _send(logged_in_client, pupil)
    (address,) = re.findall(r'hx-get="([^"]+)"', page)
    assert logged_in_client.get(address, headers=HTMX).status_code == 204

    run(Transfer.objects.get())

    ended = logged_in_client.get(address, headers=HTMX)
    assert ended.headers["HX-Refresh"] == "true"
    words = _words(_card(logged_in_client, pupil))
    assert "Personen kom fram." in words
    assert "Andra i samma grupper finns inte hos Skolverket än;" in words
    assert "Användare Mottagen 1 av 1 mottagna" in words
    assert "Skolverket har samma uppgifter som registret" in words
    assert 'hx-trigger="every' not in _card(logged_in_client, pupil)


def test_between_two_looks_the_fragment_is_new(logged_in_client: Client, pupil: Person) -> None:
    make_worker()
    page = _send(logged_in_client, pupil)
    (address,) = re.findall(r'hx-get="([^"]+)"', page)
    transfer = Transfer.objects.get()
    assert advance.begin(transfer.pk, transfer.attempt)
    SyncJob.objects.filter(kind="persons").update(state=TransferState.RUNNING, started_at=timezone.now(), wanted=1)

    fragment = logged_in_client.get(address, headers=HTMX).content.decode()

    assert "Pågår" in fragment
    assert "0 av 1 besvarade" in fragment
    assert "<html" not in fragment


def test_without_a_worker_it_says_that_nothing_is_sent(logged_in_client: Client, pupil: Person) -> None:
    assert "Ingenting skickas just nu." in _send(logged_in_client, pupil)


def test_what_skolverket_has_already_is_asked_about(logged_in_client: Client, pupil: Person) -> None:
    make_worker()
    run(new_transfer(*TestActivity.objects.all()))

    page = _send(logged_in_client, pupil)
    assert "Skolverket har redan samma uppgifter, mottagna 20" in page
    assert "Skicka ändå" in page
    assert Transfer.objects.count() == 1

    _send(logged_in_client, pupil, anda="ja")
    transfer = run(Transfer.objects.get(purpose=Purpose.ONE_PERSON))
    assert transfer.sync_jobs.get(kind="persons").sent == 1


def test_in_produktion_one_is_asked_first(
    logged_in_client: Client, organisation: Organisation, pupil: Person, settings: Any
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment="produktion")

    page = _send(logged_in_client, pupil)
    assert "Uppgifterna gäller på riktigt" in page
    assert not Transfer.objects.exists()

    _send(logged_in_client, pupil, bekraftat="ja")
    assert Transfer.objects.get().environment == "produktion"


def test_tests_that_were_never_sent_are_asked_about(
    logged_in_client: Client, organisation: Organisation, pupil: Person
) -> None:
    make_worker()
    page = _send(logged_in_client, pupil, prov="")
    assert "Matematik årskurs 6 finns inte hos Skolverket." in page
    assert "kommer personen fram, men inte med i någon grupp" in page
    assert "Skicka utan det provet</button>" in page
    assert not Transfer.objects.exists()

    run(new_transfer(*TestActivity.objects.all()))
    swedish = TestActivity.objects.create(organisation=organisation, name="Svenska", national_test="GRGRSVE01_6")
    swedish.groups.add(make_group(organisation, "Sv6A", Group.Type.TEACHING, [pupil]))
    Person.objects.filter(pk=pupil.pk).update(given_name="Ny")
    assert "Svenska finns inte hos Skolverket." in _send(logged_in_client, pupil, prov="", bekraftat="ja")

    _send(logged_in_client, pupil, prov="utan")
    assert not run(Transfer.objects.get(purpose=Purpose.ONE_PERSON)).unsent_tests_too
    assert "Sv6A" not in _accepted_groups()
    same = _send(logged_in_client, pupil, prov="utan")
    assert "grupper och aktiviteter i prov som redan finns där" in same
    assert '<input type="hidden" name="prov" value="utan">' in same

    _send(logged_in_client, pupil, prov="med")
    run(Transfer.objects.get(purpose=Purpose.ONE_PERSON, unsent_tests_too=True))
    assert "Sv6A" in _accepted_groups()
    Person.objects.filter(pk=pupil.pk).update(given_name="Nyast")
    assert "finns inte hos Skolverket" not in _send(logged_in_client, pupil, prov="")


def _accepted_groups() -> str:
    return " ".join(Accepted.objects.filter(kind="groups").values_list("payload", flat=True))


def test_a_second_press_starts_nothing_more(logged_in_client: Client, pupil: Person) -> None:
    _send(logged_in_client, pupil)
    _send(logged_in_client, pupil)

    assert Transfer.objects.count() == 1


def test_the_reason_is_told_where_nothing_can_be_sent(logged_in_client: Client, pupil: Person) -> None:
    Person.objects.filter(pk=pupil.pk).update(eppn="")

    page = _send(logged_in_client, pupil)

    assert "Personen hålls inne." in page
    assert not Transfer.objects.exists()


def test_the_steps_leave_the_card_after_an_hour(logged_in_client: Client, pupil: Person) -> None:
    _send(logged_in_client, pupil)
    run(Transfer.objects.get())
    Transfer.objects.update(finished_at=timezone.now() - timedelta(hours=2))

    assert 'class="track"' not in _card(logged_in_client, pupil)


def _ask(client: Client, pupil: Person, headers: dict[str, str] | None = None) -> str:
    return client.post(reverse("person_lookup", args=[pupil.pk]), headers=headers or {}).content.decode()


def test_skolverket_says_what_it_has_and_the_look_is_logged(
    logged_in_client: Client, user: User, pupil: Person
) -> None:
    run(new_transfer(*TestActivity.objects.all()))

    fragment = _ask(logged_in_client, pupil, HTMX)
    teacher = Person.objects.get(given_name="Lovisa")
    page = _ask(logged_in_client, teacher)

    assert "Finns i provplattformen" in fragment
    assert "<html" not in fragment
    assert f"{pupil.civic_number[:8]}-****" in fragment
    assert pupil.civic_number not in fragment
    assert "Tjänstgöring: Lärare" in page
    assert "<html" in page
    with scopes_disabled():
        looks = set(Reveal.objects.values_list("person_id", "user", "what"))
    assert looks == {(one.pk, user.pk, "svar från Skolverket") for one in (pupil, teacher)}


def test_whom_skolverket_does_not_know_is_said_not_to_be_there(logged_in_client: Client, pupil: Person) -> None:
    assert "Finns inte hos Skolverket" in _ask(logged_in_client, pupil, HTMX)
    assert not Reveal.objects.exists()


def test_what_skolverket_has_lost_of_a_person_is_sent_again(
    logged_in_client: Client, organisation: Organisation, pupil: Person
) -> None:
    activity = TestActivity.objects.get()
    run(new_transfer(activity))
    _remove_at_skolverket(organisation, pupil.pk)

    assert "Saknas hos Skolverket" in _ask(logged_in_client, pupil, HTMX)
    said = logged_in_client.post(reverse("person_mark_missing", args=[pupil.pk]), follow=True).content.decode()
    assert "1 uppgift räknas nu som inte skickad." in said
    again = run(new_transfer(activity))
    assert counts(again, "persons")["sent"] == 1
    assert counts(again, "groups")["sent"] >= 1, "the groups have lost the pupil too"
    assert "Finns i provplattformen" in _ask(logged_in_client, pupil, HTMX)


def test_all_that_skolverket_has_lost_is_found_and_sent_again(
    logged_in_client: Client, organisation: Organisation, pupil: Person
) -> None:
    activity = TestActivity.objects.get()
    assert "Det finns inget att fråga om" in logged_in_client.get(reverse("presence")).content.decode()
    run(new_transfer(activity))
    assert "Allt finns kvar hos Skolverket." in logged_in_client.post(reverse("presence")).content.decode()
    _remove_at_skolverket(organisation, pupil.pk)

    text = logged_in_client.post(reverse("presence")).content.decode()
    assert "1 person har tagits emot av Skolverket men finns inte där längre." in text
    said = logged_in_client.post(reverse("presence"), {"mark": "ja"}, follow=True).content.decode()
    assert "1 uppgift räknas nu som inte skickad." in said
    assert counts(run(new_transfer(activity)), "persons")["sent"] == 1
    assert "Allt finns kvar hos Skolverket." in logged_in_client.post(reverse("presence")).content.decode()


def _remove_at_skolverket(organisation: Organisation, person_id: uuid.UUID) -> None:
    """As if somebody else had: Skolverket no longer has the person, and we do not know."""
    client = client_for(organisation, organisation.environment)
    posted = client.delete_bulk("persons", json.dumps({"data": [str(person_id)]}).encode())
    deadline = time.monotonic() + 60
    while not client.is_completed("persons", posted.job_id):
        assert time.monotonic() < deadline, "the removal did not end in time"
        time.sleep(0.02)


def test_a_skolverket_that_is_away_is_told_of(logged_in_client: Client, pupil: Person, settings: Any) -> None:
    settings.SIMULATOR_URL = "http://127.0.0.1:9"

    text = _ask(logged_in_client, pupil, HTMX)

    assert "Skolverket gick inte att fråga." in text
    assert "gick inte att nå" in text


def test_one_that_takes_long_can_be_stopped_from_the_card(logged_in_client: Client, pupil: Person) -> None:
    make_worker()
    assert "Avbryt</button>" not in _send(logged_in_client, pupil)
    Transfer.objects.update(created_at=timezone.now() - timedelta(seconds=30))
    transfer = Transfer.objects.get()
    address = reverse("transfer_cancel", args=[transfer.pk])
    assert address in _card(logged_in_client, pupil)

    page = logged_in_client.post(address, follow=True).content.decode()

    assert pupil.full_name in page
    assert "Avbruten" in page
    assert "Skicka nu</button>" in page


def test_historik_leads_to_the_person(logged_in_client: Client, pupil: Person) -> None:
    _send(logged_in_client, pupil)

    text = logged_in_client.get(reverse("history")).content.decode()

    assert f'Skickar <a class="ds-link" href="{reverse("person", args=[pupil.pk])}">en person</a>' in text
