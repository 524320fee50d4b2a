"""The faults that are planted in an example, so that every kind of answer can be seen.

Always the same twelve pupils: the first twelve of year 6, whatever the size of the example.

(a) three who have moved in from Grannkommunen, which has not ended them: Skolverket refuses personnummer and EPPN;
(b) two whose EPPN resembles the name: Skolverket takes them, with Warning 3047;
(c) three rows that the import complains of: a birth date that does not exist and no EPPN (both rows stay out), and an
    ämnesgrupp that the workbook does not list (the pupil is read in without it);
(d) four that are right but written oddly: personnummer as a number, with a hyphen, with spaces after it and the name,
    and a TF-nummer in lower case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from provsluss.register.example.people import PUPIL_DOMAIN
from provsluss.register.example.rows import PupilRow


@dataclass(frozen=True, slots=True)
class MovedIn:
    """A pupil whom the simulator's Grannkommunen still has (repeated from there; a test compares the two)."""

    civic_number: str
    eppn: str
    given_name: str
    family_name: str


MOVED_IN = (
    MovedIn("201401172380", "a1c0ffee-0000-4000-8000-000000000001@edu.grannkommunen.se", "Alva", "Bäckström"),
    MovedIn("201405232396", "a1c0ffee-0000-4000-8000-000000000002@edu.grannkommunen.se", "Nils", "Forsgren"),
    MovedIn("201409042387", "a1c0ffee-0000-4000-8000-000000000003@edu.grannkommunen.se", "Ines", "Hjalmarsson"),
)
TAKEN_CIVIC_NUMBERS = frozenset(pupil.civic_number for pupil in MOVED_IN)

_Fault = Callable[[PupilRow], PupilRow]


def _moved_in(neighbour: MovedIn) -> _Fault:
    return lambda row: replace(
        row,
        civic_number=neighbour.civic_number,
        eppn=neighbour.eppn,
        given_name=neighbour.given_name,
        middle_name="",
        family_name=neighbour.family_name,
    )


def _renamed(given: str, family: str, eppn: str) -> _Fault:
    return lambda row: replace(row, given_name=given, middle_name="", family_name=family, eppn=f"{eppn}@{PUPIL_DOMAIN}")


def _impossible_birth_date(row: PupilRow) -> PupilRow:
    return replace(row, civic_number="201402302388")


def _without_eppn(row: PupilRow) -> PupilRow:
    return replace(row, eppn="")


def _in_unknown_group(row: PupilRow) -> PupilRow:
    return replace(row, teaching_groups=(*row.teaching_groups, "Matematik 6Ö"))


def _number_in_cell(row: PupilRow) -> PupilRow:
    return replace(row, civic_number=int(row.civic_number))


def _hyphen(row: PupilRow) -> PupilRow:
    return replace(row, civic_number=f"{str(row.civic_number)[:8]}-{str(row.civic_number)[8:]}")


def _spaces(row: PupilRow) -> PupilRow:
    return replace(row, civic_number=f"{row.civic_number}  ", family_name=f"{row.family_name} ")


def _lower_case_tf(row: PupilRow) -> PupilRow:
    return replace(row, civic_number="20140612tf13", given_name="Omid", middle_name="", family_name="Karimi")


_FAULTS: tuple[_Fault, ...] = (
    _moved_in(MOVED_IN[0]),
    _number_in_cell,
    _renamed("Emma", "Lindqvist", "emmlin14"),
    _impossible_birth_date,
    _moved_in(MOVED_IN[1]),
    _hyphen,
    _without_eppn,
    _renamed("Viktor", "Åkesson", "viktor.akesson"),
    _spaces,
    _in_unknown_group,
    _moved_in(MOVED_IN[2]),
    _lower_case_tf,
)
FAULT_COUNT = len(_FAULTS)


class Planter:
    """Plants the faults in the pupils that come by."""

    def __init__(self) -> None:
        self._left: Iterator[_Fault] = iter(_FAULTS)

    def plant(self, row: PupilRow) -> PupilRow:
        """`row` as it is, or with the next fault if it is a pupil of year 6 in compulsory school."""
        if row.school_type != "GR" or row.school_year != 6:
            return row
        return next(self._left, _current_state)(row)


def _current_state(row: PupilRow) -> PupilRow:
    return row
