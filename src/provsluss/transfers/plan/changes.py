"""What differs between what Skolverket has of an object and what would be sent now, attribute by attribute.

The texts are for people: Swedish names of the attributes, personnummer masked, ids as what they stand for. Members of
groups and teachers of activities are counted and told by id, so that the page can name those whom the reader may see.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from provsluss.ss12000.civic_number import masked, without_civic_numbers
from provsluss.ss12000.code_lists import SCHOOL_TYPES, Kind
from provsluss.transfers.plan.names import PlanNames

Change = dict[str, Any]
"""{"attribute", "before", "after"}, for members and teachers also {"joined": [ids], "left": [ids]}."""

LABELS: dict[Kind, dict[str, str]] = {
    "persons": {
        "givenName": "Förnamn",
        "middleName": "Mellannamn",
        "familyName": "Efternamn",
        "civicNo": "Personnummer",
        "eduPersonPrincipalNames": "EPPN",
        "externalIdentifiers": "eduID",
        "emails": "E-post",
        "enrolments": "Inskrivning",
        "securityMarking": "Sekretessmarkering",
    },
    "duties": {"dutyRole": "Personalkategori", "dutyAt": "Skolenhet", "person": "Person"},
    "groups": {
        "displayName": "Namn",
        "groupType": "Typ",
        "schoolType": "Skolform",
        "organisation": "Skolenhet",
        "groupMemberships": "Elever",
    },
    "activities": {
        "displayName": "Namn",
        "parentActivity": "Nationellt prov",
        "groups": "Grupp",
        "teachers": "Lärare",
        "organisation": "Skolenhet",
        "activityType": "Typ",
    },
}
"""What a payload's attributes are called, in the order in which they are shown."""

_OTHER = {"civicNo": "andra slutsiffror", "person": "en annan", "groups": "en annan"}
"""What is said where the words for before and after are the same, such as a masked personnummer."""
_COUNTED = {"groupMemberships": ("person", "elev", "elever"), "teachers": ("duty", "lärare", "lärare")}
"""Lists of references: under which key each refers, and the words for one and several."""


def changes(kind: Kind, before: str, after: bytes, names: PlanNames) -> list[Change]:
    """What differs between the payloads `before` and `after`; empty when they say the same.

    `before` is empty when it has been purged: everything is then new to us.
    """
    old, new = json.loads(before or "{}"), json.loads(after)
    labels = LABELS[kind]
    attributes = [*labels, *sorted((old.keys() | new.keys()) - labels.keys() - {"id"})]
    return [
        change
        for attribute in attributes
        if old.get(attribute) != new.get(attribute)
        and (change := _change(attribute, labels.get(attribute, attribute), old, new, names))
    ]


def _change(attribute: str, label: str, old: dict[str, Any], new: dict[str, Any], names: PlanNames) -> Change | None:
    before, after = old.get(attribute), new.get(attribute)
    if attribute in _COUNTED:
        return _counted(label, before or [], after or [], *_COUNTED[attribute])
    texts = [without_civic_numbers(_text(attribute, value, names)) for value in (before, after)]
    if texts[0] == texts[1]:
        texts[1] += f" ({_OTHER.get(attribute, 'skrivs på ett annat sätt')})"
    return {"attribute": label, "before": texts[0], "after": texts[1]}


def _counted(label: str, before: list[Any], after: list[Any], key: str, one: str, many: str) -> Change | None:
    """Who has come and who has gone. In another order they are the same."""
    old, new = _references(before, key), _references(after, key)
    if old == new:
        return None
    return {
        "attribute": label,
        "before": _number(len(old), one, many),
        "after": _number(len(new), one, many),
        "joined": sorted(new - old),
        "left": sorted(old - new),
    }


def _references(entries: Iterable[Any], key: str) -> set[str]:
    return {str(entry[key]["id"]) for entry in entries}


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _text(attribute: str, value: Any, names: PlanNames) -> str:
    """The value in words; empty for none."""
    if value is None or value == []:
        return ""
    return _WORDS[attribute](value, names) if attribute in _WORDS else _plain(value)


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


def _enrolments(value: Any, names: PlanNames) -> str:
    return "; ".join(_enrolment(one, names) for one in value)


def _enrolment(one: dict[str, Any], names: PlanNames) -> str:
    parts = [names.unit(one.get("enroledAt")), SCHOOL_TYPES.get(str(one.get("schoolType")), "")]
    if one.get("schoolYear"):
        parts.append(f"årskurs {one['schoolYear']}")
    parts.append(str(one.get("educationCode") or ""))
    parts.append("avbruten" if one.get("cancelled") else "")
    return ", ".join(part for part in parts if part)


def _values(value: Any, _names: PlanNames) -> str:
    return ", ".join(str(one["value"]) for one in value)


_WORDS: dict[str, Callable[[Any, PlanNames], str]] = {
    "civicNo": lambda value, _: masked(str(value.get("value") or "")),
    "eduPersonPrincipalNames": lambda value, _: ", ".join(str(one) for one in value),
    "externalIdentifiers": _values,
    "emails": _values,
    "enrolments": _enrolments,
    "schoolType": lambda value, _: SCHOOL_TYPES.get(str(value), str(value)),
    "organisation": lambda value, names: names.unit(value),
    "dutyAt": lambda value, names: names.unit(value),
    "parentActivity": lambda value, names: names.test(value),
    "person": lambda value, _: "en person" if value else "",
    "groups": lambda value, _: _number(len(value), "grupp", "grupper"),
}
"""How the attributes that are not plain text are put in words."""
