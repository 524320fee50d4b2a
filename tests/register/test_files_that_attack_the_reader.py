"""A file made to harm is refused with one sentence, and costs little; whoever reads it lives on."""

import itertools
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from provsluss.register.models import HarmfulFile
from provsluss.register.sources.skolverket_workbook.row_cells import MOST_PROBLEMS
from tests.register.conftest import Reads
from tests.register.rewriting import PUPILS_PART, Change, changed, parts_of, refusal_of, rows_of, write_parts
from tests.register.workbooks import pupil_row, write_workbook

_RELATIONS = "xl/_rels/workbook.xml.rels"


def in_place_of_rows(xml: bytes) -> Change:
    return lambda part: re.sub(rb"<sheetData>.*</sheetData>", lambda _: b"<sheetData>" + xml + b"</sheetData>", part)


def one_cell(address: str) -> Change:
    return in_place_of_rows(b'<row><c r="%s" t="inlineStr"><is><t>x</t></is></c></row>' % address.encode())


def incompressible(size: int) -> bytes:
    return random.Random(size).randbytes(size // 2).hex().encode()


@pytest.mark.parametrize(
    "address",
    ["AAAAAAAAAAAAAA1", "XFE1", "ZZZ3", "A1048577", "A9999999", "A99999999999999999999", "A1048576", "XFD1048576"],
)
def test_a_cell_where_no_cell_can_be(address: str, tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=one_cell(address))
    assert "celler så långt ner eller ut åt höger" in refusal_of(path)


@pytest.mark.parametrize(
    "address", ["a1", "A0", "A01", "1", "A", "", "A-1", "Å1", "A١", "A1:B2", "$A$1", "R1C1", "A1 "]
)
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=one_cell(address))
    assert "skadad" in refusal_of(path)


def test_a_sheet_in_a_part_of_any_name_is_read_with_the_same_care(tmp_path: Path) -> None:
    parts = parts_of(write_workbook(tmp_path / "x.xlsx"))
    parts["xl/media/bild.png"] = one_cell("AAAAAAAAAAAAAA1048576")(parts.pop(PUPILS_PART))
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"worksheets/sheet4.xml", b"media/bild.png")
    assert "celler så långt" in refusal_of(write_parts(tmp_path / "x.xlsx", parts))


def entities(part: bytes) -> bytes:
    """A billion laughs."""
    names = "abcdefghij"
    more = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(names))
    return part.replace(b"<worksheet", f'<!DOCTYPE x [<!ENTITY a "haha">{more}]><worksheet'.encode(), 1)


def outside(part: bytes) -> bytes:
    return part.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet', 1)


@pytest.mark.parametrize(
    "change",
    [
        entities,
        outside,
        in_place_of_rows(b"<row>" * 200_000),
        in_place_of_rows(b"<row><c>" * 100_000),
        in_place_of_rows(b"<x>" * 1_000_000),
        in_place_of_rows(b'<row r="1"/>' + b'<row r="1"><c t="inlineStr"><is><t>x</t></is></c></row>' * 2),
        in_place_of_rows(b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        in_place_of_rows(b'<row r="3"><c t="s"><v>99999999</v></c></row>'),
        in_place_of_rows(b'<row r="3"><c t="s"><v>-1</v></c></row>'),
        in_place_of_rows(b'<row r="3"><c t="s"><v>%s</v></c></row>' % (b"9" * 5_000)),
        lambda part: part.replace(b'encoding="UTF-8"', b'encoding="hex_codec"'),
        lambda part: part.replace(b'encoding="UTF-8"', b'encoding="idna"'),
        lambda part: part.replace(b"<sheetData>", b"<sheetData>\xff\xfe"),
        lambda part: part[:-20],
    ],
)
def test_xml_that_no_program_writes(change: Change, tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=change)
    assert "skadad" in refusal_of(path)


@pytest.mark.parametrize(
    "change",
    [
        in_place_of_rows(b'<row r="3"><c r="A3" t="' + incompressible(3_000_000) + b'"/></row>'),
        in_place_of_rows(b"<!--" + incompressible(3_000_000) + b"-->"),
        in_place_of_rows(b'<row r="3"><c r="A3"' + b"".join(b' a%d=""' % n for n in range(100_000)) + b"/></row>"),
        in_place_of_rows(b'<row r="3"' + b" " * 3_000_000 + b"/>"),
        in_place_of_rows(b'<row r="3">' + b"<c r='A3" * 3_000 + b"'/></row>"),
        in_place_of_rows(b"".join(b'<row r="%d"><q%d/></row>' % (n, n) for n in range(3, 50_000))),
    ],
)
def test_what_would_take_time_that_grows_with_its_square(change: Change, tmp_path: Path) -> None:
    """None has headers, or all are damaged. That they are read to the end within the limits is what is tried."""
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=change)
    assert refusal_of(path).startswith(("Bladet Elevinskrivningar har inga rubriker", "Filen är skadad"))


HOSTILE = ["((((", "a@", "1" * 11, "19", "&", " ", "\u00a0 ", "-", ".@", ",", "&#", "Ã", "<a", "2009-01-27-", "=", "'"]


def test_texts_that_are_hard_to_look_through(preview: Reads) -> None:
    """As long as a cell of Excel's can be, in every column."""
    rows = []
    for number, piece in enumerate(HOSTILE, start=2):
        text = (piece * 32_000)[:32_000]
        rows.append(pupil_row(number, **dict.fromkeys(pupil_row(), text)))
        rows += [pupil_row(number, **{column: text}) for column in ("Sekretessmarkering", "Klass", "Ämnesgrupper")]
    import_run = preview(pupils=[pupil_row(), *rows])
    assert import_run.state == "preview", import_run.message


def test_names_of_thousands_of_groups_that_there_are_not(preview: Reads) -> None:
    names = ",".join(f"{number:x}" for number in range(6_000))
    import_run = preview(pupils=[pupil_row(1, Ämnesgrupper=f"{names},MA 6A"), pupil_row(2)])
    assert (import_run.state, import_run.counts["pupils"]["good"]) == ("preview", 2)
    assert import_run.counts["problems"]["found"] == MOST_PROBLEMS


def test_headers_without_end(tmp_path: Path) -> None:
    cells = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % (b"(" * 12_000) for _ in range(80))
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=in_place_of_rows(b'<row r="2">' + cells + b"</row>"))
    assert "inga rubriker" in refusal_of(path)


def test_a_row_with_more_text_than_a_row_can_need(tmp_path: Path) -> None:
    cells = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % (b"x" * 30_000) for _ in range(60))
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=in_place_of_rows(b'<row r="2">' + cells + b"</row>"))
    assert "mer text än som går att läsa" in refusal_of(path)


def in_relations(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda parts: parts | {_RELATIONS: parts[_RELATIONS].replace(old, new)}


@pytest.mark.parametrize(
    "change",
    [
        in_relations(b"worksheets/sheet4.xml", b"../../../../../etc/passwd"),
        in_relations(b"worksheets/sheet4.xml", b"file:///etc/passwd"),
        in_relations(b"worksheets/sheet4.xml", b"workbook.xml"),
        in_relations(b"worksheets/sheet4.xml", b""),
        in_relations(b"worksheets/sheet4.xml", b"_rels/workbook.xml.rels"),
        in_relations(b"sharedStrings.xml", b"worksheets/sheet4.xml"),
        in_relations(b'Target="worksheets/sheet4.xml"', b'Target="worksheets/sheet4.xml" TargetMode="External"'),
        in_relations(b'Id="rId4"', b'Id="rId5"'),
        in_relations(b"<Relationships", b"<Relationships a='<'"),
        lambda parts: parts | {"_rels/.rels": b"<x/>" + b" " * 10, "xl/workbook.xml": b"<w:document/>"},
        lambda parts: parts | {"XL/WORKSHEETS/sheet4.xml": b"<worksheet/>"},
    ],
)
def test_relations_that_lead_astray(change: Callable[[dict[str, bytes]], dict[str, bytes]], tmp_path: Path) -> None:
    path = write_parts(tmp_path / "x.xlsx", change(parts_of(write_workbook(tmp_path / "good.xlsx"))))
    assert refusal_of(path).startswith(("Filen är", "Bladet Elevinskrivningar har inga rubriker"))


def test_a_part_without_a_name(tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "x.xlsx")
    content = write_parts(tmp_path / "x.xlsx", {**parts_of(good), "q": b""}).read_bytes()
    entry = content.rindex(b"PK\x01\x02")
    lengths = entry + 28  # of its name and of what follows that
    assert content[lengths : lengths + 4] == b"\x01\x00\x00\x00"
    good.write_bytes(content[:lengths] + b"\x00\x00\x01\x00" + content[lengths + 4 :])
    assert rows_of(good)["Elevinskrivningar"]


def test_a_part_that_occurs_twice(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(PUPILS_PART, b"<worksheet/>")
    assert "skadad" in refusal_of(path)


def test_blanks_that_unpack_to_much(tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=in_place_of_rows(b" " * 60_000_000))
    assert "packas upp" in refusal_of(path)


@pytest.mark.parametrize(
    "attack",
    [one_cell("AAAAAAAAAAAAAA1"), one_cell("A1048576"), entities, in_place_of_rows(b"<x>" * 1_000_000)],
    ids=["fourteen letters", "the last row", "a billion laughs", "a million elements in each other"],
)
def test_whoever_reads_it_lives_on(attack: Change, read_file: Reads, preview: Reads, tmp_path: Path) -> None:
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=attack)
    import_run = read_file(path)
    assert import_run.state == "rejected"
    assert import_run.message == refusal_of(path)
    assert not HarmfulFile.objects.exists()
    assert preview().state == "preview"
