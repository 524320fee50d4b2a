"""Ports of this computer: the one that the web listens on, and which are free."""

import errno
import socket

from provsluss.cli.errors import CannotBeDone

_TRIES = 50
_HIGHEST = 65_535
_FOR_ROOT_BELOW = 1024


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens on `address`: IPv4, IPv6 or a name. Raises CannotBeDone, with what to do."""
    family, place = _resolved(address, port)
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(place)
        listener.listen(2048)  # as gunicorn would: bound alone, another could take the same port
    except OSError as problem:
        listener.close()
        raise CannotBeDone(_why(problem, address, port, "--port")) from problem
    return listener


def url_of(address: str, port: int) -> str:
    """Where the web is found: an IPv6 address stands in brackets, and all addresses are found here at least."""
    bare = _bare(address)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(bare, f"[{bare}]" if ":" in bare else bare)  # noqa: S104
    return f"http://{host}:{port}"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1 now."""
    return _trouble(port) is None


def next_free(port: int) -> int:
    """`port`, or the nearest above it that is free. Raises CannotBeDone."""
    for candidate in range(port, min(port + _TRIES, _HIGHEST + 1)):
        if is_free(candidate):
            return candidate
    raise CannotBeDone(f"Ingen av portarna {port}–{port + _TRIES - 1} är ledig. Välj en annan med --port.")


def demand_free(port: int, option: str = "--port") -> None:
    """Raises CannotBeDone, with what to do, when nothing can listen on `port` of 127.0.0.1."""
    if problem := _trouble(port):
        raise CannotBeDone(_why(problem, "127.0.0.1", port, option))


def _trouble(port: int) -> OSError | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            return problem
    return None


def _resolved(address: str, port: int) -> tuple[int, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(_bare(address), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:  # a name of more than 63 signs is no name
        raise CannotBeDone(
            f"”{address}” är ingen adress att lyssna på. Skriv --bind med en adress som den här datorn har, till "
            "exempel 127.0.0.1, ::1 eller 0.0.0.0 (alla), och porten med --port."
        ) from problem
    family, _, _, _, place = found[0]
    return family, place  # type: ignore[return-value]


def _bare(address: str) -> str:
    return address.removeprefix("[").removesuffix("]") if ":" in address else address


def _why(problem: OSError, address: str, port: int, option: str) -> str:
    match problem.errno:
        case errno.EADDRINUSE:
            return f"Port {port} används redan av ett annat program. Välj en annan med {option}."
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            return (
                f"Den här datorn har inte adressen {address}. Skriv --bind med en som den har, till exempel 127.0.0.1, "
                "eller 0.0.0.0 (alla)."
            )
        case errno.EACCES | errno.EPERM if port < _FOR_ROOT_BELOW:
            return f"Port {port} får bara root lyssna på. Välj en över {_FOR_ROOT_BELOW - 1} med {option}."
        case _:
            return f"Det går inte att lyssna på {address}, port {port}. Välj en annan port med {option}."
