"""What happens in a school: somebody joins, leaves, moves, gets another name. A control call asks for it by name."""

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta

from provsluss.simulator.school_register.school import Entity, School, make_school, new_id
from provsluss.simulator.school_register.store import Store

Change = Callable[[Store, random.Random, int], list[str]]
"""Makes the change to so many, and gives the ids of those it was made to."""
CHANGES: dict[str, Change] = {}


def _change(function: Change) -> Change:
    CHANGES[function.__name__.strip("_").replace("_", "-")] = function
    return function


def _pupils(store: Store, dice: random.Random, count: int) -> list[str]:
    found = [one["id"] for one in store.school.pupils()]
    return dice.sample(found, min(count, len(found)))


@_change
def pupils_join(store: Store, dice: random.Random, count: int) -> list[str]:
    """Nya elever börjar, i samma klass som någon annan."""
    made = []
    for number, like in enumerate(_pupils(store, dice, count)):
        one: Entity = copy.deepcopy(store.school.objects["persons"][like])
        own = new_id("joined", like, store.now, number)
        serial = f"{number % 100:02}"
        one |= {"id": own, "eduPersonPrincipalNames": [f"ny-{own[:8]}@elev.exempel.example"], "emails": []}
        one["civicNo"] = {"value": f"{one['civicNo']['value'][:8]}TF{serial}"} if one.get("civicNo") else {}
        one["externalIdentifiers"] = []
        store.add("persons", one)
        for group in list(store.school.objects["groups"].values()):
            if any(each["person"]["id"] == like for each in group.get("groupMemberships", ())):
                store.change("groups", group["id"])["groupMemberships"].append({"person": {"id": own}})
        made.append(own)
    return made


@_change
def pupils_leave(store: Store, dice: random.Random, count: int) -> list[str]:
    """Elevers inskrivning slutar i går."""
    yesterday = f"{date.today() - timedelta(days=1)}"
    ids = _pupils(store, dice, count)
    for one in ids:
        store.change("persons", one)["enrolments"][0]["endDate"] = yesterday
    return ids


@_change
def pupils_leave_today(store: Store, dice: random.Random, count: int) -> list[str]:
    """Elevers sista dag är i dag: i morgon är de inte kvar, utan att registret säger att något har ändrats."""
    ids = _pupils(store, dice, count)
    for one in ids:
        store.change("persons", one)["enrolments"][0]["endDate"] = f"{date.today()}"
    return ids


@_change
def pupils_deleted(store: Store, dice: random.Random, count: int) -> list[str]:
    """Elever tas bort ur registret."""
    ids = _pupils(store, dice, count)
    for one in ids:
        store.gone[one] = store.delete("persons", one)
    return ids


@_change
def pupils_come_back(store: Store, dice: random.Random, count: int) -> list[str]:
    """De som togs bort kommer tillbaka."""
    back = list(store.gone)[:count]
    for one in back:
        store.add("persons", store.gone.pop(one))
    return back


@_change
def pupils_move(store: Store, dice: random.Random, count: int) -> list[str]:
    """Elever byter klass: deras person ändras inte, bara klasserna."""
    ids = _pupils(store, dice, count)
    for one in ids:
        classes = [group for group in store.school.groups("Klass") if group.get("groupMemberships") is not None]
        own = next((g for g in classes if any(m["person"]["id"] == one for m in g["groupMemberships"])), None)
        other = next(group for group in classes if group is not own)
        if own:
            group = store.change("groups", own["id"])
            group["groupMemberships"] = [m for m in group["groupMemberships"] if m["person"]["id"] != one]
        store.change("groups", other["id"])["groupMemberships"].append({"person": {"id": one}})
    return ids


@_change
def pupils_renamed(store: Store, dice: random.Random, count: int) -> list[str]:
    """Elever får ett nytt efternamn."""
    ids = _pupils(store, dice, count)
    for one in ids:
        store.change("persons", one)["familyName"] = "Nyman"
    return ids


@_change
def new_ids(store: Store, dice: random.Random, count: int) -> list[str]:
    """Registret byter system, och alla får nya id."""
    school = School()
    ids = {one: new_id("anew", store.now, one) for kind in school.objects for one in store.school.objects[kind]}

    def renewed(value: object) -> object:
        if isinstance(value, dict):
            return {name: renewed(each) for name, each in value.items()}
        if isinstance(value, list):
            return [renewed(each) for each in value]
        return ids.get(value, value) if isinstance(value, str) else value

    for kind, objects in store.school.objects.items():
        for one in objects.values():
            again = renewed(one)
            assert isinstance(again, dict)
            school.put(kind, again)
    store.replace(school)
    return list(ids.values())


@_change
def another_school(store: Store, dice: random.Random, count: int) -> list[str]:
    """Registrets uppgifter byts ut mot en annan skolas."""
    store.replace(make_school(max(count, 20), dice.randrange(1000, 9999)))
    return []
