"""A crash between a row and the engine's queue leaves nothing waiting for ever."""

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.workers import nest_of, wait


def test_a_control_that_never_came_to_the_engine_is_made(here: Installation) -> None:
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 1, 5, 0)
        control = nest.ask("forget_control", ORGANISATION)
        nest.start_worker()
        wait(
            lambda: here.rows("SELECT state FROM transfers_control WHERE id = ?", control) == [("ready",)],
            60,
            nest.output,
        )
