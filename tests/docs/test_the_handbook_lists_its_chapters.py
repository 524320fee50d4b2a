"""The handbook's list of chapters names each chapter once, in order, and its pictures exist."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
HANDBOOK = (DOCS / "handbok.md").read_text(encoding="utf-8")


def test_every_chapter_is_listed_in_order() -> None:
    chapters = re.findall(r"^## (.+)$", HANDBOOK, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", chapter.lower()).replace(" ", "-") for chapter in chapters]
    listed = [
        f"{number}. [{name}](#{anchor})" for number, (name, anchor) in enumerate(zip(chapters, anchors, strict=True), 1)
    ]
    assert re.findall(r"^\d+\. \[.+\]\(#.+\)$", HANDBOOK, re.MULTILINE) == listed


def test_every_picture_is_there() -> None:
    for document in DOCS.glob("*.md"):
        for picture in re.findall(r"\]\((pictures/[^)]+)\)", document.read_text(encoding="utf-8")):
            assert (DOCS / picture).is_file(), f"{document.name} shows {picture}"
