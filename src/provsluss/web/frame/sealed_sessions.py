"""Sessions in the database, sealed: they hold what somebody searched for, and an app's secret until it is confirmed.

Set as SESSION_ENGINE.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils.encoding import force_str

from provsluss.organisations.sealing import CannotUnseal, seal, unseal


class SessionStore(DatabaseSessions):
    """Django's sessions; what is stored can be read with the installation's key alone."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What is stored."""
        return seal(super().encode(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What was stored; an empty session where it cannot be read, as of an installation that had another key."""
        try:
            return super().decode(unseal(force_str(session_data)))
        except CannotUnseal:
            return {}
