"""PROVSLUSS_DATABASE_URL as Django wants it."""

from urllib.parse import parse_qsl, unquote, urlsplit

# A worker that stands still in the middle of a transaction, or a machine that is gone, keeps its locks until PostgreSQL
# ends its session; nobody could take over until then. The engine's own connections have a minute.
_LET_GO = "-c idle_in_transaction_session_timeout=5min"


class UnreadableDatabaseUrl(ValueError):
    """The address is no PostgreSQL address. The message does not repeat it: it may hold a password."""


def django_database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?sslmode=verify-full` as an entry of Django's DATABASES.

    What follows the question mark goes to libpq as it is; `options` there stands instead of ours.
    Raises UnreadableDatabaseUrl.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise UnreadableDatabaseUrl("En databas anges som postgresql://ANVÄNDARE@SERVER/DATABAS")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": _LET_GO, **dict(parse_qsl(parts.query))},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
