"""What is no workbook of Skolverket's is refused as a whole, with a reason, and changes nothing."""

import io
import random
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import accept_upload, read_import
from provsluss.register.models import Group, Person
from provsluss.register.sources import uploads
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, SHEETS, STAFF, TEACHING_GROUPS
from tests.register.conftest import Reads
from tests.register.workbooks import write_workbook

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def zeros_in(path: Path, part: str, size: int, template: Path) -> Path:
    """A copy of a good workbook with `size` zeros in one part."""
    with zipfile.ZipFile(template) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in good.infolist():
            if entry.filename != part:
                bad.writestr(entry, good.read(entry))
        with bad.open(part, "w") as out:
            for _ in range(size // 1_000_000):
                out.write(bytes(1_000_000))
    return path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "tom"),
        (b"Klass-ID;Klass;Skolform\n1;6A;GR\n", "inte en Excel-arbetsbok"),
        (bytes(1_000_000), "inte en Excel-arbetsbok"),
        (OLE + bytes(4096), ".xls"),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "lösenord"),
        (b"PK\x03\x04" + bytes(200), "skadad"),
    ],
    ids=["empty", "text", "zeros", "old .xls", "encrypted", "damaged zip"],
)
def test_what_is_not_a_workbook(content: bytes, says: str, read_file: Reads, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    import_run = read_file(path)
    assert import_run.state == "rejected"
    assert says in import_run.message
    assert not uploads.path_of(import_run.pk).exists()


def test_another_zip_file(read_file: Reads, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "inte en Excel-arbetsbok" in read_file(path).message


def test_a_workbook_cut_off_in_the_middle(read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "hel.xlsx")
    whole = path.read_bytes()
    for length in range(100, len(whole), len(whole) // 25):
        path.write_bytes(whole[:length])
        assert read_file(path).state == "rejected"


def test_a_workbook_with_damaged_xml(read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(path, "w") as bad:
        for entry in archive.infolist():
            content = archive.read(entry)
            bad.writestr(entry, content[: len(content) // 2] if "sheet2" in entry.filename else content)
    assert read_file(path).state == "rejected"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet4.xml", "xl/sharedStrings.xml", "xl/media/bild.bin"])
def test_a_hundred_megabytes_of_zeros(part: str, read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    bomb = zeros_in(tmp_path / "bomb.xlsx", part, 100_000_000, good)
    assert bomb.stat().st_size < 1_000_000
    assert "packas upp" in read_file(bomb).message


def test_a_bomb_that_declares_a_small_size(read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    bomb = zeros_in(tmp_path / "bomb.xlsx", "xl/worksheets/sheet4.xml", 100_000_000, good)
    bomb.write_bytes(bomb.read_bytes().replace(struct.pack("<L", 100_000_000), struct.pack("<L", 1000)))
    with zipfile.ZipFile(bomb) as archive:
        assert archive.getinfo("xl/worksheets/sheet4.xml").file_size == 1000
    assert "packas upp" in read_file(bomb).message


@pytest.mark.parametrize("cell", ['r="XFD1048576"', 'r="A1048576"', 'r="ZZZ3"', "r='ALM99999'"])
def test_a_single_cell_far_away(cell: str, read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook[PUPILS.name]["A9"] = "här"
    workbook.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'r="A9"', cell.encode()))
    import_run = read_file(path)
    assert import_run.state == "rejected"
    assert "celler så långt" in import_run.message


def test_a_row_far_away_whose_cells_do_not_say_where_they_are(read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    path = tmp_path / "x.xlsx"
    far = b'<row r="1048576">' + b"<c/>" * 16000 + b"<c><v>1</v></c></row></sheetData>"
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in archive.infolist():
            bad.writestr(entry, archive.read(entry).replace(b"</sheetData>", far))
    assert "celler så långt" in read_file(path).message


def with_rows(good: Path, path: Path, rows: bytes) -> Path:
    """A copy of a good workbook with more rows at the end of one sheet."""
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in archive.infolist():
            more = rows if "sheet4" in entry.filename else b""
            bad.writestr(entry, archive.read(entry).replace(b"</sheetData>", more + b"</sheetData>"))
    return path


def noisy(cells: bytes, times: int) -> bytes:
    """Rows with `cells`, and some noise now and then, so that they are packed as well as real data and no better."""
    noise = random.Random(1)
    hundred = b"<row>" + cells + b"</row>"
    return b"".join(
        hundred * 100 + b"<!--" + noise.randbytes(len(hundred)).hex().encode() + b"-->" for _ in range(times // 100)
    )


@pytest.mark.parametrize(
    ("cells", "rows"),
    [(b"<c/>" * 200, 9_000), (b"<x:c/>" * 1600, 900)],
    ids=["without place", "few and wide"],
)
def test_more_cells_than_a_sheet_can_need(cells: bytes, rows: int, read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    path = with_rows(good, tmp_path / "x.xlsx", noisy(cells, rows))
    assert "celler så långt" in read_file(path).message


def test_many_cells_in_the_same_place(read_file: Reads, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "hel.xlsx")
    path = with_rows(good, tmp_path / "x.xlsx", noisy(b'<c r="A9"/>' * 900, 9_000))
    assert "skadad" in read_file(path).message


def test_rows_and_cells_that_do_not_say_where_they_are(stored: Reads, read_file: Reads, tmp_path: Path) -> None:
    stored()
    good = write_workbook(tmp_path / "hel.xlsx")
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bare:
        for entry in archive.infolist():
            bare.writestr(entry, re.sub(rb' r="[A-Z]+[0-9]+"', b"", archive.read(entry)))
    import_run = read_file(path)
    assert import_run.state == "preview", import_run.message


def test_an_empty_formatted_row_far_away_is_no_harm(read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook[PUPILS.name].row_dimensions[1048576].height = 30
    workbook[PUPILS.name].cell(1048576, 3).number_format = "@"
    workbook.save(path)
    assert read_file(path).state == "preview"


def test_a_file_larger_than_we_take(
    organisation: Organisation, settings: object, read_file: Reads, tmp_path: Path
) -> None:
    settings.MAX_WORKBOOK_BYTES = 1_000_000  # type: ignore[attr-defined]
    import_run = accept_upload(organisation, None, io.BytesIO(bytes(1_000_001)), "stor.xlsx")
    assert import_run.state == "rejected"
    assert "1 MB" in import_run.message
    read_import(import_run.pk)
    assert not uploads.path_of(import_run.pk).exists()


@pytest.mark.parametrize("sheet", [sheet.name for sheet in SHEETS])
def test_a_missing_sheet(sheet: str, preview: Reads) -> None:
    import_run = preview(names={sheet: ""})
    assert import_run.state == "rejected"
    assert f"Bladet {sheet} saknas" in import_run.message


@pytest.mark.parametrize(("sheet", "column"), [(sheet, column) for sheet in SHEETS for column in sheet.columns])
def test_a_missing_column(sheet: object, column: str, preview: Reads) -> None:
    left = [other for other in sheet.columns if other != column]  # type: ignore[attr-defined]
    import_run = preview(columns={sheet.name: left})  # type: ignore[attr-defined]
    assert import_run.state == "rejected"
    assert f"Kolumnen {column} saknas i bladet {sheet.name}" in import_run.message  # type: ignore[attr-defined]


def test_a_column_that_occurs_twice(preview: Reads) -> None:
    import_run = preview(columns={STAFF.name: [*STAFF.columns, "person-id "]})
    assert "Kolumnen Person-ID finns flera gånger i bladet Personaltjänstgöringar" in import_run.message


def test_a_sheet_that_occurs_twice(read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("klasser ")
    workbook.save(path)
    assert "Bladet Klasser finns flera gånger" in read_file(path).message


def test_headers_on_another_row(preview: Reads) -> None:
    assert "står på rad 3, men ska stå på rad 2" in preview(header_row=3).message


def test_nothing_changes(stored: Reads, preview: Reads, organisation: Organisation) -> None:
    stored()
    preview(names={TEACHING_GROUPS.name: ""}, columns={CLASSES.name: ["Klass"]})
    with scope(organisation=organisation):
        assert Person.objects.filter(ended_at=None).count() == 2
        assert Group.objects.filter(ended_at=None).count() == 2
