"""Inställningar, Skyddsgräns."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import LoggedDecision, Organisation, User
from provsluss.transfers.models import Accepted, RemovalLimit
from provsluss.transfers.removal.guard import limits

KINDS = ("persons", "duties", "groups", "activities")


@pytest.fixture(autouse=True)
def _scoped(organisation: Organisation) -> Iterator[None]:
    with scope(organisation=organisation):
        yield


def _form(**changes: str) -> dict[str, str]:
    form = {f"{kind}-{name}": value for kind in KINDS for name, value in (("percent", "10"), ("count", "20"))}
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def _post(client: Client, **changes: str) -> tuple[int, str]:
    answer = client.post(reverse("removal_limits"), _form(**changes), follow=True)
    return answer.status_code, answer.content.decode()


def test_the_standard_is_shown(logged_in_client: Client, organisation: Organisation) -> None:
    for number in range(400):
        Accepted.objects.create(
            organisation=organisation, environment=organisation.environment, kind="persons", payload="{}",
            object_id=f"00000000-0000-4000-8000-{number:012d}",
        )  # fmt: skip

    text = logged_in_client.get(reverse("removal_limits")).content.decode()

    assert "Standard är 10 procent och 20 stycken." in text
    assert "Skolverket har 400. Ska 41 eller fler bort väntar det på granskning." in text
    assert "Återställ" not in text


def test_a_limit_of_ones_own_is_saved_and_taken_back(logged_in_client: Client, organisation: Organisation) -> None:
    _, text = _post(logged_in_client, persons__percent="5", persons__count="3")

    assert "Skyddsgränserna är sparade." in text
    assert (limits(organisation)["persons"].percent, limits(organisation)["persons"].count) == (5, 3)
    assert RemovalLimit.objects.count() == 1  # the others are standard still
    assert "Återställ" in text

    logged_in_client.post(reverse("removal_limits"), {"aterstall": "persons"})
    assert not RemovalLimit.objects.exists()


def test_saving_the_standard_makes_no_limit_of_ones_own(logged_in_client: Client) -> None:
    _post(logged_in_client, persons__percent="5")
    _post(logged_in_client)

    assert not RemovalLimit.objects.exists()


def test_who_changed_what_to_what_and_when(logged_in_client: Client, organisation: Organisation, user: User) -> None:
    _, text = _post(logged_in_client, persons__percent="5", persons__count="3")
    change = LoggedDecision.objects.get()
    who = user.get_full_name() or user.username
    when = timezone.localtime(change.at).strftime("%Y-%m-%d %H:%M")
    assert change.by == user
    assert f"Ändrad {when} av {who}: från 10 procent och 20 stycken till 5 procent och 3 stycken." in text

    logged_in_client.post(reverse("removal_limits"), {"aterstall": "persons"})
    assert (
        f"av {who}: från 5 procent och 3 stycken till 10 procent och 20 stycken."
        in logged_in_client.get(reverse("removal_limits")).content.decode()
    )
    _post(logged_in_client)  # nothing is another one
    assert LoggedDecision.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"persons__percent": "101"}, "Procentsatsen kan inte vara större än 100."),
        ({"groups__percent": "-1"}, "Procentsatsen kan inte vara mindre än 0."),
        ({"groups__count": ""}, "Skriv ett antal, till exempel 20."),
        ({"duties__count": "tjugo"}, "Skriv ett heltal."),
        ({"duties__count": "99999999"}, "Antalet kan inte vara större än en miljon."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(logged_in_client: Client, changes: dict[str, str], said: str) -> None:
    status, text = _post(logged_in_client, **changes, activities__count="7")

    assert status == 422
    assert said in text
    assert not RemovalLimit.objects.exists()
