"""One row of a sheet while it is read: its cells as text, and everything that is wrong with it."""

import re
from collections.abc import Mapping, Sequence

from provsluss.register.source_ids import is_rounded
from provsluss.register.source_records import Kept, Problem
from provsluss.register.sources.skolverket_workbook.cells import (
    digits_with_zeros_back,
    has_lost_digits,
    is_date,
    text_of,
    tidy,
    without_text_marks,
)
from provsluss.register.sources.skolverket_workbook.empty_words import MARKING, NAMES, is_misplaced_truth, tells_nothing
from provsluss.register.sources.skolverket_workbook.layout import REMOVE, REMOVE_YES, SECURITY_MARKINGS, Sheet
from provsluss.register.sources.xlsx.cell import MERGED, NO_VALUE, Cell, UnusableCell
from provsluss.ss12000.civic_number import without_civic_numbers

_SCHOOL_UNIT_CODE = re.compile(r"[0-9]{8}")
TEXT_MARKS = "har en apostrof, ett citattecken eller ett likhetstecken omkring sig som inte hör till"
_SHOWN_VALUE = 120
MOST_PROBLEMS = 100
"""Kept of one row: a cell has room for the names of ten thousand groups that there are not."""
MISSING = "saknas men måste fyllas i"
_NAME = "Skriv namnet som det står i folkbokföringen"
_OR_NOTHING = "Skriv in rätt värde, eller töm cellen"
_ADVICE = {
    MARKING: f"Skriv {' eller '.join(SECURITY_MARKINGS)}, eller töm cellen om personen inte är skyddad",
    REMOVE: f"Skriv {REMOVE_YES} om raden ska bort, annars töm cellen",
}
_NAMED_COLUMNS = 4
_CELLS_OF_A_HEADER = 3
_REPAIRED = "har tecken som blivit fel på vägen, till exempel å, ä eller ö"


class RowCells:
    """The cells of one row by column, and the problems found so far."""

    def __init__(self, sheet: Sheet, number: int, cells: Sequence[Cell], places: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.number = number
        self.problems: list[Problem] = []
        self.refused = False
        self.kept: set[Kept] = set()
        """What the row says nothing usable of."""
        self.unworked: list[str] = []
        """Columns with formulas without a value: those of the whole sheet are told of at once."""
        self._cells = cells
        self._places = places
        self._texts: dict[str, str] = {}
        self._unusable: dict[str, str] = {}

    def cell(self, column: str) -> Cell:
        """The cell as Excel holds it."""
        return self._cells[self._places[column]]

    def text(self, column: str) -> str:
        """The cell as text; empty where nothing is written, and where what is written tells nothing (`unusable`)."""
        text = self._texts.get(column)
        if text is None:
            text = self._texts[column] = self._read(column)
        return text

    def unusable(self, column: str) -> str:
        """What stands in a cell that is neither a value nor empty (`#N/A`); empty for every other cell."""
        self.text(column)
        return self._unusable.get(column, "")

    def _read(self, column: str) -> str:
        cell = self.cell(column)
        text = text_of(cell)
        if isinstance(cell, UnusableCell):
            self._unusable[column] = cell.text
        elif tells_nothing(column, text) or is_misplaced_truth(column, cell):
            self._unusable[column] = text
        else:
            if isinstance(cell, str) and cell and text != tidy(cell):
                self.note(column, _REPAIRED, tidy(cell), when_read="De rättas: kontrollera att det blir rätt.")
            return text
        return ""

    def name(self, column: str, longest: int = 200) -> str:
        """An optional text. Too long is refused; a date is noted, because Excel may have made it out of a name."""
        text = self.text(column)
        if len(text) > longest:
            self.refuse(column, f"är längre än {longest} tecken")
        elif is_date(self.cell(column)) and text:
            self.note(column, "är ett datum i Excel. Var det ett namn, skriv om det med cellen formaterad som text")
        return text

    def mandatory(self, column: str, longest: int = 200) -> str:
        """A text that must be there."""
        text = self.name(column, longest)
        if not text:
            self.refuse_missing(column)
        return text

    def optional(self, column: str, attribute: Kept) -> str:
        """A text that may be missing. Of a cell that tells nothing, `attribute` stays as the register has it."""
        if self.unusable(column):
            self.keep(column, attribute)
        return self.text(column)

    def keep(self, column: str, attribute: Kept) -> None:
        """Tell of an unusable cell that does not keep the row out: `attribute` stays as the register has it."""
        self.kept.add(attribute)
        if self._unusable[column] == NO_VALUE:
            self.unworked.append(column)
        else:
            self.note(
                column, self._instead_of_a_value(column), self._unusable[column], column == MARKING,
                when_read="Raden läses in utan att ändra den uppgiften.",
            )  # fmt: skip

    def refuse_missing(self, column: str) -> None:
        """Refuse the row because the cell is empty, or holds what tells nothing."""
        found = self.unusable(column)
        if not found:
            self.refuse(column, MISSING)
        elif found == NO_VALUE:
            self.refused = True
            self.unworked.append(column)
        else:
            self.refuse(column, self._instead_of_a_value(column, needed=True), found)

    def _instead_of_a_value(self, column: str, needed: bool = False) -> str:
        """`needed`: the row cannot go in with the cell empty, though the column is not mandatory for all."""
        if self._unusable[column] == MERGED:
            return "ligger under en sammanfogad cell. Dela upp den i Excel, och skriv värdet på varje rad"
        needed = needed or column in self.sheet.mandatory
        wanted, advice = "ett värde", "Skriv in rätt värde" if needed else _OR_NOTHING
        if column in NAMES:
            wanted, advice = "ett namn", _NAME if needed else f"{_NAME}, eller töm cellen"
        return f"innehåller ”{self._unusable[column]}” i stället för {wanted}. {_ADVICE.get(column, advice)}"

    def refuse_as_stray(self) -> None:
        """Let one problem stand for all that is missing on a row that tells of nobody: a sum, a row of errors."""
        self.refused, self.problems, self.kept, self.unworked = True, [], set(), []
        filled = self.filled()
        readable = [column for column in filled if self.text(column)]
        if readable:
            self.refuse(readable[0], _stray(readable), in_words=False)
            return
        said = list(dict.fromkeys(self._unusable[column] for column in filled))
        if said == [NO_VALUE]:
            self.unworked = filled
            return
        where = ", ".join(filled) if len(filled) <= _NAMED_COLUMNS else f"{len(filled)} kolumner"
        reason = f"Raden har inget värde som går att läsa: {', '.join(said)} i {where}. Rätta den, eller ta bort den"
        self.refuse(filled[0], reason, said[0], in_words=False)

    def repeats_header(self) -> bool:
        """Whether the row is the sheet's header once more, as where several files have been put together."""
        return sum(self.text(column) == column for column in self.sheet.columns) >= _CELLS_OF_A_HEADER

    def id(self, column: str) -> str:
        """An id as the source writes it, with the leading zeros that Excel has kept. Empty where it is unreadable."""
        text = self.mandatory(column)
        if has_lost_digits(self.cell(column)):
            self.refuse(
                column, "är ett tal med fler siffror än Excel kan hålla. Formatera cellen som text och skriv om"
            )
            return ""
        if is_rounded(text):
            self.refuse(column, "är ett avrundat tal, där siffror saknas. Formatera cellen som text och skriv om")
            return ""
        return text if len(text) <= 200 else ""

    def school_unit_code(self) -> str:
        """The eight digits, or empty. A number of seven digits has lost its leading zero in Excel and gets it back."""
        column = "Skolenhetskod"
        if not self.text(column):
            self.refuse_missing(column)
            return ""
        written = digits_with_zeros_back(self.cell(column), 7, 8).replace(" ", "")
        code = without_text_marks(written)
        if _SCHOOL_UNIT_CODE.fullmatch(code):
            if code != written and not any(problem.column == column for problem in self.problems):
                self.note(column, TEXT_MARKS, when_read="De tas bort.")
            return code
        self.refuse(column, "är inte en skolenhetskod. Den har åtta siffror, till exempel 31279295")
        return ""

    def filled(self) -> list[str]:
        """The columns in which anything stands, also what tells nothing."""
        return [column for column in self.sheet.columns if self.text(column) or column in self._unusable]

    def is_blank(self) -> bool:
        """Whether nothing is written in any of the sheet's own columns. What tells nothing is written too."""
        return not any(self.text(column) or column in self._unusable for column in self.sheet.columns)

    def is_removed(self) -> bool:
        """Whether the row says that its object ends. Anything but Ja is a problem (rules.md section 4, rule 4)."""
        text = self.text(REMOVE)
        if text.casefold() == REMOVE_YES.casefold():
            return True
        if self.unusable(REMOVE):
            self.refuse_missing(REMOVE)  # nobody can tell whether it is to be there
        elif text.casefold() == "nej":
            self.note(REMOVE, "behövs inte: lämna cellen tom för det som ska vara kvar", when_read="Raden läses in.")
        elif text:
            self.refuse(REMOVE, "kan bara vara Ja. Lämna cellen tom om raden ska vara kvar")
        return False

    def refuse(self, column: str, reason: str, part: str | None = None, in_words: bool = True) -> None:
        """Note a problem that keeps the row out. `part` as in `note`; `in_words`: the column begins the sentence."""
        self.refused = True
        self.problems.append(self._problem(column, f"{column} {reason}" if in_words else reason, True, part))

    def note(
        self, column: str, reason: str, part: str | None = None, is_protection: bool = False, when_read: str = ""
    ) -> None:
        """Note a problem that the user should know of; the row goes in all the same, if nothing else keeps it out.

        `part` is what of the cell is meant, where it is not all of it; `when_read` a sentence that is only true of a
        row that goes in.
        """
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(self._problem(column, f"{column} {reason}", False, part, is_protection, when_read))

    def _problem(
        self,
        column: str,
        reason: str,
        row_refused: bool,
        part: str | None = None,
        is_protection: bool = False,
        when_read: str = "",
    ) -> Problem:
        value = self._shown(column, self.text(column) if part is None else part)
        return Problem(
            self.sheet.section,
            self.number,
            column,
            value,
            f"{reason}.",
            row_refused,
            is_protection,
            when_read=when_read,
        )

    def _shown(self, column: str, text: str) -> str:
        """The value as it may be shown: no personnummer, and nothing at all of somebody with protected data."""
        if MARKING in self._places and column != MARKING and (self.text(MARKING) or self.unusable(MARKING)):
            # What stands in place of a value is nothing of the person's.
            return text if text and text == self._unusable.get(column) else ""
        if column == "Personnummer":
            return _masked(text)
        return without_civic_numbers(text)[:_SHOWN_VALUE]


def _stray(columns: Sequence[str]) -> str:
    return (
        f"Raden har bara {' och '.join(columns)} ifyllt, så det går inte att se vem eller vad den gäller. "
        "Är den en summering eller en anteckning, ta bort den ur filen"
    )


def _masked(text: str) -> str:
    """What stands in the column Personnummer: the birth date at most, however the number is written."""
    if not any(c.isdigit() for c in text):
        return text[:_SHOWN_VALUE]
    shown = without_civic_numbers(text)
    if shown != text and not any(c.isdigit() for c in shown[8:]):
        return shown
    return text[: max(0, min(8, len(text) - 4))] + "****"
