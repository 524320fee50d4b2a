"""Workers that a test starts, freezes and kills at will, on an installation of its own."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tests.engine.installation import Installation
from tests.fixtures import python
from tests.fixtures.python import Started


class Nest:
    """The client of tests/engine/nest.py."""

    def __init__(self, process: Started, questions: IO[str], answers: IO[str], log: Path) -> None:
        self._process = process
        self._questions = questions
        self._answers = answers
        self._log = log
        self.workers: list[int] = []
        assert self._answer() == "ready", self.output()

    def ask(self, command: str, *arguments: object) -> Any:
        """Give a command and return its answer."""
        self._questions.write(" ".join(map(str, (command, *arguments))) + "\n")
        self._questions.flush()
        return self._answer()

    def start_worker(self, version: str = "") -> int:
        """A new worker's process id, or of one of another version. The newest stands last in `workers`."""
        self.workers.append(self.ask("worker", version))
        return self.workers[-1]

    def kill(self, pid: int) -> None:
        """End a worker with -9."""
        self.ask("kill", pid)
        self.workers.remove(pid)

    def freeze(self, pid: int) -> None:
        """Stop a worker where it stands; it does not notice."""
        os.kill(pid, signal.SIGSTOP)

    def thaw(self, pid: int) -> None:
        """Let a frozen worker go on."""
        os.kill(pid, signal.SIGCONT)

    def output(self) -> str:
        """Everything that the workers have logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """End all workers and the nest."""
        for pid in list(self.workers):
            self.kill(pid)
        self._questions.close()
        self._process.wait(20)

    def _answer(self) -> Any:
        line = self._answers.readline()
        assert line, self.output()
        return json.loads(line)


@contextmanager
def nest_of(here: Installation, migrate: bool = True) -> Iterator[Nest]:
    """A nest on this installation, with its tables made; everything in it is ended after the test."""
    here.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if migrate:
        here.demand_tables()
    log = here.data_dir / "workers.log"
    asked_read, asked = os.pipe()
    answered, answered_written = os.pipe()
    with log.open("wb") as output:
        process = python.start(
            *("-m", "tests.engine.nest"), environment=here.environment, new_session=True,
            stdin=asked_read, stdout=answered_written, stderr=output,
        )  # fmt: skip
    os.close(asked_read)
    os.close(answered_written)
    with os.fdopen(asked, "w") as questions, os.fdopen(answered) as answers:
        try:
            nest = Nest(process, questions, answers, log)
            yield nest
            nest.end()
        finally:
            with suppress(ProcessLookupError):  # the nest and its workers are one group; usually nobody is left
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


def wait(reached: Callable[[], bool], seconds: float, what: Callable[[], object] = lambda: "") -> None:
    """Until `reached` says yes; after `seconds` the test fails and shows `what`."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, what()
        time.sleep(0.03)
