"""Who decided what, from what to what, and when: on the page Inställningar, in a list of its own, and as Excel."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.operations.queue_pause import pause_queue, release_queue
from provsluss.organisations.access import grant_access, make_operator, set_sees_protected
from provsluss.organisations.accounts import change_email, change_password, make_account, open_or_close
from provsluss.organisations.models import LoggedDecision, Organisation, OrganisationAccess, User
from provsluss.transfers.models import Accepted
from tests.web.removals_made_by_hand import make_removal


def _logged(organisation: Organisation | None) -> list[tuple[str, str, str, str, str]]:
    """What, about, before, after, who; the oldest first."""
    found = LoggedDecision.objects.filter(organisation=organisation).order_by("pk")
    return list(found.values_list("what", "about", "before", "after", "by_name"))


@pytest.fixture
def named(user: User) -> User:
    user.first_name, user.last_name, user.is_staff = "Astrid", "Ek", True
    user.save()
    return user


def test_another_environment(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    before = timezone.now()
    logged_in_client.post(reverse("environment"), {"till": "produktion"})
    logged_in_client.post(reverse("environment"), {"till": "produktion"})  # it is already

    assert _logged(organisation) == [("environment", "", "Simulator", "Produktion", "Astrid Ek")]
    decision = LoggedDecision.objects.get()
    assert decision.by == named
    assert before <= decision.at <= timezone.now()


def test_limits(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    kinds = ("persons", "duties", "groups", "activities")
    form = {f"{kind}-{name}": value for kind in kinds for name, value in (("percent", "10"), ("count", "20"))}
    logged_in_client.post(reverse("removal_limits"), form | {"groups-percent": "5", "groups-count": "7"})
    logged_in_client.post(reverse("removal_limits"), {"aterstall": "groups"})

    ten, five = "10 procent och 20 stycken", "5 procent och 7 stycken"
    assert _logged(organisation) == [
        ("removal_limit", "groups", ten, five, "Astrid Ek"),
        ("removal_limit", "groups", five, ten, "Astrid Ek"),
    ]
    assert "Skyddsgräns: Grupper" in logged_in_client.get(reverse("settings")).content.decode()


def test_name_and_certificate(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    Organisation.objects.update(certificate_file="/hemligt/kat/gammal.pem")
    form = {"name": "Nya namnet", "client_key": "entity_id", "entity_id": "https://a.se", "certificate_file": ""}
    assert logged_in_client.post(reverse("settings"), form).status_code == 302

    assert [row[:4] for row in _logged(organisation)] == [
        ("name", "", "Exempelkommunen", "Nya namnet"),
        (
            "certificate", "Så känns certifikatet igen", "Certifikatets fingeravtryck (SITHS, EFOS, Expisoft)",
            "Entitets-id i TLS-federationen (Moa)",
        ),
        ("certificate", "Entitets-id", "", "https://a.se"),
        ("certificate", "Certifikatfil", "gammal.pem", ""),
    ]  # fmt: skip
    page = logged_in_client.get(reverse("decisions")).content.decode()
    assert "Certifikat: Certifikatfil" in page
    assert "/hemligt" not in page


def test_what_is_confirmed_about_protected_persons(
    logged_in_client: Client, organisation: Organisation, named: User
) -> None:
    for answer in ("metod", "metod", ""):
        logged_in_client.post(reverse("protection_confirmed"), {"bekraftat": answer})

    changes = [row[2:] for row in _logged(organisation) if row[0] == "protection"]
    assert changes == [("Nej", "Ja", "Astrid Ek"), ("Ja", "Nej", "Astrid Ek")]


def test_the_queue_holds_for_all(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    logged_in_client.post(reverse("queue_pause"))
    logged_in_client.post(reverse("queue_pause"))
    logged_in_client.post(reverse("queue_release"))
    pause_queue()
    release_queue()

    logged = _logged(None)
    assert [row[:4] for row in logged] == [
        ("queue", "", "Igång", "Pausad"), ("queue", "", "Pausad", "Igång"),
    ] * 2  # fmt: skip
    assert [row[4] for row in logged[:2]] == ["Astrid Ek"] * 2
    assert all(row[4].endswith("med ett kommando på servern") for row in logged[2:])
    assert "Kön av överföringar" in logged_in_client.get(reverse("settings")).content.decode()


def test_what_users_may(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    other = User.objects.create_user("bo")
    assert grant_access(other, organisation, by=None)
    assert not grant_access(other, organisation, by=None)
    logged_in_client.post(reverse("user_sees_protected", args=[other.pk]), {"far": "ja"})
    set_sees_protected(OrganisationAccess.objects.get(user=other), False, by=named)
    make_operator(other, by=None)
    make_operator(other, by=None)

    assert [row[:4] for row in _logged(organisation)] == [
        ("access", "bo", "Nej", "Ja"), ("sees_protected", "bo", "Nej", "Ja"), ("sees_protected", "bo", "Ja", "Nej"),
    ]  # fmt: skip
    assert [row[:4] for row in _logged(None)] == [("operator", "bo", "Nej", "Ja")]


def test_what_is_done_to_an_account_is_told_where_it_has_access(organisation: Organisation, named: User) -> None:
    bo = make_account("bo", "bo@exempel.se", "gran-sten-molnet-38", organisation, by=named)
    assert change_email(bo, "bosse@exempel.se", by=named)
    assert not change_email(bo, "bosse@exempel.se", by=named)
    change_password(bo, "sten-gran-molnet-83", by=named)
    assert open_or_close(bo, False, by=None)
    assert not open_or_close(bo, False, by=None)

    logged = _logged(organisation)
    assert [row[:4] for row in logged] == [
        ("access", "bo", "Nej", "Ja"),
        ("account", "bo", "", "Öppet"),
        ("email", "bo", "", "bo@exempel.se"),
        ("email", "bo", "bo@exempel.se", "bosse@exempel.se"),
        ("password", "bo", "Det gamla", "Ett nytt"),
        ("account", "bo", "Öppet", "Stängt"),
    ]
    assert [row[4] for row in logged[:5]] == ["Astrid Ek"] * 5
    assert not any("molnet" in text for row in logged for text in row)
    assert _logged(None) == []  # nor is it told to other huvudmän


def test_a_reviewed_removal_and_what_is_kept_no_longer(
    logged_in_client: Client, organisation: Organisation, named: User
) -> None:
    made = make_removal(organisation, "needs_review")
    address = reverse("removal_decide", args=[made.transfer.pk])
    for _ in range(2):
        logged_in_client.post(address, {"beslut": "refused"})
    with scope(organisation=organisation):
        assert Accepted.objects.exclude(kept_at=None).exists()
    logged_in_client.post(reverse("kept_objects_release"), {"vilka": "alla"})

    about = f"överföring {made.transfer.pk}"
    logged = [row for row in _logged(organisation) if row[0] != "protection"]
    assert logged[0] == ("review", about, "Kräver granskning", "Nekad", "Astrid Ek")
    assert [row[0] for row in logged] == ["review", "kept"]


def test_a_name_stays_when_the_account_has_gone(
    logged_in_client: Client, organisation: Organisation, named: User, client: Client
) -> None:
    logged_in_client.post(reverse("environment"), {"till": "produktion"})
    named.delete()
    other = User.objects.create_user("bo")
    OrganisationAccess.objects.create(user=other, organisation=organisation)
    client.force_login(other)

    assert "Astrid Ek" in client.get(reverse("decisions")).content.decode()


def test_another_organisations_decisions_are_not_shown(logged_in_client: Client, organisation: Organisation) -> None:
    stranger = Organisation.objects.create(number="5560360793", name="Granne")
    LoggedDecision.objects.create(organisation=stranger, what="name", before="a", after="Hemligt", by_name="c")

    for name in ("settings", "decisions"):
        assert "Hemligt" not in logged_in_client.get(reverse(name)).content.decode()


def test_the_list_is_filtered_and_saved(logged_in_client: Client, organisation: Organisation, named: User) -> None:
    for to in ("produktion", "simulator", "verifieringstest"):
        logged_in_client.post(reverse("environment"), {"till": to})
    pause_queue(named)
    # A later version may log what this one has no words for.
    LoggedDecision.objects.create(organisation=organisation, what="later", before="a", after="b", by_name="c")

    only = logged_in_client.get(reverse("decisions"), {"vad": "environment"}).content.decode()
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(logged_in_client.get(reverse("decisions_export"))))  # type: ignore[arg-type]
    ).active

    assert "Verifieringstest" in only
    assert "Pausad" not in only.split("<tbody>")[1]
    assert sheet is not None
    assert [[cell.value for cell in row[1:]] for row in list(sheet.rows)[:4]] == [
        ["Vem", "Vad", "Från", "Till"],
        ["c", "later", "a", "b"],
        ["Astrid Ek", "Kön av överföringar", "Igång", "Pausad"],
        ["Astrid Ek", "Miljö", "Simulator", "Verifieringstest"],
    ]
    assert "Senaste ändringar" in logged_in_client.get(reverse("settings")).content.decode()
