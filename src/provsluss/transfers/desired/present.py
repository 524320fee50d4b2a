"""What tells what Skolverket has: which objects can be referred to, and who stays where until it is removed."""

import uuid
from collections.abc import Collection, Mapping
from typing import Protocol

from provsluss.ss12000.code_lists import Kind


class Present(Protocol):
    """Tells what Skolverket has."""

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that Skolverket has, or will have when they are needed."""

    def stay_in(self, kind: Kind, named: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """Whom these groups (activities) name at Skolverket though they are not among those whom the register names,
        and nobody wants them: they stay until they are removed themselves. Objects without any are left out."""

    def login_holders(self, eppns: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """Of these persons with their EPPN: those whose EPPN another id has at Skolverket. With the civic number of
        that one where it is known and nobody wants it any more, so that it is to be removed."""
