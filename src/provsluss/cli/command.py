"""The command itself: what `provsluss` knows, and how it ends.

Exit status: 0 all well, 1 done but something was refused or held back, 2 could not be done (design.md section 6).
"""

import io
import os
import sys
import threading
from typing import Annotated

import typer

from provsluss import __version__
from provsluss.cli.endings import complain, end_of, end_of_thread, end_of_unraisable, written_out
from provsluss.ss12000.log_filter import masked_excepthook

app = typer.Typer(
    name="provsluss",
    help="Provsluss för över elever, personal, grupper och provaktiviteter till Skolverkets provtjänst.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def before_subcommands(
    version: Annotated[bool, typer.Option("--version", help="Visa vilken version av Provsluss det är.")] = False,
) -> None:
    """`--version` alone has been answered already (`main`): it must not wait for all the subcommands to be loaded."""


def main() -> None:
    """Entry point of the `provsluss` command."""
    os.umask(0o077)  # what we write is for its owner's eyes only (design.md section 7)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ✓ gets a question mark
    # Typer would put its own hook there if the app were called as it is.
    sys.excepthook = masked_excepthook
    threading.excepthook = end_of_thread
    sys.unraisablehook = end_of_unraisable
    if sys.argv[1:] == ["--version"]:
        typer.echo(f"Provsluss {__version__}")
        sys.exit(written_out(0))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "provsluss.settings")
    sys.exit(written_out(_status()))


def _status() -> int:
    """Carry out what is written on the command line; whatever goes wrong has been told when this returns."""
    from provsluss.cli import in_swedish, subcommands

    subcommands.add_to(app)
    command = typer.main.get_command(app)
    in_swedish.speak_swedish(command)
    try:
        return command.main(standalone_mode=False) or 0
    except typer.Abort:
        complain("Avbrutet.")
        return 2
    except Exception as problem:  # noqa: BLE001 - nothing ends in a traceback, and nothing goes untold
        return end_of(problem)
