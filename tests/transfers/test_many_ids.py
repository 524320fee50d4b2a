"""More ids than a database takes in one condition are asked for in pieces, and nothing is lost between them."""

import pytest

from provsluss import batching
from provsluss.organisations.models import Organisation
from provsluss.transfers.desired.selection import Selection
from tests.preflight.test_a_control import causes, cells, checked
from tests.transfers.small_school import make_school, make_staff


@pytest.mark.parametrize("number", [0, 1, 499, 500, 501, 1000])
def test_nothing_is_lost_between_pieces(number: int) -> None:
    pieces = list(batching.in_pieces(range(number)))
    assert [one for piece in pieces for one in piece] == list(range(number))
    assert all(0 < len(piece) <= 500 for piece in pieces)


def test_a_selection_and_a_control_are_the_same_in_small_pieces(
    scoped: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make_school(scoped)
    for number in range(5):
        make_staff(scoped, f"Rektor {number}", "Rektor", eppn="")

    def found() -> list[object]:
        control = checked(scoped)
        return [Selection(scoped, [activity]).persons, causes(control), cells(control)]

    whole = found()
    monkeypatch.setattr(batching, "AT_A_TIME", 2)

    assert found() == whole
