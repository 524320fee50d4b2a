"""What tells which objects can be referred to."""

import uuid
from collections.abc import Collection
from typing import Protocol

from provsluss.ss12000.code_lists import Kind


class Present(Protocol):
    """Tells which objects can be referred to."""

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that Skolverket has, or will have when they are needed."""
