"""Less memory for a process of many threads."""

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8
_ARENAS = 2


def share_malloc_arenas() -> None:
    """Let all threads take their memory from two places instead of one each.

    The GNU C library lets every thread keep what it has freed; with a transfer and a control of 140 000 pupils under
    way in threads that come and go, that adds up to tens of megabytes. Does nothing where the C library is another one.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
