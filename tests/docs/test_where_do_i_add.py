"""The table "Where do I add …?" of CONTRIBUTING.md names files that are there, and places that are in them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "provsluss"
_SECTION = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Where do I add …?")[1].split("\n## ")[0]
ROWS = dict(re.findall(r"^\| (?!…|---)(.+?) \| (.+) \|$", _SECTION, re.MULTILINE))
NAMED = [
    (change, is_new == "*new* ", *re.fullmatch(r"([\w/.-]+)(?:: (.+))?", named).groups(default=""))  # type: ignore[union-attr]
    for change, files in ROWS.items()
    for is_new, named in re.findall(r"(\*new\* )?`([^`]+)`", files)
]


def _path(name: str) -> Path:
    """A file of the house, or of the project's own folder."""
    return HOUSE / name if (HOUSE / name).parent.is_dir() and not (ROOT / name).exists() else ROOT / name


def test_it_answers_for_ten_changes() -> None:
    assert list(ROWS) == [
        "a rule",
        "a source",
        "a column on the sync-job page",
        "a kind of transfer",
        "a schedule",
        "a role",
        "a new version of Skolverket's API",
        "a webhook",
        "a retention time",
        "another engine",
    ]
    assert {change for change, *_ in NAMED} == set(ROWS)


@pytest.mark.parametrize(("change", "is_new", "name", "place"), NAMED)
def test_each_file_is_there_with_the_place(change: str, is_new: bool, name: str, place: str) -> None:
    path = _path(name)
    if is_new:
        assert path.parent.is_dir(), f"{change}: {name} has no room to stand in"
        assert not path.exists(), f"{change}: {name} is not new any more"
    else:
        assert path.is_file(), f"{change}: {name} is not there"
        assert place in path.read_text(encoding="utf-8"), f"{change}: {name} has no {place!r}"
