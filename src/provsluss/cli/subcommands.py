"""The list of subcommands: each module has `add_to(app)`."""

import typer

from provsluss.cli import (
    address,
    catalogue,
    check,
    database,
    demo,
    doctor,
    example,
    fetch,
    imports,
    organisation,
    preview,
    queue,
    serve,
    simulator,
    source,
    transfers,
    users,
)

_MODULES = (
    demo,
    serve,
    simulator,
    organisation,
    users,
    catalogue,
    imports,
    source,
    fetch,
    preview,
    transfers,
    example,
    check,
    doctor,
    address,
    queue,
    database,
)


def add_to(app: typer.Typer) -> None:
    """Adds every subcommand to `app`."""
    for module in _MODULES:
        module.add_to(app)
