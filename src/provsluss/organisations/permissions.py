"""What a user may see and do, asked in one place."""

from django.contrib.auth.models import AnonymousUser
from django_scopes import get_scope

from provsluss.organisations.models import User


def sees_protected(user: User | AnonymousUser) -> bool:
    """Whether `user` may see persons with a sekretessmarkering in the organisation whose scope is active."""
    organisation = get_scope().get("organisation")
    return organisation is not None and not user.is_anonymous and user.sees_protected_in(organisation.pk)


def is_operator(user: object) -> bool:
    """Whether this user runs the system (`provsluss user add --operator`)."""
    return isinstance(user, User) and user.is_active and user.is_staff
