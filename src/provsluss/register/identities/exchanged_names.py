"""Names that have changed places: a column that has been sorted or moved by itself, while ids and numbers stand.

A name that changes is ordinary. That it becomes the one that another changed row had before is not.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from provsluss.register.identities.register_persons import Known
from provsluss.register.identities.several_rows import Judged

_COLUMNS = {"given_name": "Förnamn", "family_name": "Efternamn"}
_FEWEST = 2


def ask_about_exchanged_names(judged: Sequence[Judged], known: Mapping[UUID, Known]) -> None:
    """Ask about the rows of a column where at least half of the names that change were another's before."""
    for attribute, column in _COLUMNS.items():
        changed = [
            (verdict, getattr(known[verdict.person_id], attribute).casefold(), getattr(row, attribute).casefold())
            for row, verdict in judged
            if not row.removed and not verdict.reason and verdict.person_id in known
        ]
        changed = [one for one in changed if one[1] != one[2]]
        before = {name for _, name, _ in changed}
        exchanged = sum(1 for _, _, name in changed if name in before)
        if exchanged >= _FEWEST and 2 * exchanged >= len(changed):
            for verdict, _, _ in changed:
                verdict.ask(column, f"{column} är någon annans än i registret. Har kolumnen sorterats för sig?")
