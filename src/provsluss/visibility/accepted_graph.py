"""Who sees whom at Skolverket: the graph of access that the accepted payloads give."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from provsluss.batching import as_text, in_pieces, keys_of
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import skolverket_id
from provsluss.transfers.models import Accepted, TestActivity
from provsluss.visibility.graph import Graph, PupilKey, SeenActivity, SeenDuty, SeenGroup, in_turn, pupil_key
from provsluss.visibility.owners import ActivityOwners


def accepted_graph(
    organisation: Organisation, environment: str, only: TestActivity | None = None, wanted: Graph | None = None
) -> Graph:
    """What Skolverket has accepted, or what it has accepted of the test activity `only`.

    With `only`, leaders are those of the school units of its groups and of those in `wanted`, the register's graph of
    the same; what is in that need not be looked up again. Needs the organisation's scope. Groups, duties and units are
    named by the register where it knows them.
    """
    wanted = wanted or Graph()
    accepted = _accepted(organisation, environment).exclude(payload="")
    owners = ActivityOwners(organisation, wanted)
    codes = _codes_by_unit_id()
    graph, ids = Graph(), wanted.ids
    unit_of_group: dict[uuid.UUID, str] = {}
    activities = accepted.filter(kind="activities").order_by()
    if only is not None:  # the others' need not be read at all
        its_own = [key for key in keys_of(activities, "object_id") if owners.may_be_of(ids[key], only)]
        pieces = [activities.filter(object_id__in=piece) for piece in in_pieces(its_own)]
    else:
        pieces = [activities]
    for key, text, kept_at in chain.from_iterable(map(_rows, pieces)):
        object_id, content = ids[key], json.loads(text)
        groups = tuple(ids[group["id"]] for group in content["groups"])
        owner = owners.of(object_id, groups)
        if only is not None and owner != only.pk:
            continue
        unit_of_group |= dict.fromkeys(groups, codes.get(content["organisation"]["id"], ""))
        duties = frozenset(ids[teacher["duty"]["id"]] for teacher in content.get("teachers", ()))
        graph.activities[object_id] = SeenActivity(object_id, owner, content["displayName"], groups, duties, kept_at)
    graph.groups = _groups(accepted, unit_of_group, owners, wanted)
    teaching = set(chain.from_iterable(activity.duties for activity in graph.activities.values()))
    led = graph.units | wanted.units
    for key, text, _ in _rows(accepted.filter(kind="duties").order_by()):
        pk, content = ids[key], json.loads(text)
        duty = SeenDuty(pk, ids[content["person"]["id"]], codes.get(content["dutyAt"]["id"], ""), content["dutyRole"])
        if pk in teaching or (duty.leads and (only is None or duty.unit in led)):
            graph.duties[pk] = duty
    return graph


def _rows(accepted: "QuerySet[Accepted]") -> Iterator[tuple[str, str, datetime | None]]:
    """Key, payload, and since when it is kept, of everything in `accepted`."""
    return accepted.values_list(as_text("object_id"), "payload", "kept_at").iterator(chunk_size=2000)


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


def kept_duties(organisation: Organisation, environment: str, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the duties `ids` that are kept by decision."""
    kept = _accepted(organisation, environment).filter(kind="duties", kept_at__isnull=False).order_by()
    return {pk for some in in_turn(ids) for pk in kept.filter(object_id__in=some).values_list("object_id", flat=True)}


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


def _groups(
    accepted: Any, unit_of_group: dict[uuid.UUID, str], owners: ActivityOwners, wanted: Graph
) -> dict[uuid.UUID, SeenGroup]:
    register_ids = {sent: owners.register_id(sent) for sent in unit_of_group}
    names = {group.register_id: group.name for group in wanted.groups.values() if group.register_id}
    for some in in_turn(set(register_ids.values()) - names.keys()):
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
