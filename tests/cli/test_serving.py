"""`provsluss serve`, `web`, `worker` and `migrate`: they start, say what is wrong, and end when asked."""

import signal
import socket
from pathlib import Path

import pytest

from tests.fixtures.command import run_command
from tests.fixtures.free_port import free_port
from tests.fixtures.processes import Running, Start

READY = "Provsluss svarar på"


def start_command(
    start_process: Start, data_dir: Path, *arguments: object, anew: bool = False, **environment: str
) -> Running:
    environment = {"PROVSLUSS_DATA_DIR": str(data_dir), **environment}
    return start_process("-m", "provsluss", *arguments, environment=environment, anew=anew)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_ends_cleanly(start_process: Start, tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    running = start_command(start_process, tmp_path, "serve", "--port", port, anew=True)
    running.wait_until_prints(READY)
    running.wait_until_answers(f"http://127.0.0.1:{port}/konto/logga-in/")
    assert running.end(how) == 0
    assert "Traceback" not in running.output()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_serve_is_the_worker_so_no_other_can_be(start_process: Start, tmp_path: Path) -> None:
    port = free_port()
    running = start_command(start_process, tmp_path, "serve", "--port", port)
    running.wait_until_answers(f"http://127.0.0.1:{port}/konto/logga-in/")
    second = run_command(tmp_path, "worker")
    assert second.returncode == 2
    assert "En annan process" in second.stderr


def test_a_worker_ends_when_asked(start_process: Start, tmp_path: Path) -> None:
    running = start_command(start_process, tmp_path, "worker", anew=True)
    running.wait_until_prints("Provsluss arbetar")
    assert running.end(signal.SIGTERM) == 0
    assert "Traceback" not in running.output()


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run_command(tmp_path, command, "--port", taken.getsockname()[1])
    assert refused.returncode == 2
    assert "används redan av ett annat program. Välj en annan med --port." in refused.stderr


@pytest.mark.postgresql
def test_web_and_two_workers_share_a_postgresql_database(
    start_process: Start, tmp_path: Path, postgresql_url: str
) -> None:
    setting = {"PROVSLUSS_DATABASE_URL": postgresql_url}
    migrated = run_command(tmp_path, "migrate", **setting)
    assert (migrated.returncode, migrated.stdout.strip()) == (0, "Databasen är klar."), migrated.stderr
    port = free_port()
    web = start_command(start_process, tmp_path, "web", "--port", port, **setting)
    workers = [start_command(start_process, tmp_path, "worker", **setting) for _ in range(2)]
    web.wait_until_answers(f"http://127.0.0.1:{port}/konto/logga-in/")
    for worker in workers:
        worker.wait_until_prints("Provsluss arbetar")
    assert [running.end() for running in (web, *workers)] == [0, 0, 0]


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    refused = run_command(tmp_path, "migrate", PROVSLUSS_DATABASE_URL=url)
    assert refused.returncode == 2
    assert "PROVSLUSS_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
