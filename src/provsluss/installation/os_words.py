"""What the operating system says when a file cannot be used, in Swedish."""

import errno
import os
import pwd
from pathlib import Path

_REASONS = {
    errno.EACCES: "rättighet saknas",
    errno.EPERM: "rättighet saknas",
    errno.ENOENT: "den finns inte",
    errno.ENOTDIR: "en del av sökvägen är en fil, och ingen katalog",
    errno.EISDIR: "den är en katalog",
    errno.EEXIST: "den finns redan",
    errno.ENOTEMPTY: "katalogen är inte tom",
    errno.EROFS: "filsystemet är skrivskyddat",
    errno.ENOSPC: "disken är full",
    errno.EDQUOT: "användarens utrymme på disken (kvoten) är slut",
    errno.EFBIG: "filen når gränsen för hur stor en fil får bli",
    errno.EIO: "disken ger läs- eller skrivfel",
    errno.ENAMETOOLONG: "namnet är för långt",
    errno.ELOOP: "länkarna i sökvägen går i en cirkel",
    errno.ENOLCK: "filsystemet kan inte låsa filer",
    errno.EMFILE: "processen har för många filer öppna (ulimit -n)",
    errno.ENFILE: "datorn har för många filer öppna",
    errno.ENOMEM: "minnet är slut",
    errno.ENXIO: "den är ingen vanlig fil",
    errno.ENODEV: "enheten finns inte",
    errno.ESTALE: "nätverksdisken har tappat kontakten",
    errno.ETXTBSY: "den används av ett annat program",
    errno.EBUSY: "den används av ett annat program",
    errno.EINVAL: "namnet går inte att använda",
}
NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""Nothing more can be written until somebody makes room."""


def reason(problem: OSError) -> str:
    """Why, to stand after a colon. The system's own word where we have none."""
    return _REASONS.get(problem.errno or 0) or f"{problem.strerror or type(problem).__name__}"


def is_known(problem: OSError) -> bool:
    """Whether it is about files, and we have a word for it."""
    return problem.errno in _REASONS


def this_user() -> str:
    """The name of the user that this process runs as, or the number where it has no name."""
    return user_name(os.geteuid())


def owner_of(path: Path) -> str:
    """The name of the user who owns a file. Raises OSError."""
    return user_name(path.stat().st_uid)


def user_name(number: int) -> str:
    """The name of a user, or the number where there is none, as in a container."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
