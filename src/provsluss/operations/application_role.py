"""What web and workers may do in PostgreSQL: read and write rows, and nothing else."""

from django.db import connection
from psycopg import sql


class UnknownRole(Exception):
    """PostgreSQL has no role of that name."""


_GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    # Which migrations have been made is for those who make them.
    "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}",
)


def demand_role(role: str) -> None:
    """Raises UnknownRole when there is no such role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise UnknownRole(role)


def grant_use(role: str) -> None:
    """Let `role` use Django's tables. Run again after each migration, which may have made new ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = str(cursor.fetchone()[0])
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(schema=sql.Identifier(schema), role=sql.Identifier(role)))
