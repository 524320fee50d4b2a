"""The kinds of values that a setting can have. Each says in Swedish what it should be, in the ValueError it raises.

The text goes on from "… ska vara" (wrong_settings.py).
"""

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from provsluss.installation.database_url import UnreadableDatabaseUrl, django_database
from provsluss.installation.pins import read_pins

SHORTEST_KEY = 32
_DIFFERENT_SIGNS = 8
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SWITCHES = dict.fromkeys(("1", "true", "yes", "ja", "on"), True) | dict.fromkeys(
    ("0", "false", "no", "nej", "off"), False
)
_HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\]")


def strong_key(key: str) -> str:
    """`key`, where it is long enough and not one sign over and over. Raises ValueError, which does not repeat it."""
    if len(key) < SHORTEST_KEY or len(set(key)) < _DIFFERENT_SIGNS:
        raise ValueError(
            f"minst {SHORTEST_KEY} slumpade tecken (den här är {len(key)}). Gör en med: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return key


def _switch(value: Any) -> Any:
    try:
        return _SWITCHES[value.casefold()] if isinstance(value, str) else value
    except KeyError:
        raise ValueError("1 (på) eller 0 (av)") from None


def _items(value: Any) -> Any:
    """`a, b` as a tuple; a comma too many does no harm."""
    return tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no port, half an IPv6 address
        good = False
    if not good or re.search(r"[\s?#]", value):
        raise ValueError("en adress som börjar med https:// (eller http://), utan ? och #")
    return value.rstrip("/")


def _url_or_nothing(value: str) -> str:
    return _url(value) if value else value


def _host(value: str) -> str:
    if not _HOST.fullmatch(value) or value == "*":
        raise ValueError("namnet på en server, utan port, till exempel smtp.exempel.se")
    return value


def _sender(value: str) -> str:
    address = parseaddr(value)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not value.isprintable():
        raise ValueError("en e-postadress, till exempel provsluss@exempel.se")
    return value


def _hosts(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values or not all(_HOST.fullmatch(value) for value in values):
        raise ValueError(
            "värdnamn med komma emellan, utan https://, port och sökväg, till exempel provsluss.exempel.se"
        )
    return values


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(re.fullmatch(r"https?://[^/\s?#@]+", value) for value in values):
        raise ValueError("adresser utan sökväg, med komma emellan, till exempel https://provsluss.exempel.se")
    return values


def _pins(value: str) -> str:
    try:
        read_pins(value)
    except ValueError:
        raise ValueError("serverns nyckel så som Skolverket publicerar den: sha256// och 44 tecken") from None
    return value


def _log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise ValueError(f"något av {', '.join(_LOG_LEVELS)}")
    return value.upper()


def _database_url(value: str) -> str:
    try:
        if value:
            django_database(value)
    except UnreadableDatabaseUrl as problem:
        raise ValueError(str(problem)) from None
    return value


def _path(value: Path) -> Path:
    try:
        return value.expanduser()
    except RuntimeError:  # a user's directory that nobody knows
        raise ValueError("en sökväg, helst en hel, till exempel /var/lib/provsluss") from None


Switch = Annotated[bool, BeforeValidator(_switch)]
Url = Annotated[str, AfterValidator(_url)]
OptionalUrl = Annotated[str, AfterValidator(_url_or_nothing)]
HostNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_items), AfterValidator(_hosts)]
HostName = Annotated[str, AfterValidator(_host)]
Sender = Annotated[str, AfterValidator(_sender)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_items), AfterValidator(_origins)]
Pins = Annotated[str, AfterValidator(_pins)]
LogLevel = Annotated[str, AfterValidator(_log_level)]
Directory = Annotated[Path, AfterValidator(_path)]
# What can hold a password is never shown (wrong_settings.py).
SecretKey = Annotated[str, AfterValidator(strong_key), Field(repr=False)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url), Field(repr=False)]
Share = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
