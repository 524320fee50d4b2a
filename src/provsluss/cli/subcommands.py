"""The list of subcommands: each module has `add_to(app)`."""

import typer

from provsluss.cli import (
    catalogue,
    checking,
    controlling,
    demo,
    example,
    importing,
    moving,
    operating,
    organisation,
    previewing,
    serving,
    simulator,
    transferring,
    users,
)

_MODULES = (
    demo,
    serving,
    simulator,
    organisation,
    users,
    catalogue,
    importing,
    previewing,
    transferring,
    example,
    controlling,
    checking,
    operating,
    moving,
)


def add_to(app: typer.Typer) -> None:
    """Adds every subcommand to `app`."""
    for module in _MODULES:
        module.add_to(app)
