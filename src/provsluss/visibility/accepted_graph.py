"""Who sees whom at Skolverket: the graph of access that the accepted payloads give."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import skolverket_id
from provsluss.transfers.models import Accepted, TestActivity
from provsluss.visibility.graph import Graph, PupilKey, SeenActivity, SeenDuty, SeenGroup, in_turn, pupil_key
from provsluss.visibility.owners import ActivityOwners


def accepted_graph(
    organisation: Organisation, environment: str, only: TestActivity | None = None, units: Collection[str] = ()
) -> Graph:
    """What Skolverket has accepted, or what it has accepted of the test activity `only`.

    With `only`, leaders are those of the school units of its groups and of `units` (codes). Needs the organisation's
    scope. Groups, duties and units are named by the register where it knows them.
    """
    accepted = _accepted(organisation, environment).exclude(payload="")
    owners = ActivityOwners(organisation)
    codes = _codes_by_unit_id()
    graph = Graph()
    unit_of_group: dict[uuid.UUID, str] = {}
    ids = accepted.filter(kind="activities").values_list("object_id", flat=True)
    wanted_ids = [pk for pk in ids if owners.may_be_of(pk, only)]
    for object_id, content, kept_at in _payloads(accepted.filter(kind="activities"), wanted_ids):
        groups = tuple(uuid.UUID(group["id"]) for group in content["groups"])
        owner = owners.of(object_id, groups)
        if only is not None and owner != only.pk:
            continue
        unit_of_group |= dict.fromkeys(groups, codes.get(content["organisation"]["id"], ""))
        duties = frozenset(uuid.UUID(teacher["duty"]["id"]) for teacher in content.get("teachers", ()))
        graph.activities[object_id] = SeenActivity(object_id, owner, content["displayName"], groups, duties, kept_at)
    graph.groups = _groups(accepted, unit_of_group, owners)
    teaching = set(chain.from_iterable(activity.duties for activity in graph.activities.values()))
    for pk, text in accepted.filter(kind="duties").values_list("object_id", "payload").iterator(chunk_size=2000):
        content = json.loads(text)
        duty = SeenDuty(
            pk, uuid.UUID(content["person"]["id"]), codes.get(content["dutyAt"]["id"], ""), content["dutyRole"]
        )
        if pk in teaching or (duty.leads and (only is None or duty.unit in graph.units.union(units))):
            graph.duties[pk] = duty
    return graph


def _accepted(organisation: Organisation, environment: str) -> "QuerySet[Accepted]":
    """What is only perhaps there lets nobody see anything."""
    return Accepted.objects.filter(organisation=organisation, environment=environment, perhaps=False)


def accepted_members(
    organisation: Organisation, environment: str, group_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, set[PupilKey]]:
    """The pupils of each group as Skolverket has it; a group that it has not is left out."""
    accepted = _accepted(organisation, environment).filter(kind="groups")
    return {
        object_id: {pupil_key(member["person"]["id"]) for member in content.get("groupMemberships", ())}
        for object_id, content, _ in _payloads(accepted, group_ids)
    }


def accepted_persons(organisation: Organisation, environment: str) -> frozenset[PupilKey]:
    """Everybody whom Skolverket has accepted: one query, from the index alone."""
    accepted = _accepted(organisation, environment).filter(kind="persons")
    ids = accepted.order_by().values_list(Cast("object_id", CharField()), flat=True)
    return frozenset(map(pupil_key, ids.iterator(chunk_size=2000)))


def accepted_hashes(
    organisation: Organisation, environment: str, kind: Kind, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """The hash of each of `ids` that has been accepted; empty while an answer is waited for."""
    accepted = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind)
    return {
        object_id: known_hash
        for some in in_turn(ids)
        for object_id, known_hash in accepted.filter(object_id__in=some).values_list("object_id", "payload_hash")
    }


def _payloads(accepted: Any, ids: Iterable[uuid.UUID]) -> Iterator[tuple[uuid.UUID, dict[str, Any], Any]]:
    for some in in_turn(ids):
        rows = accepted.filter(object_id__in=some).values_list("object_id", "payload", "kept_at")
        for object_id, text, kept_at in rows:
            yield object_id, json.loads(text), kept_at


def _groups(accepted: Any, unit_of_group: dict[uuid.UUID, str], owners: ActivityOwners) -> dict[uuid.UUID, SeenGroup]:
    register_ids = {sent: owners.class_of.get(sent, sent) for sent in unit_of_group}
    names: dict[uuid.UUID, str] = {}
    for some in in_turn(set(register_ids.values())):
        names |= dict(Group._base_manager.filter(pk__in=some).values_list("pk", "name"))
    gone = [sent for sent, register_id in register_ids.items() if register_id not in names]
    told = {pk: content["displayName"] for pk, content, _ in _payloads(accepted.filter(kind="groups"), gone)}
    return {
        sent: SeenGroup(
            sent,
            register_id if register_id in names else None,
            names.get(register_id) or told.get(sent, "En grupp som inte finns i registret"),
            unit_of_group[sent],
        )
        for sent, register_id in register_ids.items()
    }


def _codes_by_unit_id() -> dict[str, str]:
    """The school unit codes of the register by the id that Skolverket knows them by."""
    codes = {
        code
        for model in (Group, Duty)
        for code in model.objects.order_by().values_list("school_unit_code", flat=True).distinct()
    }
    return {str(skolverket_id(code)): code for code in codes}
