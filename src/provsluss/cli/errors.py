"""The error that ends a command with status 2."""


class CannotBeDone(Exception):
    """Ends the command with status 2 and this Swedish sentence on standard error."""
