"""Persons with a sekretessmarkering: who may see that they are who they are (design.md section 7)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from provsluss.organisations.models import User
from provsluss.organisations.permissions import sees_protected
from provsluss.register.models import Person

NEUTRAL_NAME = "Begränsade uppgifter"
"""What stands instead of the name for everybody else."""

NOT_PROTECTED = Q(security_marking="Ingen")


def is_restricted(person: Person, user: User | AnonymousUser) -> bool:
    """Whether `person` must be a neutral row for `user`."""
    return person.security_marking != "Ingen" and not sees_protected(user)
