"""The catalogue follows Skolverket's open data, and survives its troubles."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from provsluss.catalogue.lookup import national_test, national_tests, programmes, school_units
from provsluss.catalogue.models import Fetch, NationalTest, SchoolUnit, Status
from provsluss.catalogue.refresh import (
    refresh,
    refresh_national_tests,
    refresh_organisation,
    refresh_programmes,
    refresh_school_units,
)
from provsluss.ss12000.ids import skolverket_id
from tests.provtjanst.scripted_server import Reply, ScriptedServer

ENVIRONMENT = "simulator"
BASE = "/open-data/v1"
UNKNOWN_UNIT = Reply(404, {"code": 404, "message": "School unit not found", "timeStamp": "2021-06-10T17:39:38+02:00"})

pytestmark = pytest.mark.django_db


def a_test(name: str, **more: object) -> dict[str, object]:
    return {"id": str(skolverket_id(name)), "displayName": name, "schoolType": "GR", **more}


def a_unit(code: str, **more: object) -> dict[str, Any]:
    return {"id": str(skolverket_id(code)), "schoolUnitCode": code, "displayName": f"Skola {code}", **more}


def test_everything_from_the_simulator(simulator: str) -> None:
    fetch = refresh(ENVIRONMENT, {"90000011", "90099901", "11111111", "inte8", ""}, "2120009945")
    assert fetch.succeeded
    assert fetch.finished_at is not None
    assert Fetch.objects.get() == fetch
    assert fetch.organisation_number == "2120009945"
    assert "102 nationella prov" in fetch.message
    assert "1 skolenheter, varav 1 inte finns hos Skolverket." in fetch.message
    assert len(national_tests(ENVIRONMENT)) == 102
    assert all(test.fetched_at for test in national_tests(ENVIRONMENT))
    assert programmes(ENVIRONMENT)["EKJURV"].skolverket_id == skolverket_id("EKJURV")
    units = school_units(ENVIRONMENT, {"90000011", "90099901", "90099902", "11111111", "22222222"})
    assert {code: (unit.status, unit.dnp_status) for code, unit in units.items()} == {
        "90000011": ("Active", True),
        "90099901": ("Expired", True),
        "90099902": ("Active", False),
        "11111111": ("Unknown", None),
    }
    found = units["90000011"]
    assert found.organisation_number == "2120009945"
    assert found.municipality == "Exempelkommunen"
    assert found.school_types[0]["schoolType"] == "GR"
    assert {"schoolYear": 6, "dnpStatus": True} in found.school_types[0]["schoolYears"]
    assert found.fetched_at is not None


def test_a_test_that_is_no_longer_listed_is_gone_and_can_come_back(script: ScriptedServer) -> None:
    script.paths[f"{BASE}/activities"] = [
        Reply(body=[a_test("GRGRMAT01_6", schoolYear=6), a_test("GRGRENG01_6")]),
        Reply(body=[a_test("GRGRENG01_6", comment="Ny text"), a_test("GRGRSVE01_6")]),
        Reply(body=[a_test("GRGRMAT01_6"), a_test("GRGRENG01_6")]),
    ]
    assert refresh_national_tests(ENVIRONMENT).message == "2 nationella prov och bedömningsstöd."
    assert refresh_national_tests(ENVIRONMENT).message == "2 nationella prov och bedömningsstöd (1 nya, 1 borttagna)."
    assert [test.name for test in national_tests(ENVIRONMENT)] == ["GRGRENG01_6", "GRGRSVE01_6"]
    assert len(national_tests(ENVIRONMENT, include_gone=True)) == 3
    gone = national_test(ENVIRONMENT, "GRGRMAT01_6")
    assert gone is not None
    assert gone.gone_at is not None
    assert NationalTest.objects.get(name="GRGRENG01_6").comment == "Ny text"
    refresh_national_tests(ENVIRONMENT)
    back = national_test(ENVIRONMENT, "GRGRMAT01_6")
    assert back is not None
    assert back.gone_at is None


@pytest.mark.parametrize(
    "trouble",
    [Reply(503), Reply(200, b"<html>"), Reply(body=[]), Reply(body={"a": 1}), Reply(body=[{"id": "x"}])],
    ids=["503", "html", "empty", "no-list", "unreadable"],
)
def test_trouble_leaves_what_was_there(script: ScriptedServer, trouble: Reply) -> None:
    good = [Reply(body=[a_test("GRGRMAT01_6")]), trouble]
    script.paths[f"{BASE}/activities"] = good
    script.paths[f"{BASE}/programmes"] = [
        Reply(body=[{"id": str(uuid.uuid4()), "educationCode": "EK", "validFrom": "2020-01-01T00:00:00"}]),
        trouble,
    ]
    assert refresh(ENVIRONMENT).succeeded
    before = NationalTest.objects.get()
    fetch = refresh(ENVIRONMENT)
    assert not fetch.succeeded
    assert fetch.message.startswith("Nationella prov")
    assert "tudievägar kunde inte hämtas: " in fetch.message
    assert fetch.message.endswith("Det som inte kunde hämtas är kvar som det var.")
    after = NationalTest.objects.get()
    assert (after.fetched_at, after.gone_at) == (before.fetched_at, None)
    assert programmes(ENVIRONMENT)["EK"].gone_at is None


def test_a_skolverket_that_is_away_is_waited_for_once(script: ScriptedServer) -> None:
    for name in ("activities", "programmes", "organisations/code/2120009945"):
        script.paths[f"{BASE}/{name}"] = [Reply(503)]

    assert not refresh(ENVIRONMENT, (), "2120009945").succeeded

    asked = [seen.path.removeprefix(f"{BASE}/").partition("?")[0] for seen in script.seen]
    assert asked == ["activities"] * 3 + ["programmes", "organisations/code/2120009945"]


def test_trouble_in_one_part_does_not_stop_the_others(script: ScriptedServer) -> None:
    script.paths[f"{BASE}/activities"] = [Reply(503)]
    script.paths[f"{BASE}/programmes"] = [Reply(body=[{"id": str(skolverket_id("EK")), "educationCode": "EK"}])]
    fetch = refresh(ENVIRONMENT)
    assert not fetch.succeeded
    assert "1 studievägar." in fetch.message
    assert "EK" in programmes(ENVIRONMENT)


def test_half_a_round_of_school_units_stores_none(script: ScriptedServer) -> None:
    script.paths[f"{BASE}/schoolUnits/code/10000001"] = [Reply(body=a_unit("10000001"))]
    script.paths[f"{BASE}/schoolUnits/code/10000002"] = [Reply(503)]
    result = refresh_school_units(ENVIRONMENT, ["10000001", "10000002"])
    assert not result.succeeded
    assert not SchoolUnit.objects.exists()


def test_a_school_unit_that_disappears_keeps_its_name(script: ScriptedServer) -> None:
    script.paths[f"{BASE}/schoolUnits/code/10000001"] = [
        Reply(body=a_unit("10000001", status="Active", dnpStatus=True)),
        UNKNOWN_UNIT,
    ]
    refresh_school_units(ENVIRONMENT, ["10000001"])
    refresh_school_units(ENVIRONMENT, ["10000001"])
    unit = SchoolUnit.objects.get()
    assert (unit.status, unit.dnp_status, unit.name) == (Status.UNKNOWN, None, "Skola 10000001")


def test_an_id_that_is_not_the_derived_one_is_told(script: ScriptedServer) -> None:
    other = uuid.uuid4()
    script.paths[f"{BASE}/schoolUnits/code/10000001"] = [Reply(body={**a_unit("10000001"), "id": str(other)})]
    script.paths[f"{BASE}/activities"] = [Reply(body=[{**a_test("GRGRMAT01_6"), "id": str(other)}])]
    script.paths[f"{BASE}/programmes"] = [Reply(body=[{"id": str(other), "educationCode": "EK"}])]
    for result, code in (
        (refresh_school_units(ENVIRONMENT, ["10000001"]), "10000001"),
        (refresh_national_tests(ENVIRONMENT), "GRGRMAT01_6"),
        (refresh_programmes(ENVIRONMENT), "EK"),
    ):
        assert f"ett annat id än det som Provsluss räknar fram och skickar för {code}" in result.message
        assert "Kontakta" in result.message
    assert SchoolUnit.objects.get().skolverket_id == other


def test_an_organisation_that_skolverket_does_not_know(simulator: str) -> None:
    result = refresh_organisation(ENVIRONMENT, "5560000001")
    assert result.succeeded
    assert "finns inte" in result.message
    assert "5560000001" not in result.message  # a sole trader's number is a personnummer


def test_an_unknown_environment_is_an_error() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        refresh("nowhere")
    assert not Fetch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_do_not_disturb_each_other(simulator: str) -> None:
    done: list[bool] = []

    def one() -> None:
        try:
            done.append(refresh(ENVIRONMENT, {"11111111"}, "2120009945").succeeded)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == [True] * 4
    assert NationalTest.objects.count() == 102
    assert SchoolUnit.objects.filter(code="11111111").count() == 1


def test_one_cause_is_told_once(script: ScriptedServer) -> None:
    script.paths[f"{BASE}/activities"] = [Reply(body=[])]
    script.paths[f"{BASE}/programmes"] = [Reply(body=[])]
    assert refresh(ENVIRONMENT).message == (
        "Nationella prov och studievägar kunde inte hämtas: Skolverkets lista var tom. "
        "Det som inte kunde hämtas är kvar som det var."
    )
