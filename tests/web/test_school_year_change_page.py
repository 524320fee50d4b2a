"""Läsårsskifte: what a new school year's file means, told before anything is stored."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.ingest.unusual_endings import MassEnding
from provsluss.register.models import Import
from provsluss.register.sections import Section
from tests.web.removals_made_by_hand import make_removal
from tests.web.transfers_made_by_hand import UNIT, make_worker

UNITS = {UNIT: {"moved_up": 178, "new": 60, "left": 90, "arrived": 2, "repeated": 3, "classes_new": 4}}
EFFECT = {
    "environment": "simulator",
    "at": "2026-08-17T08:00:00+00:00",
    "kinds": {
        kind: {
            "new": 60, "changed": 180, "unchanged": 5, "withheld": 1, "removed": 95,
            "needs_review": kind in ("persons", "groups"), "beyond_limit": kind == "groups",
        }
        for kind in ("persons", "duties", "groups", "activities")
    },
    "units": {UNIT: {"new": 60, "changed": 180, "removed": 95}},
    "test_activities": [
        {"name": "Matematik årskurs 6", "groups": 4, "ending": 4, "groups_after": 0, "state": "active"},
        {"name": "Engelska årskurs 6", "groups": 4, "ending": 4, "groups_after": 7, "state": "archived"},
    ],
}  # fmt: skip


@pytest.fixture
def previewed(organisation: Organisation) -> Iterator[Import]:
    with scope(organisation=organisation):
        yield _import(organisation, {"units": UNITS, "at_skolverket": EFFECT})


def _import(organisation: Organisation, change: dict[str, Any] | None, state: str = "preview") -> Import:
    section = {"rows": 300, "good": 300, "bad": 0, "new": 60, "changed": 180, "unchanged": 60, "ended": 90}
    counts = {"pupils": section, "register": {"last_import": 0}, "school_year_change": change}
    counts["mass_endings"] = [MassEnding(Section.PUPILS, 90, 330).as_dict()]
    return Import.objects.create(
        organisation=organisation, source="skolverket_workbook", file_name="2027.xlsx", state=state, counts=counts
    )


def _text(client: Client, import_run: Import, name: str = "school_year_change") -> str:
    answer = client.get(reverse(name, args=[import_run.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_preview_leads_to_it_and_still_asks_about_those_who_end(
    logged_in_client: Client, previewed: Import
) -> None:
    text = _text(logged_in_client, previewed, "import")

    assert "178 elever flyttas upp en årskurs, 60 är nya och 90 slutar eller finns inte i filen." in text
    assert reverse("school_year_change", args=[previewed.pk]) in text
    assert "Så är det vid ett läsårsskifte." in text
    assert "Ja, de ska avslutas" in text


def test_the_preview_says_all_in_one_box_and_the_worst_first(logged_in_client: Client, previewed: Import) -> None:
    text = _text(logged_in_client, previewed, "import")
    worst_first = ["90 elever avslutas", "ser ut att gälla ett nytt läsår", "Ja, de ska avslutas", "Inget är sparat än"]
    places = [text.index(words) for words in worst_first]

    assert text.count('class="ds-alert"') == 1
    assert places == sorted(places)

    Import.objects.update(state="done")
    stored = _text(logged_in_client, previewed, "import")
    assert stored.count('class="ds-alert"') == 1
    assert stored.index("Registret är uppdaterat.") < stored.index("ser ut att gälla ett nytt läsår")


def test_it_explains_the_register_and_what_skolverket_gets(logged_in_client: Client, previewed: Import) -> None:
    text = _text(logged_in_client, previewed)

    assert "Ingenting är sparat och ingenting är skickat." in text
    assert "Flyttas upp</dt><dd>178" in text
    assert "Granskas" in text
    assert "Ingenting tas bort av misstag." in text
    assert text.count("Blir utan grupper") == 1
    assert text.count("Arkiverad") == 1
    assert text.count("Väntar på samma beslut") == 1
    assert "every 3s" not in text


def test_it_waits_for_what_is_being_worked_out(logged_in_client: Client, organisation: Organisation) -> None:
    make_worker()
    with scope(organisation=organisation):
        text = _text(logged_in_client, _import(organisation, {"units": UNITS}))

    assert "Räknas ut." in text
    assert "every 3s" in text


def test_it_does_not_wait_for_what_could_not_be_worked_out(
    logged_in_client: Client, organisation: Organisation
) -> None:
    make_worker()
    with scope(organisation=organisation):
        text = _text(logged_in_client, _import(organisation, {"units": UNITS, "at_skolverket": {}}))

    assert "Det är inte uträknat" in text
    assert "every 3s" not in text


def test_without_a_worker_it_does_not_wait(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        text = _text(logged_in_client, _import(organisation, {"units": UNITS}))

    assert "Det är inte uträknat" in text
    assert "every 3s" not in text


def test_pupils_who_are_nearly_all_exchanged_may_be_the_wrong_file(
    logged_in_client: Client, organisation: Organisation
) -> None:
    with scope(organisation=organisation):
        exchanged = _import(organisation, {"units": {UNIT: {"new": 60, "left": 60, "classes_new": 3}}})

        assert "är det fel fil?" in _text(logged_in_client, exchanged)


def test_it_is_kept_when_the_file_has_been_stored(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        text = _text(logged_in_client, _import(organisation, {"units": UNITS, "at_skolverket": EFFECT}, "done"))

    assert "Så här räknades det ut innan filen lästes in" in text
    assert "Så går du vidare" not in text


def test_an_ordinary_import_has_no_such_page(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        ordinary = _import(organisation, None)

        assert logged_in_client.get(reverse("school_year_change", args=[ordinary.pk])).status_code == 404
        assert "nytt läsår" not in _text(logged_in_client, ordinary, "import")


def test_excel_has_a_row_for_each_school_unit(logged_in_client: Client, previewed: Import) -> None:
    answer = logged_in_client.get(reverse("school_year_change_export", args=[previewed.pk]))
    assert isinstance(answer, FileResponse)
    header, row = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active.values  # type: ignore[arg-type, union-attr]

    cells = dict(zip(header, row, strict=True))
    assert cells["Skolenhetskod"] == UNIT
    assert (cells["Elever som flyttas upp"], cells["Hos Skolverket: tas bort"]) == (178, 95)


def test_a_review_tells_that_it_was_a_new_school_year(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_removal(organisation, "needs_review")
    with scope(organisation=organisation):
        made.school.pupils[0].__class__.objects.filter(pk=made.school.pupils[0].pk).update(
            ended_at=made.transfer.created_at
        )
        stored = _import(organisation, {"units": UNITS}, "done")
        Import.objects.filter(pk=stored.pk).update(finished_at=made.transfer.created_at)

        text = _text(logged_in_client, made.transfer, "removal_review")  # type: ignore[arg-type]

    assert "Det var ett läsårsskifte." in text
    assert reverse("school_year_change", args=[stored.pk]) in text
