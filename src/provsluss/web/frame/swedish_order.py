"""Names in Swedish order, the same in both databases and in Python: a–z, å, ä, ö, whatever the case; é as e, ü as y.

A database sorts by code points where it is not told otherwise, and not every PostgreSQL has Swedish collations.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, F, Func
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.sql.compiler import SQLCompiler

_FROM, _TO = "åäöéü", "{|}ey"
"""The three signs follow upon z."""
_KEYS = str.maketrans(_FROM, _TO)
_NAMES = ("name", "given_name", "family_name", "label")
"""The fields that hold what something or somebody is called."""


def swedish(text: str) -> str:
    """A key that sorts `text` as Swedes do."""
    return text.casefold().translate(_KEYS)


class Swedish(Func):
    """The same key in the database."""

    function = "swedish"
    arity = 1
    output_field = CharField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[str | int]]:
        """Without a function of our own, which a role may not make."""
        template = f"translate(lower(%(expressions)s), '{_FROM}{_FROM.upper()}', '{_TO}{_TO}') COLLATE \"C\""
        return self.as_sql(compiler, connection, template=template, **context)  # type: ignore[return-value]


def swedish_order(*fields: str) -> list[str | OrderBy]:
    """`fields` (with `-` for descending) for `order_by`, those that hold names in Swedish order."""
    return [_in_order(field) if field.rpartition("__")[2].removeprefix("-") in _NAMES else field for field in fields]


def keyed(name: str) -> str | Combinable:
    """What to sort the field `name` by."""
    return Swedish(F(name)) if name.rpartition("__")[2] in _NAMES else name


def teach_sqlite(connection: BaseDatabaseWrapper, **_: object) -> None:
    """For the signal connection_created: let SQLite know the function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("swedish", 1, _key_or_null, deterministic=True)


def _in_order(field: str) -> OrderBy:
    key = Swedish(F(field.removeprefix("-")))
    return key.desc() if field.startswith("-") else key.asc()


def _key_or_null(text: str | None) -> str | None:
    return None if text is None else swedish(text)
