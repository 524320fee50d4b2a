"""Whom a preview speaks of: the names behind the ids in its changes and findings, of those that the reader may see."""

import uuid
from collections.abc import Iterable

from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty, Person
from provsluss.transfers.models import PlannedObject
from provsluss.web.frame.protected import NEUTRAL_NAME, is_restricted

Names = dict[str, str]
"""By id, as text. Protected persons are there under a neutral name; what the register has lost is not there."""


def ids_in(row: PlannedObject) -> set[str]:
    """The ids of everybody whom the row's changes and findings speak of."""
    lists = [ids for change in row.changes for ids in (change.get("joined", []), change.get("left", []))]
    lists += [finding.get("object_ids") or [] for finding in row.findings]
    return {str(one) for ids in lists for one in ids}


def names_of(ids: Iterable[str], reader: Reader) -> Names:
    """The names of persons, of the holders of duties, and nothing for other ids. Needs the organisation's scope."""
    wanted = [uuid.UUID(one) for one in ids]
    persons = dict(Person.objects.in_bulk(wanted))
    persons |= {duty.pk: duty.person for duty in Duty.objects.filter(pk__in=wanted).select_related("person")}
    return {
        str(pk): NEUTRAL_NAME if is_restricted(person, reader) else person.full_name for pk, person in persons.items()
    }


def named(ids: Iterable[str], names: Names, most: int) -> list[str]:
    """The names of `ids`, in order; those who are not named, for whatever reason, are counted at the end."""
    known = sorted(name for one in ids if (name := names.get(one, "")) and name != NEUTRAL_NAME)
    rest = len(list(ids)) - min(len(known), most)
    return known[:most] + ([f"{rest} till"] if rest and known else [f"{rest} utan namn här"] if rest else [])
