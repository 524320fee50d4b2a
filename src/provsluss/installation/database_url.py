"""PROVSLUSS_DATABASE_URL as Django wants it."""

from difflib import get_close_matches
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

FORM = "postgresql://ANVÄNDARE:LÖSENORD@SERVER:PORT/DATABAS"
_ESCAPED = "Ett tecken som / : @ # ? eller % i lösenordet skrivs med procentkod (/ blir %2F, # blir %23)"
# A worker that stands still in the middle of a transaction, or a machine that is gone, keeps its locks until PostgreSQL
# ends its session; nobody could take over until then. The engine's own connections have a minute.
_LET_GO = "-c idle_in_transaction_session_timeout=5min"
_CONNECT_SECONDS = "10"
"""libpq's own patience has no end, where a firewall answers nothing."""


class UnreadableDatabaseUrl(ValueError):
    """The address is no PostgreSQL address: a Swedish sentence without its full stop, which says what it should be.

    It does not repeat the address, which may hold a password.
    """


def django_database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?sslmode=verify-full` as an entry of Django's DATABASES.

    What follows the question mark goes to libpq as it is; `options` there stands instead of ours.
    Raises UnreadableDatabaseUrl.
    """
    parts, port = _parts(url)
    options = {"options": _LET_GO, "connect_timeout": _CONNECT_SECONDS, **dict(parse_qsl(parts.query))}
    _demand_known(options)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _parts(url: str) -> tuple[SplitResult, int | None]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise UnreadableDatabaseUrl(f"En databas anges som {FORM}, och adressen börjar inte så")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnreadableDatabaseUrl(
            f"En databas anges som {FORM}, och servern eller porten går inte att tyda. {_ESCAPED}"
        ) from None
    if parts.fragment:
        raise UnreadableDatabaseUrl(f"En databas anges som {FORM}, och adressen har ett # i sig. {_ESCAPED}")
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise UnreadableDatabaseUrl(f"En databas anges som {FORM}, och adressen slutar inte med en databas. {_ESCAPED}")
    return parts, port


def _demand_known(options: dict[str, str]) -> None:
    """Ask libpq, which knows its own switches: a misspelt one would otherwise be told at the first connection."""
    from psycopg.pq import Conninfo

    known = [option.keyword.decode() for option in Conninfo.get_defaults()]
    for unknown in options.keys() - set(known):
        # Not repeated: where the password has a question mark in it, this is a part of it.
        near = get_close_matches(unknown, known, 1)
        meant = f". Menade du {near[0]}?" if near else ", till exempel inte sslmode"
        raise UnreadableDatabaseUrl(
            f"En databas anges som {FORM}, och efter frågetecknet står något som PostgreSQL inte känner till{meant}"
        )
