"""Child processes that live and end together."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from provsluss.cli.errors import CannotBeDone

_PATIENCE = 60.0
_GRACE = 15.0
_LINES_SHOWN = 15


@dataclass(slots=True)
class _Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Children:
    """Started processes of this Python. Their output goes to files in `log_directory`."""

    def __init__(self, log_directory: Path) -> None:
        self._log_directory = log_directory
        self._children: list[_Child] = []

    def start(self, name: str, arguments: list[str]) -> None:
        """Runs this Python with `arguments`, in our own environment as it is now."""
        log = self._log_directory / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own modules, arguments of our own making
                [sys.executable, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self._children.append(_Child(name, process, log))

    def wait_until_answers(self, url: str) -> None:
        """Returns when `url` answers. Raises CannotBeDone when a child dies or the patience ends."""
        import httpx2

        deadline = time.monotonic() + _PATIENCE
        with httpx2.Client(timeout=5) as client:
            while time.monotonic() < deadline:
                self.demand_all_alive()
                try:
                    if client.get(url).status_code < 500:
                        return
                except httpx2.HTTPError:
                    pass  # not listening yet
                time.sleep(0.05)
        raise CannotBeDone(f"{url} svarade inte inom {_PATIENCE:.0f} sekunder. Läs loggarna i {self._log_directory}.")

    def demand_all_alive(self) -> None:
        """Raises CannotBeDone with the last lines of its log when one has ended."""
        for child in self._children:
            if child.process.poll() is not None:
                lines = child.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_SHOWN:]
                raise CannotBeDone(
                    f"Processen {child.name} avslutades oväntat (status {child.process.returncode}). "
                    f"Hela loggen finns i {child.log}; den slutar så här:\n"
                    + "\n".join(f"    {line}" for line in lines)
                )

    def end(self) -> None:
        """Asks all to end, the last started first, and ends by force those that do not."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + _GRACE
        for child in reversed(self._children):
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
