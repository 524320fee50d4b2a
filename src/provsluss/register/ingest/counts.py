"""Counts what an import does, section by section, and keeps its problems and changes, as many as are of use."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from provsluss.register.ingest.diff import Compared
from provsluss.register.ingest.spared import SPARED, Spared
from provsluss.register.ingest.unworked_formulas import UnworkedFormulas
from provsluss.register.questions import Question
from provsluss.register.rejected_rows import REJECTED
from provsluss.register.sections import Section
from provsluss.register.source_records import NOTHING_TOLD, Problem, RowContent, RowRead

COUNTED = ("rows", "good", "bad", "new", "changed", "unchanged", "ended")
QUESTIONS = "questions"
"""Among an import's counts: how many rows ask what nobody has said yes to, by question."""
MAX_QUESTIONS = 1_000
MAX_REFUSING = 4_000
MAX_NOTES = 1_000
MAX_PROTECTION = 1_000
"""Problems kept of each sort. Whoever has more mends the cause and reads the file again."""


class Counting:
    """The figures and problems of one import."""

    def __init__(self) -> None:
        self._counts: dict[Section, Counter[str]] = {section: Counter() for section in Section}
        self._protection: list[Problem] = []
        self._refusing: list[Problem] = []
        self._notes: list[Problem] = []
        self._asking: dict[Question, list[Problem]] = {question: [] for question in Question}
        self._questions = Counter[str]()
        self._rejected = Counter[str]()
        self._formulas = {section: UnworkedFormulas(section) for section in Section}
        self._found = 0
        self.done = 0
        self.spared: list[Spared] = []
        """Where nobody ends by absence, and why."""

    def take(self, one: Compared) -> None:
        """Count one row, and keep its problems."""
        counts = self._counts[one.row.section]
        counts["rows"] += 1
        counts[one.what] += 1  # "joined" is no object of its own, and none of what is shown
        if one.what != "bad":
            counts["good"] += 1
        code = one.row.rejected_at
        if code:
            self._rejected[code] += 1
        self._formulas[one.row.section].take(one.row)
        self.keep(_as_it_went(one.row), code, one.row.rejected_content)
        self.done += 1

    def protected(self, one: Compared) -> None:
        """Count a person whom a refused row protects, as changed: the row itself has been counted as bad."""
        self._counts[one.row.section]["changed"] += 1

    def changed_by_absence(self, section: Section, how_many: int) -> None:
        """Count pupils who have left some of their school units, because no row speaks of them there."""
        self._counts[section]["changed"] += how_many

    def ended_by_absence(self, section: Section, how_many: int) -> None:
        """Count objects that have ended because no row speaks of them any more."""
        self._counts[section]["ended"] += how_many

    def keep(self, problems: Iterable[Problem], rejected_at: str = "", content: RowContent = NOTHING_TOLD) -> None:
        """Keep the problems, while there is room for their sort; with the school unit and content of a refused row."""
        for problem in problems:
            self._found += 1
            if problem.question:
                self._questions[problem.question.value] += 1
            kept, room = self._place_for(problem)
            if len(kept) < room:
                is_told = rejected_at or content != NOTHING_TOLD
                kept.append(replace(problem, school_unit_code=rejected_at, content=content) if is_told else problem)

    def problems(self) -> list[Problem]:
        """The kept problems: questions, protection, formulas that nobody worked out, what refused a row, the notes."""
        asking = [problem for problems in self._asking.values() for problem in problems]
        return asking + self._protection + self._of_formulas() + self._refusing + self._notes

    def _of_formulas(self) -> list[Problem]:
        return [problem for formulas in self._formulas.values() if (problem := formulas.problem())]

    def _place_for(self, problem: Problem) -> tuple[list[Problem], int]:
        if problem.question:
            return self._asking[problem.question], MAX_QUESTIONS
        if problem.is_protection:
            return self._protection, MAX_PROTECTION
        return (self._refusing, MAX_REFUSING) if problem.row_refused else (self._notes, MAX_NOTES)

    def as_json(self, total: int) -> dict[str, Any]:
        """What is stored in Import.counts: a dictionary a section, and `progress`, `problems`, `left_out`, `spared`."""
        figures: dict[str, Any] = {
            section.value: {name: counts[name] for name in COUNTED} for section, counts in self._counts.items()
        }
        figures["progress"] = {"done": self.done, "total": total}
        kept, found = len(self.problems()), self._found + len(self._of_formulas())
        figures["problems"] = {"found": found, "kept": kept, "not_kept": found - kept}
        figures[REJECTED] = dict(self._rejected)
        figures[SPARED] = [one.as_dict() for one in self.spared]
        figures[QUESTIONS] = dict(self._questions)
        return figures


def _as_it_went(row: RowRead) -> list[Problem]:
    """The row's problems, with what follows from them where the row went in."""
    if row.record is None:
        return row.problems
    return [replace(one, reason=f"{one.reason} {one.when_read}") if one.when_read else one for one in row.problems]
