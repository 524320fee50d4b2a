"""Rows that are about the same person, and rows of which only one can be right.

An EPPN on rows of two persons: who has it in the register keeps it, and the other rows stay out. Where the register
does not tell, all of them do, since the wrong one of two could see the other's tests (rules.md P5).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from provsluss.register.identities.one_row import Judge
from provsluss.register.identities.verdicts import CIVIC_NUMBER, EPPN, ID, Verdict
from provsluss.register.models import Person
from provsluss.register.source_records import PersonRow

Judged = tuple[PersonRow, Verdict]


def settle_together(judged: Sequence[Judged], judge: Judge) -> None:
    """Let each row's verdict take account of the other rows. Rows that end somebody claim nothing."""
    claims = [one for one in judged if not one[0].removed]
    for same in _by(claims, _human):
        _unite(same, judge)
    for same in _by((one for one in claims if one[0].role == Person.Role.PUPIL), lambda one: one[0].person_id):
        _refuse_ids(same, judge)
    for same in _by((one for one in claims if one[0].eppn), lambda one: one[0].eppn):
        _refuse_eppns(same, judge)
    for same in _by((one for one in claims if one[0].civic_number), lambda one: (one[0].role, one[0].civic_number)):
        _note_numbers(same)
    for same in _by((one for one in claims if not one[1].reason), lambda one: one[1].person_id):
        _refuse_the_rest(same)


def _unite(same: list[Judged], judge: Judge) -> None:
    """Rows with the same EPPN and personnummer are of one person: the one whom the register has, or the first row's."""
    going_in = [verdict for _, verdict in same if not verdict.reason]
    if not going_in:
        return
    known = [verdict for verdict in going_in if verdict.person_id in verdict.keeps]
    first = (known or going_in)[0]
    in_register = judge.source_id_of(first.person_id)
    is_written = any(one.source_id == in_register for one in going_in)
    source_id = in_register if is_written and in_register else first.source_id
    for row, verdict in same:
        if verdict.reason:
            continue
        if row.role == Person.Role.STAFF and verdict.source_id != source_id:
            verdict.note(ID, _another_id(row, same))
        verdict.person_id, verdict.source_id = first.person_id, source_id


def _another_id(row: PersonRow, same: list[Judged]) -> str:
    other = next((one for one, _ in same if one.source_id != row.source_id), row)
    return (
        f"är ett annat än på {other.spot}, som har samma federationsanvändarnamn och personnummer. Raderna läses "
        "in som en person. Ge personen samma Person-ID på alla rader"
    )


def _refuse_ids(same: list[Judged], judge: Judge) -> None:
    for row, verdict in same:
        other = next((one for one, _ in same if (one.eppn, one.civic_number) != (row.eppn, row.civic_number)), None)
        if other is None:
            continue
        has_id = judge.by_id(row)
        if has_id and row.eppn == has_id.eppn and (other.eppn != row.eppn or row.civic_number == has_id.civic_number):
            continue
        what = EPPN.lower() if other.eppn != row.eppn else CIVIC_NUMBER.lower()
        advice = (
            "Är det samma elev, behåll bara den rad som stämmer"
            if other.eppn == row.eppn or other.civic_number == row.civic_number
            else "Varje elev behöver ett eget id"
        )
        verdict.refuse(ID, f"står också på {other.spot}, med ett annat {what}. {advice}")


def _refuse_eppns(same: list[Judged], judge: Judge) -> None:
    if len({_human(one) for one in same}) == 1:
        return
    owners = {_human((row, verdict)) for row, verdict in same if _has_it_in_register(row, judge)}
    for row, verdict in same:
        other = next((one for one, of_other in same if _human((one, of_other)) != _human((row, verdict))), None)
        if other is None or owners == {_human((row, verdict))} or verdict.is_refused:
            continue
        if other.person_id == row.person_id and row.role == other.role:
            continue  # one id with two numbers: told of where the rows of one id are held against each other
        where = "" if other.section == row.section or not other.place else f" i {other.place}"
        advice = (
            "Varje person behöver ett eget"
            if other.role == row.role
            else "Den som är både elev och personal behöver två olika (rollerna hålls isär)"
        )
        verdict.refuse(EPPN, f"står också på {other.spot}{where}. {advice}")


def _has_it_in_register(row: PersonRow, judge: Judge) -> bool:
    has_id = judge.by_id(row)
    return bool(judge.alike(row)) or (has_id is not None and has_id.eppn == row.eppn)


def _note_numbers(same: list[Judged]) -> None:
    """One personnummer on rows of two persons, each with an EPPN of their own: at most one of them has it."""
    for row, verdict in same:
        other = next((one for one, _ in same if one.eppn and row.eppn and one.eppn != row.eppn), None)
        if other and other.person_id != row.person_id:
            verdict.note(CIVIC_NUMBER, f"står också på {other.spot}. {_whose_number(row, other)}")


def _whose_number(row: PersonRow, other: PersonRow) -> str:
    noun = "elev" if row.role == Person.Role.PUPIL else "person"
    if (row.given_name.casefold(), row.family_name.casefold()) != (
        other.given_name.casefold(),
        other.family_name.casefold(),
    ):
        return f"Det kan bara höra till en av dem: kontrollera vems det är. Är det samma {noun}, behåll en av raderna"
    if row.role == Person.Role.PUPIL:
        return "Är det samma elev, behåll en av raderna: en elev ska ha ett enda id och federationsanvändarnamn"
    return "Är det samma person, ge raderna samma Person-ID och federationsanvändarnamn"


def _refuse_the_rest(same: list[Judged]) -> None:
    """Two humans can never become one person, whatever has been answered: only the first row goes in."""
    first = same[0][0]
    for row, verdict in same[1:]:
        if _human((row, verdict)) != _human(same[0]) and row.role == Person.Role.PUPIL:
            verdict.refuse(ID, f"hör till samma person som {first.spot}. Behåll den rad som stämmer")


def _human(one: Judged) -> Hashable:
    """Who somebody is, as far as the row itself tells. Without an EPPN or a personnummer it tells nothing."""
    row = one[0]
    if row.eppn and row.civic_number:
        return row.role, row.eppn, row.civic_number
    return row.section, row.number


def _by(judged: Iterable[Judged], key: Callable[[Judged], Hashable]) -> Iterable[list[Judged]]:
    """The lists with several rows that share a key."""
    found: dict[Hashable, list[Judged]] = defaultdict(list)
    for one in judged:
        found[key(one)].append(one)
    return [same for same in found.values() if len(same) > 1]
