"""Where a cell says that it stands: A1 to XFD1048576, and nothing else is an address."""

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.sentences import DAMAGED, TOO_SPREAD

LAST_ROW = 1_048_576
_COLUMNS = 16_384


class Columns(dict[str, int]):
    """Columns by their letters, from 0; worked out when first asked for. Raises SourceRefused."""

    def __missing__(self, letters: str) -> int:
        if not letters or letters.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
            raise SourceRefused(DAMAGED)
        number = 0
        for letter in letters[:4]:
            number = number * 26 + ord(letter) - ord("A") + 1
        if number > _COLUMNS:
            raise SourceRefused(TOO_SPREAD)
        self[letters] = number - 1
        return number - 1


def row_number(digits: str) -> int:
    """The row, from 1. Raises SourceRefused."""
    if not (digits.isascii() and digits.isdigit()) or digits.startswith("0"):
        raise SourceRefused(DAMAGED)
    if len(digits) > 7 or int(digits) > LAST_ROW:
        raise SourceRefused(TOO_SPREAD)
    return int(digits)


def row_of(place: str) -> str:
    """The digits at the end of a cell's address."""
    return place[len(place.rstrip("0123456789")) :]


def rows_and_columns(places: str, columns: Columns) -> tuple[int, int, int, int]:
    """First and last row, first and last column of `A1:B2`, whichever corners it names. Raises SourceRefused."""
    first, _, last = places.partition(":")
    corners = [(row_number(row_of(one)), columns[one[: -len(row_of(one))]]) for one in (first, last or first)]
    (top, bottom), (left, right) = (sorted(line) for line in zip(*corners, strict=True))
    return top, bottom, left, right
