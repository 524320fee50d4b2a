"""Everything one running simulator consists of."""

from dataclasses import dataclass

from provsluss.simulator.call_log import CallLog
from provsluss.simulator.faults import Dice
from provsluss.simulator.jobs import Jobs
from provsluss.simulator.limits import Limits
from provsluss.simulator.options import SimulatorOptions
from provsluss.simulator.store import Store
from provsluss.simulator.tokens import Tokens


@dataclass(frozen=True)
class World:
    """The parts that the routes and the front door share."""

    options: SimulatorOptions
    dice: Dice
    store: Store
    jobs: Jobs
    tokens: Tokens
    limits: Limits
    log: CallLog


def new_world(options: SimulatorOptions) -> World:
    """A simulator where nothing has happened yet."""
    dice, store = Dice(options), Store()
    return World(options, dice, store, Jobs(store, dice), Tokens(dice), Limits(), CallLog())
