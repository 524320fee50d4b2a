"""The simulator's own pages that count."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.simulator.conftest import QUICK
from tests.simulator.huvudman import Huvudman, person


def test_calls_are_counted_by_kind_of_path(huvudman: Huvudman) -> None:
    huvudman.http.post("/log/reset")
    before = time.time()
    huvudman.sent("persons", person(), person(civicNo={"value": "1"}))
    huvudman.get(f"/persons/{uuid.uuid4()}")
    log = huvudman.http.get("/log").json()
    assert log["calls"]["POST /provisioning/v1/persons/bulk"] == 1
    assert log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}"] == 1
    assert log["calls"]["GET /provisioning/v1/persons/{id}"] == 1
    assert (log["statuses"]["202"], log["statuses"]["404"], log["too_many_requests"]) == (1, 1, 0)
    assert before <= log["first_post"] <= log["last_post"] <= time.time()
    assert log["finished"] == {"Success": 1, "Error": 1}
    huvudman.http.post("/log/reset")
    log = huvudman.http.get("/log").json()
    assert (log["calls"], log["first_post"], log["finished"]) == ({"GET /log": 1}, None, {})


def test_calls_that_are_under_way_together_are_counted(huvudman: Huvudman) -> None:
    huvudman.http.post("/log/reset")
    huvudman.get("/persons")
    assert huvudman.http.get("/log").json()["most_at_once"] == 1
    huvudman.http.post("/faults", json={"answer_delay": 0.5})
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(huvudman.get, ["/persons"] * 3))
    huvudman.http.post("/faults", json={"answer_delay": 0})
    assert huvudman.http.get("/log").json()["most_at_once"] == 3


def test_429_is_counted(huvudman: Huvudman) -> None:
    huvudman.http.post("/log/reset")
    huvudman.http.post("/faults", json={"read_rate": 1})
    for _ in range(3):
        huvudman.get("/persons")
    huvudman.http.post("/faults", json={"read_rate": 0})
    assert huvudman.http.get("/log").json()["too_many_requests"] == 2


def test_what_is_stored_is_counted_without_the_neighbours_pupils(huvudman: Huvudman) -> None:
    before = huvudman.http.get("/stored").json()
    pupils = [person() for _ in range(3)]
    huvudman.sent("persons", *pupils, person(enrolments=[]))
    after = huvudman.http.get("/stored").json()
    assert after["persons"] - before["persons"] == 4
    assert after["provisioned"]["persons"] - before["provisioned"]["persons"] == 3


def test_the_digest_tells_whether_two_have_the_same_stored(start_simulator: Callable[..., str]) -> None:
    one, two = Huvudman(start_simulator(*QUICK)), Huvudman(start_simulator(*QUICK))
    pupils = [person(), person()]
    one.sent("persons", *pupils)
    two.sent("persons", pupils[1])

    def digest(huvudman: Huvudman) -> str:
        return str(huvudman.http.get("/stored").json()["digests"]["persons"])

    assert digest(one) != digest(two)
    two.sent("persons", pupils[0])
    assert digest(one) == digest(two)
    two.sent("persons", {**pupils[0], "givenName": "Annan"})
    assert digest(one) != digest(two)


def test_400_objects_are_answered_quickly(huvudman: Huvudman) -> None:
    accepted = huvudman.post("persons", *(person() for _ in range(400)))
    assert len(huvudman.finished(accepted)) == 400
    times = []
    for _ in range(9):
        started = time.perf_counter()
        huvudman.http.get(accepted.headers["location"])
        times.append(time.perf_counter() - started)
    assert sorted(times)[4] < 0.03
