"""docs/regler.md says what is checked, by what, and how it is tested; its tables cannot go stale."""

import os

from tests.rules import rules_document
from tests.rules.test_coverage_of_rules import BESIDES, HARD_ERRORS, WARNINGS


def test_the_tables_are_those_of_the_rules() -> None:
    """Where they are not: WRITE_RULES=1 pytest tests/rules/test_the_rules_are_documented.py"""
    if os.environ.get("WRITE_RULES"):
        rules_document.write()
    assert rules_document.written() == rules_document.tables()


def test_every_check_is_described() -> None:
    assert set(rules_document.WHAT) == {*HARD_ERRORS, *WARNINGS, *BESIDES}
