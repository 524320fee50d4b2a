"""The command itself: what `provsluss` knows, and how it ends.

Exit status: 0 all well, 1 done but something was refused or held back, 2 could not be done (design.md section 6).
"""

import os
import sys
import threading

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.ss12000.log_filter import masked_excepthook

app = typer.Typer(
    name="provsluss",
    help="Provsluss för över elever, personal, grupper och provaktiviteter till Skolverkets provtjänst.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Entry point of the `provsluss` command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provsluss.settings")
    from provsluss.cli import in_swedish, subcommands

    subcommands.add_to(app)
    command = typer.main.get_command(app)
    in_swedish.speak_swedish(command)
    # Typer would put its own hook there if the app were called as it is.
    sys.excepthook = masked_excepthook
    threading.excepthook = lambda told: masked_excepthook(told.exc_type, told.exc_value, told.exc_traceback)
    try:
        command()
    except CannotBeDone as problem:
        typer.secho(str(problem), err=True, fg=typer.colors.RED)
        sys.exit(2)
