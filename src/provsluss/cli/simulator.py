"""`provsluss simulator`: the stand-in for provtjänsten, in a process of its own so that nothing here imports it."""

import os
import sys

import typer


def add_to(app: typer.Typer) -> None:
    """Adds the subcommand. All its switches, --help too, are the simulator's own."""
    app.command(
        "simulator",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )(simulator)


def simulator(context: typer.Context) -> None:
    """Starta en övningsversion av Skolverkets provtjänst på den egna datorn."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "provsluss.simulator", *context.args])  # noqa: S606 - ourselves
