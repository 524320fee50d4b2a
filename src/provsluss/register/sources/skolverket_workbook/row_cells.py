"""One row of a sheet while it is read: its cells as text, and everything that is wrong with it."""

import re
from collections.abc import Mapping, Sequence

from provsluss.register.source_ids import is_rounded
from provsluss.register.source_records import Problem
from provsluss.register.sources.skolverket_workbook.cells import (
    Cell,
    digits_with_zeros_back,
    has_lost_digits,
    is_date,
    text_of,
)
from provsluss.register.sources.skolverket_workbook.layout import REMOVE, REMOVE_YES, Sheet
from provsluss.ss12000.civic_number import without_civic_numbers

_SCHOOL_UNIT_CODE = re.compile(r"[0-9]{8}")
_SHOWN_VALUE = 120
MISSING = "saknas men måste fyllas i"


class RowCells:
    """The cells of one row by column, and the problems found so far."""

    def __init__(self, sheet: Sheet, number: int, cells: Sequence[Cell], places: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.number = number
        self.problems: list[Problem] = []
        self.refused = False
        self._cells = cells
        self._places = places

    def cell(self, column: str) -> Cell:
        """The cell as Excel holds it."""
        return self._cells[self._places[column]]

    def text(self, column: str) -> str:
        """The cell as text; empty where nothing is written."""
        return text_of(self.cell(column))

    def name(self, column: str, longest: int = 200) -> str:
        """An optional text. Too long is refused; a date is noted, because Excel may have made it out of a name."""
        text = self.text(column)
        if len(text) > longest:
            self.refuse(column, f"är längre än {longest} tecken")
        elif is_date(self.cell(column)):
            self.note(column, "är ett datum i Excel. Var det ett namn, skriv om det med cellen formaterad som text")
        return text

    def mandatory(self, column: str, longest: int = 200) -> str:
        """A text that must be there."""
        text = self.name(column, longest)
        if not text:
            self.refuse(column, MISSING)
        return text

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
        code = digits_with_zeros_back(self.cell(column), 7, 8).replace(" ", "")
        if not code:
            self.refuse(column, MISSING)
        elif _SCHOOL_UNIT_CODE.fullmatch(code):
            return code
        else:
            self.refuse(column, "är inte en skolenhetskod. Den har åtta siffror, till exempel 31279295")
        return ""

    def is_blank(self) -> bool:
        """Whether nothing is written in any of the sheet's own columns."""
        return not any(self.text(column) for column in self.sheet.columns)

    def is_removed(self) -> bool:
        """Whether the row says that its object ends. Anything but Ja is a problem (rules.md section 4, rule 4)."""
        text = self.text(REMOVE)
        if text.casefold() == REMOVE_YES.casefold():
            return True
        if text.casefold() == "nej":
            self.note(REMOVE, "behövs inte: lämna cellen tom för det som ska vara kvar. Raden läses in")
        elif text:
            self.refuse(REMOVE, "kan bara vara Ja. Lämna cellen tom om raden ska vara kvar")
        return False

    def refuse(self, column: str, reason: str) -> None:
        """Note a problem that keeps the row out."""
        self.refused = True
        self.problems.append(self._problem(column, reason, row_refused=True))

    def note(self, column: str, reason: str, part: str | None = None, is_protection: bool = False) -> None:
        """Note a problem that the user should know of; the row goes in all the same.

        `part` is what of the cell is meant, where it is not all of it.
        """
        self.problems.append(self._problem(column, reason, False, part, is_protection))

    def _problem(
        self, column: str, reason: str, row_refused: bool, part: str | None = None, is_protection: bool = False
    ) -> Problem:
        value = self._shown(column, self.text(column) if part is None else part)
        return Problem(self.sheet.name, self.number, column, value, f"{column} {reason}.", row_refused, is_protection)

    def _shown(self, column: str, text: str) -> str:
        """The value as it may be shown: no personnummer, and nothing at all of somebody with protected data."""
        if "Sekretessmarkering" in self._places and column != "Sekretessmarkering" and self.text("Sekretessmarkering"):
            return ""
        if column == "Personnummer":
            return _masked(text)
        return without_civic_numbers(text)[:_SHOWN_VALUE]


def _masked(text: str) -> str:
    """What stands in the column Personnummer: the birth date at most, however the number is written."""
    if not any(c.isdigit() for c in text):
        return text[:_SHOWN_VALUE]
    shown = without_civic_numbers(text)
    if shown != text and not any(c.isdigit() for c in shown[8:]):
        return shown
    return text[: max(0, min(8, len(text) - 4))] + "****"
