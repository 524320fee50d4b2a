"""Who reads: whatever shows somebody's data asks this one object what it may show."""

from dataclasses import dataclass

from provsluss.organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is logged in, or a command, and the organisation that is read of."""

    user: User | None
    """None: a command on the server, which shows nobody who is protected."""
    organisation: Organisation

    @property
    def sees_protected(self) -> bool:
        """Whether persons with a sekretessmarkering are shown as who they are (design.md section 7)."""
        return self.user is not None and self.user.sees_protected_in(self.organisation.pk)

    @property
    def is_operator(self) -> bool:
        """Whether this is somebody who runs the system (`provsluss user add --operator`)."""
        return self.user is not None and self.user.is_active and self.user.is_staff
