"""Ports of this computer: is one free, and which is the next that is."""

import socket

from provsluss.cli.errors import CannotBeDone

_TRIES = 50


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """`port`, or the nearest above it that is free. Raises CannotBeDone."""
    for candidate in range(port, port + _TRIES):
        if is_free(candidate):
            return candidate
    raise CannotBeDone(f"Ingen av portarna {port}–{port + _TRIES - 1} är ledig. Välj en annan med --port.")


def demand_free(port: int, address: str = "127.0.0.1", option: str = "--port") -> None:
    """Raises CannotBeDone, with what to do, when nothing can listen on `port`."""
    if not is_free(port, address):
        raise CannotBeDone(f"Port {port} används redan av ett annat program. Välj en annan med {option}.")
