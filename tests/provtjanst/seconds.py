"""How long a wait may be, on a machine that may be busy with something else."""

from collections.abc import Callable

GOES = 3


def assert_seconds(measure: Callable[[], float], at_least: float, below: float) -> None:
    """What `measure` returns is never under `at_least`, and is under `below` in one of a few goes.

    A busy machine makes a wait longer and never shorter: one go that was not held up shows how long it is.
    """
    measured: list[float] = []
    while not measured or measured[-1] >= below:
        assert len(measured) < GOES, measured
        measured.append(measure())
        assert measured[-1] >= at_least, measured
