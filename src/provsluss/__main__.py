"""`python -m provsluss` is the `provsluss` command."""

from provsluss.cli import main

main()
