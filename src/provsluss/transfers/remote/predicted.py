"""What Skolverket will have when everything has been sent that can be sent."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.remote.accepted import RemoteState


class Predicted:
    """All of a selection, but what is held back or refused and has never been accepted.

    Only what is lacking is held: nearly everything of a large selection is there.
    """

    def __init__(self, selection: Selection, there: RemoteState) -> None:
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

    def stay_in(self, kind: Kind, named: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """As RemoteState."""
        return self._there.stay_in(kind, named)

    def login_holders(self, eppns: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """As RemoteState."""
        return self._there.login_holders(eppns)


class Planned:
    """For a preview: what Skolverket has, and what this plan would send before it is needed."""

    def __init__(self, there: RemoteState) -> None:
        self._there = there
        self._planned: dict[Kind, set[uuid.UUID]] = {}

    def will_send(self, kind: Kind, ids: Iterable[uuid.UUID]) -> None:
        """Note that these objects would be sent, and nothing says that they would be refused."""
        self._planned.setdefault(kind, set()).update(ids)

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that have been accepted or would be by then."""
        planned = self._planned.get(kind, set())
        return self._there.present(kind, [i for i in ids if i not in planned]) | planned.intersection(ids)

    def stay_in(self, kind: Kind, named: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """As RemoteState."""
        return self._there.stay_in(kind, named)

    def login_holders(self, eppns: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """As RemoteState."""
        return self._there.login_holders(eppns)
