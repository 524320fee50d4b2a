"""Skolverket's open data, from the simulator and from servers that answer oddly."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from provsluss.provtjanst.calls import new_http
from provsluss.provtjanst.errors import Refused, TemporaryTrouble, TooManyCalls
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.open_data import OpenDataClient
from provsluss.ss12000.ids import skolverket_id
from tests.provtjanst.scripted_server import Reply, ScriptedServer

THEIR_404 = Reply(404, {"code": 404, "message": "School unit not found", "timeStamp": "2021-06-10T17:39:38+02:00"})


@pytest.fixture
def odd(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDataClient]:
    """A client of the scripted server that pauses briefly between its tries."""
    monkeypatch.setattr("provsluss.provtjanst.open_data.PAUSES", (0.01, 0.01))
    client = OpenDataClient(server.address, CallLimits(0, 0), new_http(1, 1))
    yield client
    client.close()


def test_the_simulators_open_data(start_simulator: Callable[..., str]) -> None:
    client = OpenDataClient(f"{start_simulator()}/open-data/v1", CallLimits())
    unit = client.school_unit_by_code("31279295")
    assert unit is not None
    assert (unit.id, unit.status, unit.dnp_status) == (skolverket_id("31279295"), "Active", True)
    assert unit.parent_organisation is not None
    assert unit.parent_organisation.organisation_number == "5567044268"
    assert {part.school_type for part in unit.school_types} >= {"GR", "GY"}
    assert client.school_unit_by_code("00000000") is None
    assert client.organisation_by_code("0000000000") is None
    bare, expanded = (client.organisation_by_code("5567044268", expand) for expand in (False, True))
    assert bare is not None and expanded is not None
    assert (bare.school_units, [each.school_unit_code for each in expanded.school_units]) == ([], ["31279295"])
    assert "GRGRMAT01_6" in {test.display_name for test in client.national_tests()}
    assert all(programme.id == skolverket_id(programme.education_code) for programme in client.programmes())
    assert client.alive() is True


def test_odd_elements_and_fields_do_not_hide_the_good_ones(odd: OpenDataClient, server: ScriptedServer) -> None:
    good = {"id": str(uuid.uuid4()), "displayName": "GRGRMAT01_6", "schoolYear": "sex", "schoolType": 7, "new": []}
    server.replies = [Reply(body=[None, 3, {"id": "no-uuid", "displayName": "x"}, {}, good])]
    [test] = odd.national_tests()
    assert (test.display_name, test.school_year, test.school_type) == ("GRGRMAT01_6", None, None)


def test_a_code_cannot_leave_its_place_in_the_address(odd: OpenDataClient, server: ScriptedServer) -> None:
    server.replies = [THEIR_404]
    assert odd.school_unit_by_code("../a?b=c") is None
    assert server.seen[0].path == "/schoolUnits/code/..%2Fa%3Fb%3Dc"


def test_a_gateways_404_does_not_mean_that_the_school_unit_is_unknown(
    odd: OpenDataClient, server: ScriptedServer
) -> None:
    for reply in (Reply(404, b"<html>"), Reply(404, b""), Reply(404, {"error": "no route"})):
        server.replies = [reply]
        with pytest.raises(TemporaryTrouble):
            odd.school_unit_by_code("31279295")


def test_short_trouble_is_overcome_and_long_trouble_is_told(odd: OpenDataClient, server: ScriptedServer) -> None:
    server.replies = [Reply(503), Reply(drop=True), Reply(body=[])]
    assert odd.programmes() == []
    assert len(server.seen) == 3
    server.replies = [Reply(503, {"code": 503, "message": "x", "timeStamp": ""})]
    with pytest.raises(TemporaryTrouble, match=r"inte tillgängliga just nu \(503\)"):
        odd.programmes()
    assert len(server.seen) == 6
    assert odd.alive() is False


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(429, b"", {"Retry-After": "0"}), TooManyCalls),
        (Reply(200, b"<html>"), TemporaryTrouble),
        (Reply(200, {"data": []}), TemporaryTrouble),
        (Reply(200, b"nonsense"), TemporaryTrouble),
        (Reply(301), TemporaryTrouble),
        (Reply(400, {"code": 400, "message": "Invalid parameter: id"}), Refused),
    ],
)
def test_answers_that_are_no_list(
    odd: OpenDataClient, server: ScriptedServer, reply: Reply, expected: type[Exception]
) -> None:
    server.replies = [reply]
    with pytest.raises(expected) as caught:
        odd.programmes()
    assert type(caught.value) is expected
