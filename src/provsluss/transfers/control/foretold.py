"""What Skolverket will have when everything has been sent that can be sent."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.at_skolverket import AtSkolverket
from provsluss.transfers.selection import Selection


class Foretold:
    """All of a selection, but what is held back or refused and has never been accepted.

    Only what is lacking is held: nearly everything of a large selection is there.
    """

    def __init__(self, selection: Selection, there: AtSkolverket) -> None:
        self._selection, self._there = selection, there
        self._lacking: dict[Kind, set[uuid.UUID]] = defaultdict(set)

    def lacks(self, kind: Kind, ids: Iterable[uuid.UUID]) -> None:
        """Note that these will not get there."""
        self._lacking[kind].update(ids)

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that can be referred to."""
        wanted, lacking = getattr(self._selection, kind), self._lacking[kind]
        sure = {one for one in ids if one in wanted and one not in lacking}
        others = [one for one in ids if one not in sure]
        return sure | self._there.present(kind, others) if others else sure
