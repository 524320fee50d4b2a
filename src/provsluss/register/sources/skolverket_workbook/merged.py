"""Merged cells: Excel shows one value over several rows, but the file has it on the first of them alone.

The others are no empty cells: somebody who looks at the file reads the value there. So they tell nothing.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping

from provsluss.register.source_records import Problem
from provsluss.register.sources.skolverket_workbook.layout import FIRST_DATA_ROW, Sheet
from provsluss.register.sources.xlsx.cell import MERGED, UnusableCell
from provsluss.register.sources.xlsx.handed_over import SheetRead

COVERED = UnusableCell(MERGED)


class MergedCells:
    """Which cells of some columns lie under a merged cell that begins on a row above."""

    def __init__(self, sheet: SheetRead, columns: Collection[int]) -> None:
        self.first_row = 0
        """The first row that is covered; 0 where none is."""
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        for column in columns:
            spans = sorted(
                (max(top + 1, FIRST_DATA_ROW), min(bottom, sheet.last_row))
                for top, bottom, left, right in sheet.merged
                if left <= column <= right
            )
            for start, end in spans:
                if start <= end:
                    self._cover(column, start, end)

    def _cover(self, column: int, start: int, end: int) -> None:
        """Note one more span, which starts nowhere above those before it."""
        starts, ends = self._starts.setdefault(column, []), self._ends.setdefault(column, [])
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
        self.first_row = min(self.first_row or start, start)

    def on(self, row: int) -> Iterator[int]:
        """The columns whose cell on this row is covered."""
        for column, starts in self._starts.items():
            place = bisect_right(starts, row) - 1
            if place >= 0 and row <= self._ends[column][place]:
                yield column

    def columns(self) -> Collection[int]:
        """The columns in which any cell is covered."""
        return self._starts.keys()


def merged_cells(layout: Sheet, merged: MergedCells, places: Mapping[str, int]) -> Iterator[Problem]:
    """One remark for all of a sheet's, with how to mend them."""
    names = [column for column, place in places.items() if place in merged.columns()]
    if not names:
        return
    reason = (
        f"Bladet har sammanfogade celler ({', '.join(names)}). Värdet står bara på den översta av raderna, och läses "
        "inte på de andra. Dela upp cellerna i Excel (Start, Centrera över kolumner, Dela celler), och skriv värdet på "
        "varje rad."
    )
    yield Problem(layout.section, merged.first_row, names[0], "", reason, row_refused=False)
