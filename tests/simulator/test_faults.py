"""The switches that make things go wrong, at the start and while the simulator runs."""

import time
import uuid
from collections.abc import Callable, Iterator

import httpx2
import pytest

from provsluss.simulator.faults import Dice
from provsluss.simulator.options import SimulatorOptions
from tests.simulator.conftest import QUICK
from tests.simulator.huvudman import PROVISIONING, Huvudman, codes, person

NONE = {
    "fail_share": 0,
    "drop_share": 0,
    "html_share": 0,
    "slow_share": 0,
    "never_share": 0,
    "forget_share": 0,
    "partial_share": 0,
    "lost_share": 0,
    "lost_ids": [],
    "answer_delay": 0,
    "duplicate_share": 0,
    "temporary_share": 0,
    "refused_ids": [],
    "down_seconds": 0,
    "storm_seconds": 0,
    "max_bytes": 200_000,
    "delay": 0.05,
    "delay_spread": 0,
}


@pytest.fixture
def disturbed(huvudman: Huvudman) -> Iterator[Huvudman]:
    """A school organiser whose test may switch faults on; they are switched off afterwards."""
    yield huvudman
    switch(huvudman, **NONE)


def switch(huvudman: Huvudman, **faults: object) -> None:
    """Changes faults while the simulator runs."""
    assert huvudman.http.post("/faults", json=faults).status_code == 200


def test_a_change_keeps_the_other_faults_and_is_shown(disturbed: Huvudman) -> None:
    switch(disturbed, slow_factor=3)
    switch(disturbed, fail_share=0.5)
    shown = disturbed.http.get("/faults").json()
    assert (shown["slow_factor"], shown["fail_share"], shown["delay"]) == (3, 0.5, 0.05)


@pytest.mark.parametrize("wrong", [{"fail_share": 2}, {"unknown": 1}, {"delay": -1}, [], {"refused_ids": 3}])
def test_a_wrong_switch_changes_nothing(disturbed: Huvudman, wrong: object) -> None:
    before = disturbed.http.get("/faults").json()
    answer = disturbed.http.post("/faults", json=wrong)
    assert (answer.status_code, list(answer.json())) == (400, ["message"])
    assert disturbed.http.get("/faults").json() == before


def test_a_share_of_503(disturbed: Huvudman) -> None:
    switch(disturbed, fail_share=0.5)
    answers = [disturbed.get("/persons") for _ in range(60)]
    assert {each.status_code for each in answers} == {200, 503}
    assert {each.json()[0]["id"] for each in answers if each.status_code == 503} == {"5022"}


def test_broken_connections_come_before_and_after_the_call_was_carried_out(disturbed: Huvudman) -> None:
    switch(disturbed, drop_share=1)
    pupils = [person() for _ in range(16)]
    for pupil in pupils:
        with pytest.raises(httpx2.TransportError):
            disturbed.post("persons", pupil)
    switch(disturbed, drop_share=0)
    time.sleep(0.2)
    arrived = [disturbed.get(f"/persons/{pupil['id']}").status_code for pupil in pupils]
    assert set(arrived) == {200, 404}
    assert disturbed.http.get("/log").json()["dropped"] >= 16


def test_an_html_page_instead_of_json(disturbed: Huvudman) -> None:
    switch(disturbed, html_share=1)
    answers = [disturbed.post("persons", person()) for _ in range(12)]
    assert {each.status_code for each in answers} == {200, 502}
    assert {each.headers["content-type"] for each in answers} == {"text/html; charset=utf-8"}


def test_down_for_a_while(disturbed: Huvudman) -> None:
    switch(disturbed, down_seconds=0.5)
    asked = {"access_token": {"access": [{"type": "provisioning-api"}]}, "client": {"key": "https://a.example"}}
    assert disturbed.get("/alive").status_code == 503
    assert disturbed.get("/persons").json()[0]["id"] == "5022"
    assert disturbed.http.get("/open-data/v1/activities").status_code == 503
    assert disturbed.http.post("/transaction", json=asked).status_code == 503
    assert 0 < disturbed.http.get("/faults").json()["down_seconds"] <= 0.5
    time.sleep(0.55)
    assert disturbed.get("/persons").status_code == 200


def test_a_storm_of_429(disturbed: Huvudman) -> None:
    switch(disturbed, storm_seconds=0.4)
    assert disturbed.get("/persons").json()[0]["id"] == "5021"
    time.sleep(0.45)
    assert disturbed.get("/persons").status_code == 200


def test_slow_jobs(disturbed: Huvudman) -> None:
    switch(disturbed, slow_share=1, slow_factor=12)
    accepted = disturbed.post("persons", person())
    time.sleep(0.3)
    assert disturbed.http.get(accepted.headers["location"] + "/isCompleted").json() is False
    assert [item["response"]["status"] for item in disturbed.finished(accepted)] == ["Success"]


def test_jobs_that_differ_in_time_within_the_spread() -> None:
    dice = Dice(SimulatorOptions(delay=1.0, delay_spread=2.0, seed=3))
    drawn = [dice.job_seconds() for _ in range(200)]
    assert 1.0 <= min(drawn) < 1.2
    assert 2.8 < max(drawn) <= 3.0
    dice.change({"delay_spread": 0.0})
    assert dice.job_seconds() == 1.0


def test_a_job_waits_out_the_spread_too(disturbed: Huvudman) -> None:
    switch(disturbed, delay=0, delay_spread=1000)
    accepted = disturbed.post("persons", person())
    assert disturbed.http.get(accepted.headers["location"] + "/isCompleted").json() is False


def test_jobs_that_never_end(disturbed: Huvudman) -> None:
    switch(disturbed, never_share=1, delay=0)
    accepted = disturbed.post("persons", person())
    time.sleep(0.2)
    assert disturbed.http.get(accepted.headers["location"] + "/isCompleted").json() is False


def test_jobs_that_are_forgotten_when_done(disturbed: Huvudman) -> None:
    switch(disturbed, forget_share=1)
    pupil = person()
    accepted = disturbed.post("persons", pupil)
    assert disturbed.http.get(accepted.headers["location"]).status_code == 200
    time.sleep(0.2)
    answer = disturbed.http.get(accepted.headers["location"])
    assert (answer.status_code, answer.json()[0]["id"]) == (404, "4001")
    assert disturbed.get(f"/persons/{pupil['id']}").status_code == 200, "what was sent is stored all the same"


def test_answers_that_leave_objects_out_or_tell_them_twice(disturbed: Huvudman) -> None:
    pupils = [person() for _ in range(8)]
    ids = [each["id"] for each in pupils]
    switch(disturbed, partial_share=1)
    items = disturbed.finished(disturbed.post("persons", *pupils))
    assert [item["id"] for item in items] == ids[:3] + ids[4:7]
    switch(disturbed, partial_share=0, duplicate_share=1)
    items = disturbed.finished(disturbed.post("persons", *pupils))
    assert [item["id"] for item in items] == [ids[0], *ids[:5], *ids[4:]]


def test_objects_that_are_lost_are_neither_answered_nor_stored(disturbed: Huvudman) -> None:
    pupils = [person() for _ in range(5)]
    ids = [each["id"] for each in pupils]
    switch(disturbed, lost_share=1, lost_ids=[ids[4]])
    items = disturbed.finished(disturbed.post("persons", *pupils))
    assert [item["id"] for item in items] == ids[:3]
    assert [disturbed.get(f"/persons/{each}").status_code for each in ids] == [200, 200, 200, 404, 404]


def test_slow_answers_to_calls_that_are_carried_out_at_once(disturbed: Huvudman) -> None:
    switch(disturbed, answer_delay=0.4)
    pupil, begun = person(), time.monotonic()
    [item] = disturbed.finished(disturbed.post("persons", pupil))
    assert item["response"]["status"] == "Success"
    assert time.monotonic() - begun >= 0.8


def test_a_temporary_error_comes_once(disturbed: Huvudman) -> None:
    switch(disturbed, temporary_share=1)
    pupil = person()
    [first] = disturbed.sent("persons", pupil)
    assert (first["status"], first["statusCode"], codes(first)) == ("TemporaryError", 503, ["5030"])
    assert disturbed.get(f"/persons/{pupil['id']}").status_code == 404
    assert [each["status"] for each in disturbed.sent("persons", pupil)] == ["Success"]


def test_refused_ids(disturbed: Huvudman) -> None:
    refused, other = person(), person()
    switch(disturbed, refused_ids=[refused["id"]])
    first, second = disturbed.sent("persons", refused, other)
    assert (first["status"], codes(first), second["status"]) == ("Error", ["3090"], "Success")


def test_a_smaller_limit_for_the_body(disturbed: Huvudman) -> None:
    switch(disturbed, max_bytes=100)
    assert disturbed.post("persons", person()).status_code == 413


def test_the_same_seed_gives_the_same_faults(start_simulator: Callable[..., str]) -> None:
    ids = [str(uuid.UUID(int=number)) for number in range(40)]

    def run(seed: int) -> tuple[list[int], list[str]]:
        switches = ("--seed", seed, "--fail-share", "0.3", "--temporary-share", "0.3")
        here = Huvudman(start_simulator(*QUICK, *switches))
        statuses = [here.get("/persons").status_code for _ in range(40)]
        switch(here, fail_share=0)
        answers = here.finished(here.http.post(f"{PROVISIONING}/persons/bulk/delete", json={"data": ids}))
        return statuses, [item["response"]["status"] for item in answers]

    first = run(7)
    assert first == run(7)
    assert first != run(8)
    assert set(first[0]) == {200, 503}
    assert set(first[1]) == {"Success", "TemporaryError"}
