"""`python -m provsluss.simulator` starts the simulator; with --register first, that of a school's register."""

import sys


def main(arguments: list[str]) -> None:
    """Start the one that is asked for; only that one is loaded."""
    if "--register" in arguments:
        from provsluss.simulator.school_register.options import options_from as register_options
        from provsluss.simulator.school_register.server import run as run_register

        run_register(register_options([one for one in arguments if one != "--register"]))
        return
    from provsluss.simulator.options import options_from
    from provsluss.simulator.server import run

    run(options_from(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
