"""The process that reads a file has bounds, and ends for certain. A file that has killed one is never read again."""

import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from provsluss.organisations.models import Environment, Organisation
from provsluss.register.imports.imports import accept_upload, forget_old_uploads
from provsluss.register.models import HarmfulFile
from provsluss.register.sources import harmful_files, uploads
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook import copies
from provsluss.register.sources.skolverket_workbook.sheets import NAMES
from provsluss.register.sources.xlsx.limits import Limits
from provsluss.register.sources.xlsx.process import ReaderKilled, sheets_of
from provsluss.register.sources.xlsx.sentences import CANNOT_READ_NOW, HARMFUL, TOO_LARGE
from tests.register.conftest import Reads
from tests.register.rewriting import changed
from tests.register.workbooks import write_workbook

PATIENCE = 60.0
READ = (
    "import sys; from pathlib import Path; from provsluss.register.sources.xlsx.process import sheets_of, Limits\n"
    "with sheets_of(Path(sys.argv[1]), ['Elevinskrivningar'], Limits()): print('read')"
)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that takes several seconds to read, with as much noise as keeps it from looking like a bomb."""
    noise = random.Random(1)
    rows = (b"<row>" + b"<c/>" * 80 + b"</row>") * 100
    sheet = b"".join(rows + b"<!--" + noise.randbytes(400).hex().encode() + b"-->" for _ in range(600))
    path = write_workbook(tmp_path_factory.mktemp("long") / "long.xlsx")
    return changed(path, sheet4=lambda part: part.replace(b"</sheetData>", sheet + b"</sheetData>"))


def refusal_of(path: Path, **limits: int) -> SourceRefused:
    with pytest.raises(SourceRefused) as refused, sheets_of(path, NAMES, Limits(**limits)):
        pass
    return refused.value


@pytest.mark.parametrize("limit", ["cpu_seconds", "wall_seconds"])
def test_one_that_takes_too_long_is_ended(limit: str, long_file: Path) -> None:
    refused = refusal_of(long_file, **{limit: 1})
    assert isinstance(refused, ReaderKilled)
    assert str(refused) == HARMFUL


def test_one_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    strings = b"".join(b"<si><t>%d</t></si>" % number for number in range(150_000))
    path = changed(
        write_workbook(tmp_path / "x.xlsx"), sharedStrings=lambda part: part.replace(b"</sst>", strings + b"</sst>")
    )
    assert str(refusal_of(path, memory_bytes=26_000_000)) == TOO_LARGE


def test_one_that_cannot_begin_is_not_the_files_fault(tmp_path: Path) -> None:
    refused = refusal_of(write_workbook(tmp_path / "x.xlsx"), written_bytes=1)
    assert str(refused) == CANNOT_READ_NOW
    assert not isinstance(refused, ReaderKilled)


def test_a_full_disk_is_not_the_files_fault(tmp_path: Path) -> None:
    refused = refusal_of(write_workbook(tmp_path / "x.xlsx"), written_bytes=50)
    assert str(refused) == CANNOT_READ_NOW
    assert not isinstance(refused, ReaderKilled)


def children_of(process: int) -> list[int]:
    threads = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def is_reader(process: int) -> bool:
    return b"provsluss.register.sources.xlsx.child" in Path(f"/proc/{process}/cmdline").read_bytes()


def reader_of(process: int) -> int:
    """The process that reads for `process`, once it has begun."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in children_of(process):
            if is_reader(child) and Path(f"/proc/{child}/fd/1").stat().st_size:
                return child
        time.sleep(0.01)
    raise AssertionError("nobody reads")


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def signalled(*signals: signal.Signals) -> Iterator[None]:
    """Inside, the first reader that we start gets these signals."""

    def send() -> None:
        reader = reader_of(os.getpid())
        for one in signals:
            os.kill(reader, one)

    thread = threading.Thread(target=send)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_file_that_has_killed_its_reader_is_refused_for_good(
    kind: signal.Signals, read_file: Reads, long_file: Path, organisation: Organisation
) -> None:
    with signalled(kind):
        first = read_file(long_file)
    assert (first.state, first.message) == ("rejected", HARMFUL)
    other = Organisation.objects.create(number="5567044267", name="En annan", environment=Environment.SIMULATOR)
    for owner, name in ((organisation, "igen.xlsx"), (other, "annat namn.xlsx")):
        again = accept_upload(owner, None, io.BytesIO(long_file.read_bytes()), name)
        assert (again.state, again.message) == ("rejected", HARMFUL)
        assert not uploads.path_of(again.pk).exists()


def test_the_others_are_read_on(read_file: Reads, preview: Reads, long_file: Path) -> None:
    with signalled(signal.SIGKILL):
        read_file(long_file)
    assert preview().state == "preview"


def test_one_that_was_uploaded_before_another_killed_its_reader(
    read_file: Reads, long_file: Path, organisation: Organisation
) -> None:
    waiting = accept_upload(organisation, None, io.BytesIO(long_file.read_bytes()), "fil.xlsx")
    HarmfulFile.objects.create(fingerprint=waiting.fingerprint)
    with pytest.raises(SourceRefused, match="läses inte igen"), copies.sheets_of_copy(waiting):
        pass


def test_a_polite_request_to_end_is_for_our_parent(long_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Ctrl-C, and a service that is stopped, reach all processes of the terminal or service."""
    with signalled(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        refusal_of(long_file)
    assert f"(-{signal.SIGKILL.value})" in caplog.text


def test_it_ends_with_its_parent(long_file: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", READ, long_file], stdout=subprocess.PIPE)
    reader = reader_of(parent.pid)
    parent.kill()
    assert parent.communicate(timeout=PATIENCE)[0] == b""
    deadline = time.monotonic() + PATIENCE
    while is_there(reader) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_there(reader)


def test_what_has_so_often_taken_us_with_it_is_refused_for_good(organisation: Organisation, tmp_path: Path) -> None:
    content = write_workbook(tmp_path / "x.xlsx").read_bytes()
    import_run = accept_upload(organisation, None, io.BytesIO(content), "fil.xlsx")
    attempts = uploads.path_of(import_run.pk).with_suffix(".attempts")
    attempts.write_bytes(b"." * (harmful_files.MAX_ATTEMPTS - 1))
    with copies.sheets_of_copy(import_run) as sheets:
        assert len(sheets) == 4
    assert not attempts.exists()
    attempts.write_bytes(b"." * harmful_files.MAX_ATTEMPTS)
    with pytest.raises(SourceRefused, match="läses inte igen"), copies.sheets_of_copy(import_run):
        pass
    assert accept_upload(organisation, None, io.BytesIO(content), "fil.xlsx").message == HARMFUL


def test_the_count_goes_with_the_copy(preview: Reads, organisation: Organisation) -> None:
    import_run = preview()
    attempts = uploads.path_of(import_run.pk).with_suffix(".attempts")
    attempts.write_bytes(b".")
    os.utime(uploads.path_of(import_run.pk), (0, 0))
    forget_old_uploads()
    assert not attempts.exists()
    assert list(uploads.directory().iterdir()) == []
