"""The `provsluss` command: one module here for each group of subcommands."""

from provsluss.cli.command import main

__all__ = ["main"]
