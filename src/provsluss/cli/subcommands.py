"""The list of subcommands: each module has `add_to(app)`."""

import typer


def add_to(app: typer.Typer) -> None:
    """Adds every subcommand to `app`."""
    for module in ():
        module.add_to(app)
