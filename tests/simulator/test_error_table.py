"""One table of codes, and nothing outside it (rules.md section 2)."""

import re
from pathlib import Path

import pytest

from provsluss import simulator
from provsluss.simulator.errors import CODES, log_entry

PUBLIC = {"2010", "2011", "2025", "3047", "3085", "4001", "5002", "5004", "5020", "5021", "5022"}
SOURCES = [path for path in Path(simulator.__file__).parent.glob("*.py") if path.name != "errors.py"]


def test_the_public_codes_are_marked() -> None:
    assert {code.id for code in CODES.values() if code.public} == PUBLIC


def test_every_code_is_used_and_every_used_code_is_in_the_table() -> None:
    used = set()
    for path in SOURCES:
        used |= set(re.findall(r'"([2-6]0\d\d)"', path.read_text("utf-8")))
    assert used == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_log_entry_has_no_hole_in_its_message(code: str) -> None:
    entry = log_entry(code, parameter="p", attribute="a", resource="Person", expected="Så.")
    assert "{" not in entry["message"] and "None" not in entry["message"]
    assert entry["message"].endswith(".")
    assert CODES[code].status == entry["statusCode"]
