"""The list of subcommands: each module has `add_to(app)`."""

import typer

from provsluss.cli import catalogue, demo, example, organisation, simulator, users
from provsluss.cli import check as controlling
from provsluss.cli import database as moving
from provsluss.cli import doctor as checking
from provsluss.cli import imports as importing
from provsluss.cli import preview as previewing
from provsluss.cli import queue as operating
from provsluss.cli import serve as serving
from provsluss.cli import transfers as transferring

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
