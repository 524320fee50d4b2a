"""However a program writes a workbook, it says the same."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.cell import Cell
from tests.register.conftest import Reads, problems_of
from tests.register.rewriting import PUPILS_PART, changed, parts_of, rows_of, write_parts
from tests.register.workbooks import pupil_row, write_workbook

Parts = dict[str, bytes]
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def school(path: Path) -> Path:
    """A small school with an empty cell here and there, and a row that is blank."""
    return write_workbook(path, pupils=[pupil_row(), {}, pupil_row(2, Klass="", Mellannamn="af"), pupil_row(3)])


def in_sheets(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    return lambda parts: {name: change(part) if "worksheets/" in name else part for name, part in parts.items()}


def in_all(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    return lambda parts: {name: change(part) for name, part in parts.items()}


def backslashes(parts: Parts) -> Parts:
    return {name.replace("/", "\\"): part for name, part in parts.items()}


def other_case(parts: Parts) -> Parts:
    return {name.upper() if "worksheets" in name else name.title(): part for name, part in parts.items()}


def other_part_names(parts: Parts) -> Parts:
    parts["xl/blad/elever.data"] = parts.pop(PUPILS_PART)
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"worksheets/sheet4.xml", b"./x/../blad/elever.data")
    return parts


def absolute_targets(parts: Parts) -> Parts:
    parts[_RELATIONS] = parts[_RELATIONS].replace(b'Target="', b'Target="/xl/')
    return parts


def backslashes_in_targets(parts: Parts) -> Parts:
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"worksheets/", b"worksheets\\")
    return parts


def workbook_elsewhere(parts: Parts) -> Parts:
    moved = {name.replace("xl/", "bok/").replace("workbook.xml", "register.xml"): p for name, p in parts.items()}
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(b"xl/workbook.xml", b"/bok/register.xml")
    return moved


def without_root_relations(parts: Parts) -> Parts:
    del parts["_rels/.rels"]
    return parts


def another_prefix_for_relations(parts: Parts) -> Parts:
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"r:id", b"d3p1:id").replace(b"xmlns:r", b"xmlns:d3p1")
    return parts


def strict(part: bytes) -> bytes:
    for transitional, namespace in _STRICT.items():
        part = part.replace(transitional, namespace)
    return part


def with_prefixes(part: bytes) -> bytes:
    part = re.sub(rb"<(/?)([a-zA-Z]+)(?=[ />])", rb"<\1x:\2", part)
    return part.replace(b"xmlns=", b"xmlns:x=")


def in_utf_16(part: bytes) -> bytes:
    return part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def inline(parts: Parts) -> Parts:
    texts = re.findall(rb"<si>(.*?)</si>", parts.pop("xl/sharedStrings.xml"))
    parts[_RELATIONS] = re.sub(rb"<Relationship [^>]*sharedStrings[^>]*>", b"", parts[_RELATIONS])

    def written_out(cell: re.Match[bytes]) -> bytes:
        return b't="inlineStr"><is>' + texts[int(cell[1])] + b"</is>"

    return in_sheets(lambda part: re.sub(rb't="s"><v>(\d+)</v>', written_out, part))(parts)


def spread_out(part: bytes) -> bytes:
    return part.replace(b"><", b">\n    <!-- - -->\n    <")


def without_addresses(part: bytes) -> bytes:
    """An empty cell stands in each gap then, for a cell is to the right of the one before."""
    pieces, column = [], 0
    for piece in re.split(rb"(?=<c |<row )", part):
        if address := re.match(rb'<c r="([A-Z])\d+"', piece):
            place = address[1][0] - ord("A")
            pieces.append(b"<c/>" * (place - column))
            column = place + 1
        else:
            column = 0
        pieces.append(re.sub(rb'^<c r="[A-Z]\d+"', b"<c", piece))
    return b"".join(pieces)


def in_reverse(tag: bytes) -> Callable[[bytes], bytes]:
    pattern = re.compile(rb"(?:<%s [^>]*?(?:/>|>.*?</%s>))+" % (tag, tag), re.DOTALL)
    one = re.compile(rb"<%s [^>]*?(?:/>|>.*?</%s>)" % (tag, tag), re.DOTALL)
    return lambda part: pattern.sub(lambda run: b"".join(reversed(one.findall(run[0]))), part)


@pytest.mark.parametrize(
    "rewritten",
    [
        backslashes,
        other_case,
        other_part_names,
        absolute_targets,
        backslashes_in_targets,
        workbook_elsewhere,
        without_root_relations,
        another_prefix_for_relations,
        pytest.param(in_all(strict), id="strict namespaces"),
        pytest.param(in_sheets(with_prefixes), id="prefixes"),
        pytest.param(in_sheets(in_utf_16), id="UTF-16"),
        inline,
        pytest.param(in_sheets(spread_out), id="line breaks and comments"),
        pytest.param(in_sheets(lambda part: part.replace(b'"', b"'")), id="single quotes"),
        pytest.param(in_sheets(lambda part: re.sub(rb"<dimension[^>]*>", b"", part)), id="no dimension"),
        pytest.param(in_sheets(lambda part: re.sub(rb'ref="[A-Z0-9:]*"', b'ref="A0"', part)), id="dimension A0"),
        pytest.param(in_sheets(without_addresses), id="no addresses of cells"),
        pytest.param(in_sheets(lambda part: re.sub(rb'<row r="\d+"', b"<row", part)), id="no numbers of rows"),
        pytest.param(in_sheets(in_reverse(b"row")), id="rows in reverse"),
        pytest.param(in_sheets(in_reverse(b"c")), id="cells in reverse"),
    ],
)
def test_it_says_the_same(rewritten: Callable[[Parts], Parts], tmp_path: Path) -> None:
    usual = parts_of(school(tmp_path / "usual.xlsx"))
    other = rewritten(dict(usual))
    assert other != usual
    read = {sheet: sorted(rows) for sheet, rows in rows_of(write_parts(tmp_path / "other.xlsx", other)).items()}
    assert read == rows_of(tmp_path / "usual.xlsx")
    assert read["Elevinskrivningar"][-1][0] == 6


def test_a_workbook_that_was_written_to_a_pipe(tmp_path: Path) -> None:
    """Then each part's size stands behind it, and the zip file says so."""
    usual = school(tmp_path / "usual.xlsx")
    pipe = io.BytesIO()
    pipe.seekable = lambda: False  # type: ignore[method-assign]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(usual).items():
            archive.writestr(name, part)
    (tmp_path / "piped.xlsx").write_bytes(pipe.getvalue())
    assert rows_of(tmp_path / "piped.xlsx") == rows_of(usual)


def test_a_workbook_with_room_for_parts_of_any_size(tmp_path: Path) -> None:
    """As programs write it that do not know beforehand how large a part becomes (zip64)."""
    usual = school(tmp_path / "usual.xlsx")
    with zipfile.ZipFile(tmp_path / "large.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(usual).items():
            with archive.open(name, "w", force_zip64=True) as out:
                out.write(part)
    assert rows_of(tmp_path / "large.xlsx") == rows_of(usual)


def test_a_workbook_that_is_not_packed(tmp_path: Path) -> None:
    usual = school(tmp_path / "usual.xlsx")
    assert rows_of(write_parts(tmp_path / "x.xlsx", parts_of(usual), zipfile.ZIP_STORED)) == rows_of(usual)


def test_a_workbook_that_openpyxl_has_saved(tmp_path: Path) -> None:
    usual = school(tmp_path / "usual.xlsx")
    openpyxl.load_workbook(usual).save(tmp_path / "saved.xlsx")
    assert rows_of(tmp_path / "saved.xlsx") == rows_of(usual)


def test_a_workbook_that_is_also_imported_as_such(stored: Reads, read_file: Reads, tmp_path: Path) -> None:
    stored()
    other = other_part_names(inline(in_all(strict)(parts_of(write_workbook(tmp_path / "x.xlsx")))))
    import_run = read_file(write_parts(tmp_path / "other.xlsx", backslashes(other)))
    assert import_run.state == "preview", import_run.message
    assert problems_of(import_run) == []
    assert not any(import_run.counts["pupils"][what] for what in ("new", "changed", "ended"))


def text(content: bytes) -> Callable[[bytes], bytes]:
    """The first name Kim, written in another way."""
    return lambda part: part.replace(b"<t>Kim</t>", content)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"<r><t>Ki</t></r><r><rPr><b/></rPr><t>m</t></r>", "Kim"),
        (b"<t>Kim</t><rPh sb='0' eb='1'><t>kimu</t></rPh><phoneticPr fontId='1'/>", "Kim"),
        (b"<t>Kim_x000D_</t>", "Kim\r"),
        (b"<t>_x005F_x0041_</t>", "_x0041_"),
        (b"<t>Kim_xD800_</t>", "Kim_xD800_"),
        (b"<t>&#75;im &amp; K&#xF6;</t>", "Kim & Kö"),
        (b"<t><![CDATA[Kim <3]]></t>", "Kim <3"),
        (b"<t xml:space='preserve'> Kim </t>", " Kim "),
        (b"<t>" + "Kim\U0001f44d".encode() + b"</t>", "Kim\U0001f44d"),
        (b"<t></t>", None),
    ],
)
def test_a_text_however_it_is_written(written: bytes, read: Cell | None, tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sharedStrings=text(written))
    row = rows_of(path)["Elevinskrivningar"][-1][1]
    assert row[4] == (read or "")


@pytest.mark.parametrize("part", ["sharedStrings", "styles"])
def test_a_part_that_is_named_but_missing(part: str, tmp_path: Path) -> None:
    parts = parts_of(school(tmp_path / "x.xlsx"))
    del parts[f"xl/{part}.xml"]
    with pytest.raises(SourceRefused, match="skadad"):
        rows_of(write_parts(tmp_path / "x.xlsx", parts))
