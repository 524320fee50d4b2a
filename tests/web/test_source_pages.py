"""Register, Källor: sources are added, changed, tried, read, paused and removed, and each page says what is true."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.outbox.models import OutboxEntry
from provsluss.register.models import Group, Import, ImportProblem, Person, Source
from provsluss.register.sources.ss12000 import addresses
from tests.web.sources_made_by_hand import make_source
from tests.web.transfers_made_by_hand import School

FILLED = {"name": "Elevregistret", "url": "https://register.exempel.se/v2.0", "auth": "none"}
Fills = Callable[..., str]


@pytest.fixture(autouse=True)
def a_place_on_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server's answer: an address out in the open for all names but one."""

    def resolve(host: str, *_: object, **__: object) -> list[Any]:
        return [(2, 1, 6, "", ("10.1.2.3" if host.startswith("inne") else "93.184.215.14", 443))]

    monkeypatch.setattr(addresses, "getaddrinfo", resolve)


@pytest.fixture
def add(logged_in_client: Client) -> Fills:
    """Fill in the form for a new source; gives the text of the page that comes then."""

    def add(**filled: str) -> str:
        return text_of(logged_in_client.post(reverse("source_add"), FILLED | filled, follow=True))

    return add


def text_of(answer: Any) -> str:
    """The words of a page, without the marks."""
    return " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())


def the_source(organisation: Organisation) -> Source:
    with scope(organisation=organisation):
        return Source.objects.get()


def test_without_a_source_the_page_says_what_to_do(logged_in_client: Client) -> None:
    assert "Har ert elevregister SS 12000, lägg till det som källa" in text_of(logged_in_client.get(reverse("sources")))


def test_a_source_is_added(add: Fills, organisation: Organisation) -> None:
    text = add(school_units="11111111\n22222222, 11111111", choices="ignore_cancelled")

    assert "Källan Elevregistret är tillagd." in text
    source = the_source(organisation)
    assert (source.kind, source.school_unit_codes) == ("ss12000", ["11111111", "22222222"])
    assert source.settings == {"url": FILLED["url"], "choices": {"ignore_cancelled": True}}
    assert "En inskrivning som är markerad som avbruten räknas ändå" in text


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({"url": "http://register.exempel.se/v2.0"}, "Adressen börjar inte med https://"),
        ({"url": "https://inne.exempel.se/v2.0"}, "på insidan av nätet"),
        ({"url": "register.exempel.se"}, "Adressen ska börja med https://"),
        ({"url": "https://jag:hemlig@register.exempel.se"}, "Adressen ska börja med https://"),
        ({"auth": "bearer"}, "Ange filen med hemligheten."),
        ({"auth": "bearer", "secret_file": "/etc/passwd"}, "Välj ett giltigt alternativ"),
        ({"auth": "bearer", "secret_file": "2120000175/nyckel"}, "Välj ett giltigt alternativ"),
        ({"school_units": "123"}, "En skolenhetskod har åtta siffror: 123 är ingen."),
        ({"name": " "}, "Detta fält måste fyllas i"),
    ],
)
def test_what_cannot_be_a_source_is_told(
    add: Fills, organisation: Organisation, filled: dict[str, str], says: str
) -> None:
    assert says in add(**filled)
    with scope(organisation=organisation):
        assert not Source.objects.exists()


def test_a_secret_is_chosen_among_the_huvudmans_own(
    add: Fills, organisation: Organisation, tmp_path: Path, settings: Any
) -> None:
    settings.SECRET_DIR = tmp_path
    for number, name in ((organisation.number, "nyckel"), ("2120000175", "annans")):
        (tmp_path / number).mkdir()
        (tmp_path / number / name).write_text("hemlig")

    assert "Välj ett giltigt alternativ" in add(auth="bearer", secret_file="2120000175/annans")
    text = add(auth="bearer", secret_file=f"{organisation.number}/nyckel")

    assert "är tillagd" in text
    assert "hemlig" not in text.casefold().replace("hemligheten", "")


def test_a_school_unit_has_one_source(add: Fills) -> None:
    add(school_units="11111111")
    assert "Skolenheten 11111111 hör redan till källan Elevregistret." in add(name="Ett till", school_units="11111111")


def test_a_source_is_changed(logged_in_client: Client, add: Fills, organisation: Organisation) -> None:
    add()
    address = reverse("source_change", args=[the_source(organisation).pk])
    assert FILLED["url"] in logged_in_client.get(address).content.decode()

    logged_in_client.post(address, {"url": "https://nytt.exempel.se/v2", "auth": "none", "choices": "test_groups"})

    assert the_source(organisation).settings == {"url": "https://nytt.exempel.se/v2", "choices": {"test_groups": True}}


def test_what_an_operator_allowed_holds_for_that_address_alone(
    logged_in_client: Client, organisation: Organisation
) -> None:
    source = make_source(organisation)
    address = reverse("source_change", args=[source.pk])

    same = logged_in_client.post(address, {"url": source.settings["url"], "auth": "none"})
    other = logged_in_client.post(address, {"url": "http://127.0.0.1:10/", "auth": "none"})

    assert (same.status_code, other.status_code) == (302, 422)
    assert the_source(organisation).settings["url"] == source.settings["url"]


def test_reading_is_ordered_and_shown(logged_in_client: Client, organisation: Organisation) -> None:
    source = make_source(organisation)

    answer = logged_in_client.post(reverse("source_fetch", args=[source.pk]))

    with scope(organisation=organisation):
        run = Import.objects.get()
    assert (run.source, run.state, answer.headers["Location"]) == (
        source.key,
        "reading",
        reverse("import", args=[run.pk]),
    )
    assert OutboxEntry.objects.filter(task="read_import").count() == 1
    again = logged_in_client.post(reverse("source_fetch", args=[source.pk]), follow=True)
    assert "Källan läses redan." in text_of(again)
    assert OutboxEntry.objects.filter(task="read_import").count() == 1


def test_a_paused_source_is_not_read(logged_in_client: Client, organisation: Organisation) -> None:
    source = make_source(organisation)
    pause = reverse("source_pause", args=[source.pk])

    assert "är pausad" in text_of(logged_in_client.post(pause, follow=True))
    assert "pausad" in text_of(logged_in_client.post(reverse("source_fetch", args=[source.pk]), follow=True))
    with scope(organisation=organisation):
        assert not Import.objects.exists()
    assert "läses igen" in text_of(logged_in_client.post(pause, {"igen": "ja"}, follow=True))


def test_the_connection_is_tried(logged_in_client: Client, organisation: Organisation) -> None:
    source = make_source(organisation)
    text = text_of(logged_in_client.post(reverse("source_test", args=[source.pk])))
    assert "Anslutningen Källan svarar inte." in text


def test_what_removing_means_is_shown_first(
    logged_in_client: Client, organisation: Organisation, school: School
) -> None:
    source = make_source(organisation)
    with scope(organisation=organisation):
        Person.objects.filter(pk__in=[one.pk for one in school.pupils[:2]]).update(source=source.key)
        Group.objects.filter(pk=school.group.pk).update(source=source.key)
    address = reverse("source_remove", args=[source.pk])

    assert "Källan har läst in 2 elever, 0 tjänstgöringar och 1 grupp" in text_of(logged_in_client.get(address))
    assert "Välj först" in text_of(logged_in_client.post(address, follow=True))
    assert the_source(organisation)
    logged_in_client.post(address, {"vad": "avsluta"})

    with scope(organisation=organisation):
        assert not Source.objects.exists()
        assert Person.objects.exclude(ended_at=None).filter(source=source.key).count() == 2


def test_what_it_brought_is_handed_over(logged_in_client: Client, organisation: Organisation, school: School) -> None:
    source, other = make_source(organisation), make_source(organisation, "Nya registret")
    with scope(organisation=organisation):
        Person.objects.filter(pk=school.pupils[0].pk).update(source=source.key)

    text = text_of(
        logged_in_client.post(reverse("source_remove", args=[source.pk]), {"vad": f"lamna-{other.pk}"}, follow=True)
    )

    assert "Det den läst in hör nu till Nya registret." in text
    with scope(organisation=organisation):
        assert Person.objects.get(source=other.key).ended_at is None


def test_an_import_of_a_source_speaks_of_no_file(logged_in_client: Client, organisation: Organisation) -> None:
    """Its rows have no numbers that anybody could look up, and what is wrong is mended in the register."""
    source = make_source(organisation)
    with scope(organisation=organisation):
        run = Import.objects.create(
            organisation=organisation,
            source=source.key,
            state="done_with_errors",
            counts={"pupils": {"rows": 1, "good": 0, "bad": 1, "new": 0, "changed": 0, "unchanged": 0, "ended": 0}},
        )
        ImportProblem.objects.create(import_run=run, sheet="Elever", row=1, column="inskrivning", reason="Fel.")
    page = text_of(logged_in_client.get(reverse("import", args=[run.pk])))

    assert "Id i källan" in page
    assert "Rätta det i registret, så kommer det med nästa gång källan läses." in page
    assert not {"Rad", "Blad", "filen", "Filen"} & set(page.replace(".", " ").split())
