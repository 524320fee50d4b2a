"""A small file whose cells all refer to one long text would take all memory, and is refused before it is read."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.register.conftest import Reads
from tests.register.workbooks import write_workbook


def _bomb(path: Path, text: bytes, cell: bytes, rows: int) -> Path:
    """A good workbook, but with `rows` more rows in its last sheet that hold `cell`; the shared texts come last."""
    good = write_workbook(path.with_name("hel.xlsx"))
    with zipfile.ZipFile(good) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    strings = parts.pop("xl/sharedStrings.xml").replace(b"</sst>", b"<si><t>" + text + b"</t></si></sst>")
    number = strings.count(b"<si>") - 1
    more = b"".join(b'<row r="%d"><c r="A%d" %s</c></row>' % (row, row, cell % number) for row in range(20, 20 + rows))
    sheet = "xl/worksheets/sheet4.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", more + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("xl/sharedStrings.xml", strings)
    return path


@pytest.mark.parametrize(
    "cell", [b't="s"><v>%d</v>', b"t='s'><v> %d </v>", b't = "s"><f>1</f><v>%d</v>', b't="s"><v><!-- -->%d</v>']
)
def test_many_references_to_one_long_text(cell: bytes, read_file: Reads, tmp_path: Path) -> None:
    bomb = _bomb(tmp_path / "bomb.xlsx", b"x" * 32_000, cell, 20_000)
    assert bomb.stat().st_size < 1_000_000
    tracemalloc.start()

    refused = read_file(bomb)

    assert "mer text än som går att läsa" in refused.message
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


def test_one_text_longer_than_excel_takes(read_file: Reads, tmp_path: Path) -> None:
    bomb = _bomb(tmp_path / "bomb.xlsx", b"x" * 500_000, b't="s"><v>%d</v>', 1)

    assert "mer text än som går att läsa" in read_file(bomb).message


def test_the_same_short_text_in_many_cells_is_ordinary(read_file: Reads, tmp_path: Path) -> None:
    many = _bomb(tmp_path / "många.xlsx", b"x" * 20, b't="s"><v>%d</v>', 20_000)

    assert read_file(many).state == "preview"
