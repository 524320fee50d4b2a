"""Persons with a sekretessmarkering: who may see that they are who they are (design.md section 7)."""

import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404

from provsluss.batching import in_pieces
from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty, Person, Reveal
from provsluss.transfers.quoted_persons import protected_ids

NEUTRAL_NAME = "Begränsade uppgifter"
"""What stands instead of the name for everybody else."""

NOT_PROTECTED = Q(security_marking="Ingen")


def is_restricted(person: Person, reader: Reader) -> bool:
    """Whether `person` must be a neutral row for `reader`."""
    return person.security_marking != "Ingen" and not reader.sees_protected


def demand_visible(person: Person, reader: Reader) -> None:
    """Raises Http404 where `person` is a neutral row for `reader`: beyond the row there is nothing."""
    if is_restricted(person, reader):
        raise Http404


def hidden_ids(reader: Reader) -> frozenset[str]:
    """The ids, as text, of the persons whom `reader` may not see, and of their duties. Needs the organisation's scope.

    An id tells who is in a group or teaches it, wherever it stands: in what was sent, in an answer, in a message.
    """
    return frozenset() if reader.sees_protected else protected_ids()


def trace_protected(reader: Reader, what: str, ids: Iterable[uuid.UUID]) -> None:
    """Note whom of the protected `reader` takes out, where they are not neutral rows.

    `ids` are persons' and duties', the unprotected among them too; `what`: the file they were taken into, in Swedish,
    60 characters at most. Needs the organisation's scope.
    """
    if not reader.sees_protected:
        return
    protected = Person.objects.exclude(NOT_PROTECTED)
    for piece in in_pieces(ids):
        holders = Duty.objects.filter(pk__in=piece).values("person_id")
        taken = protected.filter(Q(pk__in=piece) | Q(pk__in=holders)).order_by().values_list("pk", flat=True)
        Reveal.objects.bulk_create(
            Reveal(organisation=reader.organisation, user=reader.user, person_id=pk, what=what) for pk in taken
        )
