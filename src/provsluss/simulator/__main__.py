"""`python -m provsluss.simulator` starts the simulator."""

from provsluss.simulator.options import options_from
from provsluss.simulator.server import run

if __name__ == "__main__":
    run(options_from())
