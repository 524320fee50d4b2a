"""`provsluss demo` starts everything, and ends everything."""

import os
import signal
import socket
import sqlite3
import time
from pathlib import Path

import httpx2
import pytest

from tests.fixtures.command import run_command
from tests.fixtures.demo import Demo, start_demo
from tests.fixtures.processes import Start

SECOND_START = 5.0


@pytest.fixture(scope="module")
def started() -> list[Demo]:
    """The demos that have been started here, all in the same directory; at most the last of them runs."""
    return []


@pytest.fixture
def demo(started: list[Demo], start_process: Start, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A running demo: the one that the test before left, or if that has ended, one more in its directory."""
    if not started or started[-1].running.process.poll() is not None:
        data_dir = started[-1].data_dir if started else tmp_path_factory.mktemp("demo")
        started.append(start_demo(start_process, data_dir, "--pupils", 60))
    return started[-1]


def is_gone(demo: Demo) -> bool:
    """Whether nobody listens on the demo's two ports any more, within a moment."""
    deadline = time.monotonic() + 10
    for url in (demo.url, demo.simulator_url):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(address) != 0:
                    break
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    return True


def child_of(demo: Demo, module: str) -> int:
    """The id of the demo's own child that runs `module`."""
    parent = demo.running.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    (child,) = (int(pid) for pid in children if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes())
    return child


def test_it_prints_one_address_a_user_and_a_password_that_open_the_door(demo: Demo) -> None:
    printed = demo.running.output()
    assert printed.count("http://") == 1
    assert demo.url in printed
    assert demo.password in printed
    with httpx2.Client(base_url=demo.url, follow_redirects=True) as client:
        client.get("/konto/logga-in/")
        answer = client.post(
            "/konto/logga-in/",
            data={
                "login": demo.user,
                "password": demo.password,
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            },
            headers={"Referer": demo.url},
        )
        assert client.get("/drift/").status_code == 200
    assert answer.status_code == 200
    assert "Exempelkommunen" in answer.text
    assert "Simulator" in answer.text


def test_a_second_demo_in_the_same_directory_is_refused(demo: Demo) -> None:
    refused = run_command(demo.data_dir, "demo")
    assert refused.returncode == 2
    assert "redan igång" in refused.stderr


def processor_seconds(demo: Demo) -> float:
    """What the demo and its children have used so far, children's children too."""
    waiting, ticks = [demo.running.process.pid], 0
    while waiting:
        pid = waiting.pop()
        ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


def accept_one(demo: Demo) -> None:
    """Let the demo's simulator have accepted something, at the port that it has now."""
    with sqlite3.connect(demo.data_dir / "provsluss.sqlite3") as database:
        database.execute(
            "INSERT INTO transfers_accepted (organisation_id, environment, address, kind, object_id, payload_hash, "
            "payload, accepted_at, with_warning, perhaps, login_hash) "
            "SELECT id, 'simulator', ?, 'groups', ?, 'x', '{}', '2026-11-01', 0, 0, '' FROM organisations_organisation",
            (f"{demo.simulator_url}/provisioning/v1", "0" * 32),
        )


def addresses(demo: Demo) -> set[str]:
    """Where something has been accepted."""
    with sqlite3.connect(demo.data_dir / "provsluss.sqlite3") as database:
        return {address for (address,) in database.execute("SELECT address FROM transfers_accepted")}


def test_the_second_start_is_fast_and_knows_its_simulator_at_another_port(
    demo: Demo, started: list[Demo], start_process: Start
) -> None:
    demo.running.end()
    accept_one(demo)
    began = time.monotonic()
    started.append(start_demo(start_process, demo.data_dir, "--pupils", 60))
    seconds, used = time.monotonic() - began, processor_seconds(started[-1])
    # Five seconds by the clock, or, since other tests run beside this one, as much work as two cores do in that time.
    assert seconds < SECOND_START or used < 2 * SECOND_START
    assert started[-1].simulator_url != demo.simulator_url
    assert addresses(started[-1]) == {f"{started[-1].simulator_url}/provisioning/v1"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_all_its_children(demo: Demo, how: signal.Signals) -> None:
    assert demo.running.end(how) == 0
    assert is_gone(demo)
    assert "Demon är avslutad" in demo.running.output()
    assert "Traceback" not in demo.running.output()


def test_a_child_that_dies_ends_the_demo_with_a_clear_message(demo: Demo) -> None:
    os.kill(child_of(demo, "provsluss.simulator"), signal.SIGKILL)
    assert demo.running.process.wait(20) == 2
    assert "Processen simulator avslutades oväntat" in demo.running.output()
    assert is_gone(demo)


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run_command(tmp_path, "demo", "--port", port)
    assert refused.returncode == 2
    assert f"Port {port} används redan" in refused.stderr
    assert "--port" in refused.stderr


def test_a_huvudman_in_another_environment_is_left_alone(tmp_path: Path) -> None:
    run_command(tmp_path, "organisation", "add", "2120009945", "Exempelkommunen")
    refused = run_command(tmp_path, "demo")
    assert refused.returncode == 2
    assert "Demon körs bara mot simulatorn" in refused.stderr
