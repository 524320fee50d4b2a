"""Formulas whose result was never stored: told of once a section, however many, since one thing mends them all."""

from provsluss.register.sections import Section
from provsluss.register.source_records import Problem, RowRead

NO_VALUE = "formel utan värde"
_MEND = "Öppna filen i Excel, spara den och läs in den igen."


class UnworkedFormulas:
    """Counts those of one section."""

    def __init__(self, section: Section) -> None:
        self._section = section
        self._found = 0
        self._first_row = 0
        self._columns: dict[str, None] = {}
        self._refused_rows = 0

    def take(self, row: RowRead) -> None:
        """Count those of one row, once it is known whether it goes in."""
        if row.unworked:
            self._found += len(row.unworked)
            self._first_row = self._first_row or row.number
            self._columns |= dict.fromkeys(row.unworked)
            self._refused_rows += row.refused

    def problem(self) -> Problem | None:
        """What there is to tell; None where the section has no such formula."""
        if not self._found:
            return None
        rows, columns = self._refused_rows, ", ".join(self._columns)
        found = f"{self._found} {'formel har' if self._found == 1 else 'formler har'} inget uträknat värde i filen"
        follows = (
            f"{rows} {'rad' if rows == 1 else 'rader'} läses därför inte in."
            if rows
            else "Raderna läses in utan att ändra de uppgifterna."
        )
        return Problem(
            self._section, self._first_row, columns[:60], NO_VALUE,
            f"{found} ({columns}). {follows} {_MEND}", row_refused=rows > 0,
        )  # fmt: skip
