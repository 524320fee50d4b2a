"""Rules that compare objects with each other (rules.md P4, P8, D2, D5, G3, G4, G6, A5, N6).

They see what is to be sent together: a whole register, or the selection of some test activities.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeVar

from provsluss.rules.explained_attributes import AFTERWARDS, CIVIC_NUMBER, DISPLAY_NAME, DUTY, EPPN
from provsluss.rules.findings import API, OPEN_DATA, OUR_CHOICE, WORKBOOK, Finding, Severity, about
from provsluss.rules.shapes import DutyLike, GroupLike, MembershipLike, PersonLike
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import LEADING_ROLES

TEST_LIST = "nationalTests"
"""What a finding is about that is about the list of tests itself."""
Found = dict[uuid.UUID, list[Finding]]
_T = TypeVar("_T")
_PUPILS_GROUPS = "Elevregistret, elevens klass och grupper."


@dataclass(frozen=True, slots=True)
class FoundTogether:
    """The findings, by the object (or the school unit's code) that they are about."""

    persons: Found = field(default_factory=dict)
    duties: Found = field(default_factory=dict)
    groups: Found = field(default_factory=dict)
    school_units: dict[str, list[Finding]] = field(default_factory=dict)
    organisation: list[Finding] = field(default_factory=list)


def shared_eppn(persons: Iterable[PersonLike]) -> Found:
    """P4, P8: an EPPN belongs to one person; somebody who is both pupil and staff needs two."""
    found: Found = {}
    for same in _alike(persons, lambda person: person.eppn.strip().lower()):
        if len({person.role for person in same}) > 1:
            code, sentence = "P4", "Samma inloggningsnamn (EPPN) finns både på en elev och på en i personalen."
            how = f"Be IT-avdelningen om ett eget inloggningsnamn för rollen som personal. {AFTERWARDS}"
        else:
            code, sentence = "P8", "Samma inloggningsnamn (EPPN) finns på flera personer."
            how = f"Be IT-avdelningen ge var och en ett eget inloggningsnamn. {AFTERWARDS}"
        for person in same:
            found[person.id] = [about(EPPN, code, Severity.WARNING, "eduPersonPrincipalNames", sentence, API, how=how)]
    return found


def shared_number(persons: Iterable[PersonLike]) -> Found:
    """N14: one personnummer on several persons of the same role. Pupil and staff may share one: two persons are meant.

    Nobody outside knows what Skolverket says of it, so it holds nobody back.
    """
    found: Found = {}
    for same in _alike(persons, lambda person: (person.role, person.civic_number)):
        if not same[0].civic_number:
            continue
        many = "elever" if same[0].role == "pupil" else "i personalen"
        sentence = f"Samma personnummer finns på {len(same)} {many}."
        how = (
            "Är det samma person ska den finnas en gång: behåll det id som stämmer, och låt inskrivningar, "
            f"tjänstgöringar och grupper gälla det. Är det olika personer är ett av numren fel. {AFTERWARDS}"
        )
        for person in same:
            found[person.id] = [
                about(CIVIC_NUMBER, "N14", Severity.WARNING, "civicNo", sentence, OUR_CHOICE, role=person.role, how=how)
            ]
    return found


def exchanged_number(persons: Iterable[PersonLike]) -> Found:
    """N6: somebody with a TF-nummer seems to be here with a personnummer too. Our choice: same name and birth date."""
    found: Found = {}
    for same in _alike(persons, _name_and_birth):
        kinds = {"TF" in person.civic_number for person in same}
        if len(kinds) < 2:
            continue
        sentence = "Personen verkar finnas två gånger: med TF-nummer och med personnummer."
        how = f"Behåll det gamla id:t och inloggningsnamnet, byt bara numret, och ta bort dubbletten. {AFTERWARDS}"
        for person in same:
            found[person.id] = [
                about(CIVIC_NUMBER, "N6", Severity.WARNING, "civicNo", sentence, OUR_CHOICE, role=person.role, how=how)
            ]
    return found


def several_classes(groups: Iterable[GroupLike], memberships: Iterable[MembershipLike]) -> Found:
    """G4: a pupil is in one class only. Which one is not ours to choose: such a pupil is sent without any class."""
    classes = {group.id for group in groups if group.group_type == "Klass"}
    count: dict[uuid.UUID, int] = defaultdict(int)
    for membership in memberships:
        if membership.group_id in classes:
            count[membership.person_id] += 1
    finding = Finding(
        "G4",
        Severity.ERROR,
        "groupMemberships",
        "Eleven går i mer än en klass och skickas därför utan klass.",
        Who.PUPIL_REGISTER,
        _PUPILS_GROUPS,
        f"Låt eleven vara kvar i en klass. Övriga kan vara undervisningsgrupper. {AFTERWARDS}",
        API,
    )
    return {person_id: [finding] for person_id, number in count.items() if number > 1}


def pupils_without_test(
    persons: Iterable[PersonLike], memberships: Iterable[MembershipLike], groups_with_test: AbstractSet[uuid.UUID]
) -> Found:
    """A5: results only become visible for pupils in a group with a test."""
    placed = {membership.person_id for membership in memberships if membership.group_id in groups_with_test}
    finding = Finding(
        "A5",
        Severity.WARNING,
        "groupMemberships",
        "Eleven är inte med i någon grupp som ska göra ett prov.",
        Who.PUPIL_REGISTER,
        _PUPILS_GROUPS,
        f"Lägg in eleven i den undervisningsgrupp som ska göra provet. {AFTERWARDS}",
        WORKBOOK,
    )
    return {p.id: [finding] for p in persons if p.role == "pupil" and p.id not in placed}


def pupils_of_inactive_tests(persons: Iterable[PersonLike]) -> Found:
    """A5: pupils whose groups do have a test, but one that is not sent: the test activity is archived or paused."""
    finding = Finding(
        "A5",
        Severity.WARNING,
        "groupMemberships",
        "Elevens grupp ska göra ett prov, men provaktiviteten är arkiverad eller pausad och skickas inte.",
        Who.SCHOOL,
        "Provsluss, sidan Provaktiviteter.",
        "Aktivera provaktiviteten, om eleven ska göra provet.",
        WORKBOOK,
    )
    return {person.id: [finding] for person in persons}


def repeated_duty(duties: Iterable[DutyLike]) -> Found:
    """D2: one duty for each person, school and role."""
    sentence = "Personen har samma tjänstgöring två gånger på skolan."
    how = f"Ta bort den ena av tjänstgöringarna. {AFTERWARDS}"
    finding = about(DUTY, "D2", Severity.WARNING, "dutyRole", sentence, WORKBOOK, how=how)
    current = (duty for duty in duties if duty.ended_at is None)
    same = _alike(current, lambda duty: (duty.person_id, duty.school_unit_code, duty.duty_role))
    return {duty.id: [finding] for duties_alike in same for duty in duties_alike}


def unit_without_leader(duties: Iterable[DutyLike], groups: Iterable[GroupLike]) -> dict[str, list[Finding]]:
    """D5: without a Rektor or Skoladministratör nobody can administer the school unit."""
    led = {duty.school_unit_code for duty in duties if duty.duty_role in LEADING_ROLES and duty.ended_at is None}
    finding = Finding(
        "D5",
        Severity.WARNING,
        "dutyRole",
        "Skolenheten saknar Rektor och Skoladministratör. Då kan ingen sköta proven där.",
        Who.STAFF_REGISTER,
        "Personalregistret, tjänstgöringar på skolenheten.",
        f"Ge minst en person personalkategorin Rektor eller Skoladministratör på skolenheten. {AFTERWARDS}",
        WORKBOOK,
    )
    return {code: [finding] for code in sorted({group.school_unit_code for group in groups} - led)}


def same_name(groups: Iterable[GroupLike]) -> Found:
    """G6: a teaching group's name is its own within school unit and school type."""
    teaching = (group for group in groups if group.group_type == "Undervisning")
    sentence = "Flera undervisningsgrupper på skolan har samma namn."
    finding = about(DISPLAY_NAME, "G6", Severity.WARNING, "displayName", sentence, WORKBOOK)
    same = _alike(teaching, lambda group: (group.school_unit_code, group.school_type, group.name.strip().casefold()))
    return {group.id: [finding] for groups_alike in same for group in groups_alike}


def group_with_several_tests(groups: Iterable[GroupLike], tests: Mapping[uuid.UUID, int]) -> Found:
    """G6: a teaching group takes one test. `tests` is the number of active test activities of each group.

    A class may take several: it is sent as a teaching group of its own for each (design.md section 3.2).
    """
    finding = Finding(
        "G6",
        Severity.WARNING,
        "parentActivity",
        "Gruppen är med i flera provaktiviteter. En undervisningsgrupp ska bara göra ett prov.",
        Who.SCHOOL,
        "Provsluss, sidan Provaktiviteter.",
        "Ta bort gruppen ur den provaktivitet som den inte ska göra.",
        WORKBOOK,
    )
    return {g.id: [finding] for g in groups if g.group_type == "Undervisning" and tests.get(g.id, 0) > 1}


def group_without_test(groups: Iterable[GroupLike], groups_with_test: AbstractSet[uuid.UUID]) -> Found:
    """G3: a teaching group without an activity is not built in the test platform (rules.md T14)."""
    finding = Finding(
        "G3",
        Severity.WARNING,
        "activities",
        "Undervisningsgruppen är inte med i någon provaktivitet.",
        Who.SCHOOL,
        "Provsluss, sidan Provaktiviteter.",
        "Lägg till gruppen i den provaktivitet som den ska göra.",
        API,
    )
    return {g.id: [finding] for g in groups if g.group_type == "Undervisning" and g.id not in groups_with_test}


def unfetched_list_of_tests(fetched: bool) -> list[Finding]:
    """A3: without Skolverket's list nobody can say that the tests exist, so nothing is ready."""
    if fetched:
        return []
    return [
        Finding(
            "A3",
            Severity.WARNING,
            TEST_LIST,
            "Skolverkets lista över prov är inte hämtad, så det går inte att se om proven finns där.",
            Who.SCHOOL,
            "Provsluss, Inställningar, Nationella prov.",
            "Tryck på Hämta nu, eller be den som sköter Provsluss köra: provsluss catalogue refresh.",
            OPEN_DATA,
        )
    ]


def _name_and_birth(person: PersonLike) -> Hashable:
    if len(person.civic_number) != 12:
        return ""
    return person.role, person.given_name.casefold(), person.family_name.casefold(), person.civic_number[:8]


def _alike(objects: Iterable[_T], key: Callable[[_T], Hashable]) -> list[list[_T]]:
    """The objects that share a key with another; an empty key is no likeness."""
    by_key: dict[Hashable, list[_T]] = defaultdict(list)
    for one in objects:
        if found := key(one):
            by_key[found].append(one)
    return [same for same in by_key.values() if len(same) > 1]


def merged(*parts: Found) -> Found:
    """The findings of several checks, by object."""
    merged: Found = defaultdict(list)
    for part in parts:
        for object_id, findings in part.items():
            merged[object_id] += findings
    return dict(merged)
