"""Whatever a workbook is turned into, it is read or refused with a sentence: nothing else happens.

The same mutations every time; `PROVSLUSS_FUZZ=20000` tries more of them, from another seed with `PROVSLUSS_FUZZ_SEED`.
"""

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.sheets import find_sheets
from tests.register.rewriting import parts_of, sheets_here, write_parts
from tests.register.workbooks import pupil_row, write_workbook

CASES = int(os.environ.get("PROVSLUSS_FUZZ", "400"))
SEED = int(os.environ.get("PROVSLUSS_FUZZ_SEED", "1"))
SECONDS_FOR_ONE = 20
"""Far more than any takes, also on a busy machine; one that grows with its square takes more."""

READ_PARTS = (
    *("_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"),
    *("xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml"),
)
NUMBERS = (
    *(b"-1", b"0", b"1", b"16384", b"16385", b"1048576", b"1048577", b"4294967296", b"9" * 30, b"1e308", b"NaN", b""),
)
PIECES = (
    *(b"<", b">", b'"', b"&", b"/", b"<!--", b"]]>", b"<![CDATA[", b"<?x ", b"<!DOCTYPE x>", b"\x00", b"\xff", b" r="),
    *(b"<row>", b"</row>", b"<c>", b"</c>", b"<v>", b"</v>", b"<f>", b"<is><t>", b"<si>", b"</sheetData>", b"_x0000_"),
    *(b't="e"', b't="s"', b't="d"', b't="str"', b's="9999"', b'r:id="rId1"', b"../", b"\\", b"http://", b"&#0;"),
)


def flipped(content: bytes, choose: random.Random) -> bytes:
    changed = bytearray(content or b" ")
    for _ in range(choose.randint(1, 8)):
        changed[choose.randrange(len(changed))] = choose.randrange(256)
    return bytes(changed)


def cut(content: bytes, choose: random.Random) -> bytes:
    start, end = sorted((choose.randint(0, len(content)), choose.randint(0, len(content))))
    return content[:start] + content[end:]


def repeated(content: bytes, choose: random.Random) -> bytes:
    start = choose.randint(0, len(content))
    piece = content[start : start + choose.choice((3, 30, 300))]
    return content[:start] + piece * choose.choice((2, 10, 1000)) + content[start:]


def with_piece(content: bytes, choose: random.Random) -> bytes:
    place = choose.randrange(len(content) + 1)
    return content[:place] + choose.choice(PIECES) * choose.choice((1, 1, 2, 500)) + content[place:]


def with_another_number(content: bytes, choose: random.Random) -> bytes:
    one = choose.choice(list(re.finditer(rb"\d+|^", content)))
    return content[: one.start()] + choose.choice(NUMBERS) + content[one.end() :]


def with_two_pieces_swapped(content: bytes, choose: random.Random) -> bytes:
    tags = [b"", *content.split(b"<")]
    first, second = choose.randrange(1, len(tags)), choose.randrange(1, len(tags))
    tags[first], tags[second] = tags[second], tags[first]
    return b"<".join(tags)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flipped, cut, repeated, with_piece, with_another_number, with_two_pieces_swapped),
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    pupils = [pupil_row(number, Klass=number if number % 2 else "6A") for number in range(1, 6)]
    return parts_of(write_workbook(tmp_path_factory.mktemp("good") / "good.xlsx", pupils=pupils))


def outcome_of(path: Path) -> str:
    try:
        with sheets_here(path) as sheets:
            for sheet in find_sheets(sheets):
                for _, cells in sheet.rows():
                    assert len(cells) >= len(sheet.places)
        return "read"
    except SourceRefused as refused:
        assert str(refused).endswith(".")
        return "refused"


@pytest.mark.parametrize("part", READ_PARTS)
def test_a_part_that_has_been_changed(part: str, good: dict[str, bytes], tmp_path: Path) -> None:
    choose = random.Random(f"{part} {SEED}")
    for case in range(CASES // len(READ_PARTS)):
        content = good[part]
        for _ in range(choose.choice((1, 1, 2, 5))):
            content = choose.choice(MUTATIONS)(content, choose)
        path = write_parts(tmp_path / "x.xlsx", {**good, part: content})
        started = time.process_time()
        outcome_of(path)
        assert time.process_time() - started < SECONDS_FOR_ONE, case


def test_a_zip_file_that_has_been_changed(good: dict[str, bytes], tmp_path: Path) -> None:
    choose = random.Random(SEED)
    whole = write_parts(tmp_path / "good.xlsx", good).read_bytes()
    for _ in range(CASES // 4):
        content = whole
        for _ in range(choose.choice((1, 1, 2, 5))):
            content = choose.choice((flipped, flipped, cut, repeated))(content, choose)
        path = tmp_path / "x.xlsx"
        path.write_bytes(content)
        outcome_of(path)


def test_the_directory_of_a_zip_file_that_has_been_changed(good: dict[str, bytes], tmp_path: Path) -> None:
    choose = random.Random(SEED)
    whole = write_parts(tmp_path / "good.xlsx", good).read_bytes()
    start = whole.index(b"PK\x01\x02")
    for _ in range(CASES // 4):
        path = tmp_path / "x.xlsx"
        path.write_bytes(whole[:start] + flipped(whole[start:], choose))
        outcome_of(path)


def test_unchanged_it_is_read(good: dict[str, bytes], tmp_path: Path) -> None:
    assert outcome_of(write_parts(tmp_path / "x.xlsx", good)) == "read"
