"""Many rows into a table at once, as one prepared statement run over all of them.

Django's bulk_create makes an instance and compiles a piece of SQL for every row, which was most of the time of an
import of 100 000 pupils with half a million memberships. Values still go through the model's fields, so both databases
get them in the form they want.
"""

from collections.abc import Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert `rows`, whose values stand in the order of `columns`."""
    _run(model, columns, rows, "")


def upsert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert `rows`, or change those whose `id` is there already. One of another organisation is never changed."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    changed = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in columns if c not in ("id", "organisation_id"))
    owner = quote("organisation_id")
    same_owner = f"{quote(model._meta.db_table)}.{owner} = excluded.{owner}"
    _run(model, columns, rows, f" ON CONFLICT ({quote('id')}) DO UPDATE SET {changed} WHERE {same_owner}")


def _run(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]], on_conflict: str) -> None:
    connection = connections[DEFAULT_DB_ALIAS]  # itself: django.db.connection looks it up at every use
    by_column = {field.column: field for field in model._meta.concrete_fields}
    prepare = [by_column[column].get_db_prep_save for column in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    prepared = [[to_db(value, connection) for to_db, value in zip(prepare, row, strict=True)] for row in rows]
    if prepared:
        with connection.cursor() as cursor:
            # Only names out of our own models are put into the text; values never are.
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}){on_conflict}", prepared)  # noqa: S608
