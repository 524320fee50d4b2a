"""The open-data API (rules.md O1-O4, 3.1, 3.3) and the made-up Sweden behind it."""

import json
import uuid
from pathlib import Path

import httpx2
import pytest

from tests.simulator.huvudman import NIL, Huvudman


@pytest.fixture
def open_data(quick_simulator: str) -> httpx2.Client:
    """A client without a token."""
    return httpx2.Client(base_url=f"{quick_simulator}/open-data/v1", verify=False)


def test_the_national_tests_are_those_of_skolverket(open_data: httpx2.Client, shared: Path) -> None:
    official = json.loads((shared / "skolverket" / "activities.json").read_text("utf-8"))
    offered = open_data.get("/activities").json()
    assert len(offered) == 102
    assert sorted(offered, key=lambda test: test["id"]) == sorted(official, key=lambda test: test["id"])
    assert open_data.get(f"/activities/{official[0]['id']}").json() == official[0]


@pytest.mark.parametrize(
    ("kind", "code", "official_id"),
    [
        ("schoolUnits", "31279295", "fb22448b-b724-5e53-8a2c-d8b339206901"),
        ("organisations", "5567044268", "657ae6a4-2978-5fbe-b357-ba353c0f03b5"),
        ("programmes", "EKJURV", "f8bd4423-9693-51ed-a854-6e9984e6c2f7"),
    ],
)
def test_ids_are_derived_from_codes_as_in_skolverkets_examples(
    open_data: httpx2.Client, kind: str, code: str, official_id: str
) -> None:
    by_code = open_data.get(f"/{kind}/code/{code}").json()
    assert by_code["id"] == official_id
    assert open_data.get(f"/{kind}/{official_id}").json() == by_code


def test_exempelkommunen_has_360_units_that_can_be_computed(open_data: httpx2.Client) -> None:
    organisation = open_data.get("/organisations/code/2120009945", params={"expandSchoolUnits": "true"}).json()
    units = {unit["schoolUnitCode"]: unit for unit in organisation["schoolUnits"]}
    assert organisation["displayName"] == "Exempelkommunen"
    assert len({unit["displayName"] for unit in units.values()}) == len(units) == 362
    for i in range(360):
        unit = units[str(90000000 + 37 * i + 11)]
        [offered] = unit["schoolTypes"]
        assert unit["id"] == str(uuid.uuid5(NIL, unit["schoolUnitCode"]))
        assert offered["schoolType"] == (
            "SP"
            if i % 30 == 29
            else "SAM"
            if i % 30 == 17
            else "VUXGY"
            if i % 12 == 11
            else "GY"
            if i % 6 == 4
            else "GR"
        )
        years = {"GR": 9, "SP": 10, "SAM": 6}.get(offered["schoolType"], 0)
        assert [year["schoolYear"] for year in offered["schoolYears"]] == list(range(1, years + 1))
        assert unit["dnpStatus"] and offered["dnpStatus"] and all(year["dnpStatus"] for year in offered["schoolYears"])
    assert units["90099901"]["status"] == "Expired"
    assert units["90099902"]["dnpStatus"] is False


def test_units_are_left_out_unless_asked_for(open_data: httpx2.Client) -> None:
    assert "schoolUnits" not in open_data.get("/organisations/code/2120009945").json()


def test_testskolan_has_everything(open_data: httpx2.Client) -> None:
    unit = open_data.get("/schoolUnits/code/31279295").json()
    assert {each["schoolType"] for each in unit["schoolTypes"]} == {"GR", "SP", "SAM", "GY", "VUXGY"}


def test_a_programme_can_be_new_active_or_expired(open_data: httpx2.Client) -> None:
    programmes = open_data.get("/programmes").json()
    assert {each["status"] for each in programmes} == {"New", "Active", "Expired"}
    assert {each["schoolType"] for each in programmes} == {"GY"}


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/organisations/code/2021004185", 404, "Organisation not found"),
        ("/schoolUnits/code/90000012", 404, "School unit not found"),
        ("/programmes/code/XX", 404, "Programme not found"),
        ("/activities/0b5c2a5e-6a55-4a9b-9d0f-5d3c1a7e2f10", 404, "Activity not found"),
        ("/schoolUnits/90000011", 400, "Invalid parameter: id"),
        ("/organisations/x", 400, "Invalid parameter: id"),
        ("/organisations/code/2120009945?expandSchoolUnits=ja", 400, "Invalid parameter: expandSchoolUnits"),
        ("/schoolUnits", 404, "Not found"),
    ],
)
def test_errors_have_the_shape_of_the_open_data_api(
    open_data: httpx2.Client, path: str, status: int, message: str
) -> None:
    answer = open_data.get(path)
    error = answer.json()
    assert (answer.status_code, error["code"], error["message"]) == (status, status, message)
    assert set(error) == {"code", "message", "timeStamp"}


def test_it_has_no_limits(open_data: httpx2.Client, huvudman: Huvudman) -> None:
    huvudman.http.post("/faults", json={"read_rate": 1})
    assert {open_data.get("/alive").status_code for _ in range(5)} == {200}
    huvudman.http.post("/faults", json={"read_rate": 0})
