"""Trouble that is the installation's and not ours, a full disk or a database that is away, in a sentence."""

import sqlite3
import sys
from collections.abc import Iterator

from provsluss.installation.os_words import NO_ROOM, is_known, reason
from provsluss.installation.postgresql_words import postgresql_sentence
from provsluss.installation.problem import InstallationProblem
from provsluss.installation.sqlite_words import sqlite_sentence

_ENGINES = ("sqlalchemy", "dbos")
_NO_RIGHT = ("42501", "3F000")
_LIBRARIES = (*_ENGINES, "django", "psycopg")


def trouble_sentence(problem: BaseException) -> str | None:
    """The Swedish sentence for `problem`, or for what it came from; None where it is no such trouble."""
    chain = list(_chain(problem))
    # SQLAlchemy stands between the engine and its tables, and nowhere else.
    is_engines = any(kind.__module__.startswith(_ENGINES) for one in chain for kind in type(one).__mro__)
    for one in chain:
        if sentence := _sentence(one, is_engines):
            return sentence
    return None


def lacks_right(problem: BaseException) -> bool:
    """Whether PostgreSQL says that the role may not do what was asked, or not even see a schema to do it in."""
    return any(getattr(one, "sqlstate", None) in _NO_RIGHT for one in _chain(problem))


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """An exception, what it was made from, and what that was made from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [problem]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [getattr(one, "orig", None), one.__cause__]
        # What a library happened to be doing tells where it gives no cause; elsewhere it would explain a fault of ours.
        if type(one).__module__.startswith(_LIBRARIES) and not one.__suppress_context__:
            waiting.append(one.__context__)


def _sentence(problem: BaseException, is_engines: bool) -> str | None:
    if isinstance(problem, InstallationProblem):
        return str(problem)
    if isinstance(problem, sqlite3.Error):
        return sqlite_sentence(problem, is_engines)
    if isinstance(problem, OSError):
        return _about_a_file(problem) if is_known(problem) else None
    if isinstance(problem, MemoryError):
        return "Minnet tog slut. Stäng andra program på datorn, eller ge Provsluss mer minne, och försök igen."
    if _is_database_away(problem):
        return postgresql_sentence(str(problem), getattr(problem, "sqlstate", None))
    if type(problem).__name__ == "NotSupportedError" and "or later is required" in str(problem):
        wanted = str(problem).replace("or later is required", "eller senare krävs").replace("found", "den här är")
        return f"Databasservern är för gammal. {wanted} Uppgradera den."
    return None


def _is_database_away(problem: BaseException) -> bool:
    """Whether psycopg says that the database is away, or does not let us; not that a row cannot be stored."""
    psycopg = sys.modules.get("psycopg")
    if psycopg is None or not isinstance(problem, psycopg.Error):
        return False
    return isinstance(problem, psycopg.OperationalError | psycopg.InterfaceError) or bool(
        problem.sqlstate in (*_NO_RIGHT, "42P01", "25006") or "bad value for" in str(problem)
    )


def _about_a_file(problem: OSError) -> str | None:
    if problem.errno in NO_ROOM:
        what = f"{problem.filename} går inte att skriva" if problem.filename else "Det går inte att skriva mer"
        return f"{what}: {reason(problem)}. Frigör utrymme, och försök igen."
    # Without a name it is a socket or a pipe, and ours to explain where it happens.
    return f"{problem.filename} går inte att använda: {reason(problem)}." if problem.filename else None
