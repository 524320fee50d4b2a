"""`python -m provsluss` is the `provsluss` command."""

from provsluss.cli import main

if __name__ == "__main__":
    main()
