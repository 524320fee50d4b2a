"""What a group is taught, and what a duty's holder teaches it, as sources that tell so say it (SS 12000 Activity).

Kept as text beside the group and the assignment: it is compared and read as a whole.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Literal

CodeKind = Literal["subjectCode", "courseCode", "subjectDesignation", "parentActivity", ""]
"""Which attribute of SS 12000 the code stood in; empty where the source has none, and only a name."""


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A subject or a course. `code` is in upper case; `national_test_id` is what the source says itself that it is."""

    code: str
    kind: CodeKind = ""
    name: str = ""
    language: str = ""
    """ISO 639-3, of a modern language."""
    national_test_id: str = ""


def as_text(subjects: Iterable[Subject]) -> str:
    """As Group.subjects holds them; the same text whatever their order. Empty for none."""
    told = sorted(set(subjects))
    if not told:
        return ""
    return json.dumps([{k: v for k, v in asdict(one).items() if v} for one in told], ensure_ascii=False)


def subjects_in(text: str) -> tuple[Subject, ...]:
    """The subjects in Group.subjects."""
    return tuple(Subject(**{"code": "", **one}) for one in json.loads(text)) if text else ()


def names_of(text: str) -> str:
    """What a person calls the subjects in Group.subjects."""
    return ", ".join(one.name or one.code for one in subjects_in(text))


def codes_as_text(codes: Collection[str]) -> str:
    """As DutyAssignment.subjects holds them, so that a whole code can be looked for: " GRGRMAT01 MA "."""
    told = sorted({code.replace(" ", "_").upper() for code in codes if code})
    return f" {' '.join(told)} " if told else ""


def codes_in(text: str) -> list[str]:
    """The codes in DutyAssignment.subjects, in their order."""
    return text.split()
