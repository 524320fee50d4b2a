"""Inställningar: huvudman, environment, certificate, catalogue, users."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation, OrganisationAccess, ProtectionPreparation, User
from provsluss.transfers.models import UnknownCode
from provsluss.web.templatetags.provsluss import local_time
from tests.web.transfers_made_by_hand import make_running, make_school

FORM = {
    "name": "Exempelkommunen",
    "client_key": "fingerprint",
    "entity_id": "",
    "certificate_file": "",
    "private_key_file": "",
}


def _text(client: Client, name: str, query: str = "") -> str:
    return client.get(reverse(name) + query).content.decode()


def test_who_the_huvudman_is(logged_in_client: Client, organisation: Organisation) -> None:
    text = _text(logged_in_client, "settings")

    assert "212000-9945" in text
    assert str(organisation.pk) in text
    assert "Behövs inte mot simulatorn" in text


def test_the_name_is_changed_and_the_number_is_not(logged_in_client: Client, organisation: Organisation) -> None:
    logged_in_client.post(reverse("settings"), FORM | {"name": "Nya kommunen", "number": "5560360793"})

    organisation.refresh_from_db()
    assert (organisation.name, organisation.number) == ("Nya kommunen", "2120009945")


def test_an_entity_id_is_needed_where_it_is_the_key(logged_in_client: Client, organisation: Organisation) -> None:
    answer = logged_in_client.post(reverse("settings"), FORM | {"client_key": "entity_id"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Skriv entitets-id" in text
    assert 'aria-describedby="id_entity_id_helptext id_entity_id_error"' in text


def test_a_certificate_is_readable_or_not_and_never_shown(
    logged_in_client: Client, organisation: Organisation, tmp_path: Path
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_text("HEMLIGT INNEHÅLL")
    Organisation.objects.filter(pk=organisation.pk).update(certificate_file=str(certificate), private_key_file=str(key))

    text = _text(logged_in_client, "settings")

    assert "Går att läsa" in text
    assert "Filen finns inte" in text
    assert "HEMLIGT" not in text


def test_a_change_of_environment_is_confirmed_first(logged_in_client: Client, organisation: Organisation) -> None:
    make_running(organisation)

    question = _text(logged_in_client, "environment", "?till=produktion")

    organisation.refresh_from_db()
    assert organisation.environment == "simulator"
    assert "Produktion gäller på riktigt" in question
    assert "Det du skickar gäller på riktigt.</li>" not in question
    assert "1\u00a0överföring som pågår eller väntar fortsätter i den gamla miljön" in question
    answer = logged_in_client.post(reverse("environment"), {"till": "produktion"}, follow=True)
    organisation.refresh_from_db()
    assert organisation.environment == "produktion"
    assert "Nu arbetar du mot Produktion." in answer.content.decode()


@pytest.mark.parametrize("wanted", ["", "simulator", "påhittad", "<script>"])
def test_no_other_environment_is_taken(logged_in_client: Client, organisation: Organisation, wanted: str) -> None:
    for answer in (
        logged_in_client.get(reverse("environment"), {"till": wanted}),
        logged_in_client.post(reverse("environment"), {"till": wanted}),
    ):
        assert answer.headers["Location"] == reverse("settings")
    organisation.refresh_from_db()
    assert organisation.environment == "simulator"


def test_the_catalogue_is_fetched_on_request(
    logged_in_client: Client, organisation: Organisation, start_simulator: Callable[..., str], settings: Any
) -> None:
    settings.SIMULATOR_URL = start_simulator("--delay", "0")
    make_school(organisation)
    before = _text(logged_in_client, "catalogue")
    assert "Inget har hämtats än" in before
    assert "Inte kontrollerad" in before

    answer = logged_in_client.post(reverse("catalogue_refresh"), follow=True)

    text = answer.content.decode()
    assert "Hämtat från Skolverket" in text
    assert "Inte kontrollerad" not in text
    assert "Bekräftat" in _text(logged_in_client, "national_tests")


def test_the_catalogue_says_when_skolverket_does_not_answer(
    logged_in_client: Client, organisation: Organisation, settings: Any
) -> None:
    settings.SIMULATOR_URL = "http://127.0.0.1:9"

    answer = logged_in_client.post(reverse("catalogue_refresh"), {"tillbaka": "prov"}, follow=True)

    text = answer.content.decode()
    assert text.count("Allt kunde inte hämtas") == 1
    assert "Nationella prov och bedömningsstöd" in text


@pytest.mark.parametrize("page", ["catalogue", "national_tests"])
def test_a_failed_fetch_is_not_shown_as_fetched(
    logged_in_client: Client, organisation: Organisation, page: str
) -> None:
    good, bad = datetime(2026, 3, 1, 9, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for moment, succeeded in ((good, True), (bad, False)):
        Fetch.objects.create(
            environment=organisation.environment,
            started_at=moment,
            finished_at=moment,
            succeeded=succeeded,
            message="" if succeeded else "Skolverket svarar inte.",
        )

    text = _text(logged_in_client, page)

    assert f"Hämtat {local_time(good)}." in text
    assert f"Senaste försök: {local_time(bad)}." in text
    assert text.count("Skolverket svarar inte.") == 1


def test_national_tests_are_listed_from_the_start(logged_in_client: Client, organisation: Organisation) -> None:
    text = _text(logged_in_client, "national_tests")

    assert "Matematik årskurs 6" in text
    assert "GRGRMAT01_6" in text
    assert "Inte bekräftat än" in text


def test_users_of_this_huvudman_only(logged_in_client: Client, organisation: Organisation) -> None:
    User.objects.create_user("utomstående", password="x")
    colleague = User.objects.create_user("bertil", first_name="Bertil", last_name="Ek", password="x")
    OrganisationAccess.objects.create(user=colleague, organisation=organisation)

    text = _text(logged_in_client, "users")

    assert "Bertil Ek" in text
    assert "utomstående" not in text
    assert "Inte påslagen" in text


def test_codes_without_an_explanation_are_listed(logged_in_client: Client, organisation: Organisation) -> None:
    assert "Inga oförklarade koder har kommit" in _text(logged_in_client, "unknown_codes")
    now = timezone.now()
    other = Organisation.objects.create(number="5560360793", name="Friskolan", environment="simulator")
    for of, environment in ((organisation, "simulator"), (organisation, "produktion"), (other, "Friskolan")):
        UnknownCode._base_manager.create(
            organisation=of,
            environment="simulator" if of == other else environment,
            code="4999",
            kind="persons",
            attribute="eppn",
            message=f"Något om {environment}.",
            count=3,
            first_seen_at=now,
            last_seen_at=now,
        )
    text = _text(logged_in_client, "unknown_codes")
    assert "4999" in text
    assert "Något om simulator." in text
    assert "Något om produktion." not in text
    assert "Något om Friskolan." not in text, "another huvudman's answers"


def test_a_certificate_that_is_not_given_is_called_so_in_its_gender(
    logged_in_client: Client, organisation: Organisation
) -> None:
    text = _text(logged_in_client, "settings")

    assert "Inte angivet" in text  # certifikatet
    assert "Inte angiven" in text  # nyckeln


def test_who_said_that_protected_persons_can_be_sent_and_when(logged_in_client: Client, user: User) -> None:
    who = user.get_full_name() or user.username

    def said(*ticked: str) -> str:
        logged_in_client.post(reverse("protection_confirmed"), {"bekraftat": ticked})
        return logged_in_client.get(reverse("settings")).content.decode()

    def moment(what: str) -> str:
        decided_at = ProtectionPreparation.objects.get(what=what).decided_at
        return timezone.localtime(decided_at).strftime("%Y-%m-%d %H:%M")

    page = said("fullmakt", "metod")
    assert page.count(f"Bekräftat {moment('fullmakt')} av {who}.") == 2
    assert "Skickas inte än" in page
    first = ProtectionPreparation.objects.get(what="fullmakt").decided_at
    page = said("fullmakt", "epost", "metod")
    assert "Kan skickas" in page
    assert ProtectionPreparation.objects.get(what="fullmakt").decided_at == first, "who said so first is kept"
    assert f"Bekräftelsen togs bort {moment('epost')} av {who}." in said("fullmakt", "metod")
