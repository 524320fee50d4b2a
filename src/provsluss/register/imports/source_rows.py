"""What is done with the sources themselves: added, changed, paused, removed, and what they brought handed over."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation, User
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.counts import COUNTED
from provsluss.register.ingest.own_school_units import units_of
from provsluss.register.models import Duty, Group, Import, ImportState, Person, Source, SourceState
from provsluss.register.sections import RowKind, Section
from provsluss.register.sources.registry import KINDS, key_of

_LONGEST_NAME = 100


class SourceProblem(Exception):
    """What was asked cannot be done; the message is a Swedish sentence for the user."""


def add_source(
    organisation: Organisation,
    kind_name: str,
    name: str,
    settings: Mapping[str, Any],
    school_unit_codes: Collection[str] = (),
    user: User | None = None,
) -> Source:
    """A new source, that is read from now on. Raises SourceProblem."""
    kind = KINDS.get(kind_name)
    if kind is None or kind.fetch is None:
        raise SourceProblem(f"Slaget {kind_name} finns inte. Välj {' eller '.join(fetched_kinds())}.")
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise SourceProblem(f"Ge källan ett namn på högst {_LONGEST_NAME} tecken.")
    checked = kind.checked_settings(settings) if kind.checked_settings else dict(settings)
    codes = sorted(set(school_unit_codes))
    with scope(organisation=organisation), transaction.atomic():
        locks.take_turn(locks.Purpose.REGISTER, organisation.pk)
        if Source.objects.filter(organisation=organisation, name=name).exists():
            raise SourceProblem(f"Det finns redan en källa som heter {name}.")
        _demand_free(organisation, codes, None)
        source = Source.objects.create(
            organisation=organisation, key=f"new-{uuid.uuid4()}"[:40], kind=kind.name, name=name, settings=checked,
            school_unit_codes=codes, created_by=user,
        )  # fmt: skip
        source.key = key_of(kind, source.pk)
        source.save(update_fields=["key"])
    return source


def change_source(source: Source, settings: Mapping[str, Any], school_unit_codes: Collection[str]) -> None:
    """Let the source be reached in another way, or speak for other school units. Raises SourceProblem."""
    kind = KINDS[source.kind]
    checked = kind.checked_settings(settings) if kind.checked_settings else dict(settings)
    codes = sorted(set(school_unit_codes))
    with scope(organisation=source.organisation), transaction.atomic():
        locks.take_turn(locks.Purpose.REGISTER, source.organisation_id)
        _demand_free(source.organisation, codes, source)
        source.settings, source.school_unit_codes = checked, codes
        source.save(update_fields=["settings", "school_unit_codes"])


def pause_source(source: Source, paused: bool) -> None:
    """Not to be read until it is set going again; what it has brought stays."""
    source.state = SourceState.PAUSED if paused else SourceState.ACTIVE
    source.save(update_fields=["state"])


def brought_by(source: Source) -> dict[str, int]:
    """How much of the register the source has: `pupils`, `duties` and `groups`. The scope must be active."""
    return {kind: objects.count() for kind, objects in _objects(source).items()}


def remove_source(source: Source, user: User | None, hand_to: Source | None = None) -> Import | None:
    """Remove a source. What it has brought ends, or is from now on the other's (`hand_to`).

    Returns the import that tells of what ended; None where it was handed over. Raises SourceProblem.
    """
    if hand_to and (hand_to.pk == source.pk or hand_to.organisation_id != source.organisation_id):
        raise SourceProblem("Välj en annan källa hos samma huvudman.")
    with scope(organisation=source.organisation), transaction.atomic():
        locks.take_turn(locks.Purpose.REGISTER, source.organisation_id)
        told = None if hand_to else _end(source, user)
        if hand_to:
            _hand_over(source, hand_to)
        source.delete()
    if removed := KINDS[source.kind].removed:
        removed(source)
    return told


def fetched_kinds() -> list[str]:
    """The names of the kinds that are fetched."""
    return [name for name, kind in KINDS.items() if kind.fetch]


def _demand_free(organisation: Organisation, codes: Collection[str], own: Source | None) -> None:
    for other in Source.objects.filter(organisation=organisation):
        if (own is None or other.pk != own.pk) and (both := sorted(units_of(other) & set(codes))):
            raise SourceProblem(
                f"Skolenheten {', '.join(both[:5])} hör redan till källan {other.name}. Två källor kan inte tala för "
                "samma skolenhet. Ta bort den andra källan och lämna över det den läst in, eller välj andra."
            )


def _objects(source: Source) -> dict[RowKind, Any]:
    mine = {"organisation_id": source.organisation_id, "source": source.key, "ended_at": None}
    return {
        "pupils": Person.objects.filter(role=Person.Role.PUPIL, **mine),
        "duties": Duty.objects.filter(**mine),
        "groups": Group.objects.filter(**mine),
    }


def _hand_over(source: Source, to: Source) -> None:
    for model in (Person, Duty, Group):
        model.objects.filter(organisation_id=source.organisation_id, source=source.key).update(source=to.key)
    if to.school_unit_codes:
        to.school_unit_codes = sorted({*to.school_unit_codes, *source.school_unit_codes})
        to.save(update_fields=["school_unit_codes"])


def _end(source: Source, user: User | None) -> Import:
    """End all of it, as an import that says nothing of any of it would."""
    now = timezone.now()
    told = Import.objects.create(
        organisation=source.organisation, source=source.key, file_name=f"Källan {source.name} togs bort"[:255],
        state=ImportState.DONE, created_by=user, finished_at=now,
    )  # fmt: skip
    storing, counts = Storing(told, now), {section: dict.fromkeys(COUNTED, 0) for section in Section}
    for kind, objects in _objects(source).items():
        ids = list(objects.order_by().values_list("pk", flat=True))
        section = next(one for one in reversed(Section) if one.kind == kind)
        counts[section]["ended"] = len(ids)
        storing.end(kind, ids)
    storing.end_staff_without_duty()
    told.counts = counts
    told.save(update_fields=["counts"])
    return told
