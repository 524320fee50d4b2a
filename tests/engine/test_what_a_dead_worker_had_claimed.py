"""A crash while an order is handed over to the engine leaves nothing waiting for ever."""

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.workers import nest_of, wait


def test_the_next_worker_hands_it_over(here: Installation) -> None:
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 1, 5, 0)
        control = nest.ask("ask_for_control", ORGANISATION, 60)
        nest.start_worker()
        wait(
            lambda: here.rows("SELECT state FROM transfers_control WHERE id = ?", control) == [("ready",)],
            60,
            nest.output,
        )
