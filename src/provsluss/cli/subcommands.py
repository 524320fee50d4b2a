"""The list of subcommands: each module has `add_to(app)`."""

import typer

from provsluss.cli import catalogue, example, organisation, serving, simulator, users

_MODULES = (
    catalogue,
    serving,
    simulator,
    organisation,
    users,
    example,
)


def add_to(app: typer.Typer) -> None:
    """Adds every subcommand to `app`."""
    for module in _MODULES:
        module.add_to(app)
