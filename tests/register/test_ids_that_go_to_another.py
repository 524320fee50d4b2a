"""An id, an EPPN or a personnummer that goes over to another person: those rows stay out until somebody says yes."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import ImportState
from provsluss.register.questions import Question
from tests.register.conftest import Reads, problems_of
from tests.register.persons import EPPN, ID, IDENTITY, NAMES, NUMBER, ids, person, pupil, questions
from tests.register.workbooks import civic_number, staff_row

YES = [Question.IDENTITY]


def eppn(number: int) -> str:
    return f"elev{number}@huvudman.se"


def of_another(row: dict[str, Any], number: int, *columns: str) -> dict[str, Any]:
    """`row` with these columns as in another pupil's."""
    return row | {column: pupil(number)[column] for column in columns}


THREE = [pupil(1), pupil(2), pupil(3)]
A_NEW_ONE = {EPPN: eppn(6), NUMBER: civic_number(6), "Förnamn": "Fia", "Efternamn": "Efternamn6"}
SWAPPED_EPPN = [of_another(pupil(1), 2, EPPN), of_another(pupil(2), 1, EPPN), pupil(3)]
SWAPPED_NUMBERS = [of_another(pupil(1), 2, NUMBER), of_another(pupil(2), 1, NUMBER), pupil(3)]


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ([pupil(1), pupil(2), pupil(3, **A_NEW_ONE)], [(5, ID)]),
        ([pupil(1), pupil(2), pupil(3) | {NUMBER: civic_number(6), "Förnamn": "Fia", "Efternamn": "Ny"}], [(5, ID)]),
        (SWAPPED_EPPN, [(3, EPPN), (4, EPPN)]),
        (SWAPPED_NUMBERS, [(3, NUMBER), (4, NUMBER)]),
        ([of_another(pupil(1), 2, ID), of_another(pupil(2), 1, ID), pupil(3)], [(3, ID), (4, ID)]),
        ([pupil(1), pupil(2), of_another(pupil(6), 3, EPPN)], [(5, EPPN)]),
        ([pupil(1), pupil(2), of_another(pupil(6), 3, ID, EPPN, NUMBER)], []),
        ([pupil(1), pupil(2), of_another(pupil(6), 3, NUMBER)], [(5, ID)]),
        ([pupil(1), of_another(pupil(2), 3, NUMBER), of_another(pupil(3), 6, NUMBER)], [(4, NUMBER), (5, NUMBER)]),
        ([pupil(1), of_another(pupil(2), 3, EPPN), of_another(pupil(3), 6, EPPN)], [(4, EPPN), (5, EPPN)]),
        ([of_another(pupil(n), n % 3 + 1, "Förnamn") for n in (1, 2, 3)], [(row, "Förnamn") for row in (3, 4, 5)]),
        ([of_another(pupil(n), 3 - n, "Efternamn") for n in (1, 2)], [(row, "Efternamn") for row in (3, 4)]),
    ],
    ids=[
        "id to somebody new", "id and EPPN to somebody new", "EPPN swapped", "numbers swapped", "ids swapped",
        "EPPN to somebody new", "all three, so only the name is new", "number to a new id and EPPN",
        "numbers moved one row", "EPPN moved one row", "given names moved one row", "family names swapped",
    ],
)  # fmt: skip
def test_the_rows_stay_out_and_nobody_ends(
    later: list[dict[str, Any]], asked: list[tuple[int, str]], stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=THREE, staff=[])
    before = {name: (pk, person(organisation, name).eppn) for name, pk in ids(organisation).items()}
    import_run = stored(pupils=later, staff=[])
    assert questions(import_run) == [(row, column, IDENTITY) for row, column in asked]
    if asked:
        assert import_run.counts["pupils"]["bad"] == len(asked)
        assert import_run.counts["pupils"]["ended"] == 0
        assert import_run.state == ImportState.DONE_WITH_ERRORS
        now = {name: (pk, person(organisation, name).eppn) for name, pk in ids(organisation).items()}
        assert now.items() <= before.items()


def test_every_row_of_a_sorted_column_is_asked_about(stored: Reads, organisation: Organisation) -> None:
    """With somebody new among them, whose value nobody has had before."""
    stored(pupils=[pupil(number) for number in range(1, 6)], staff=[])
    for column in (ID, EPPN, NUMBER):
        values = sorted((pupil(number)[column] for number in range(1, 7)), reverse=True)
        rows = [pupil(number) | {column: value} for number, value in zip(range(1, 7), values, strict=True)]
        import_run = stored(pupils=rows, staff=[])
        assert [row for row, _, _ in questions(import_run)] == [3, 4, 5, 6, 7, 8]
        assert ids(organisation).keys() == set(NAMES[:5])


def test_with_a_yes_somebody_new_with_an_old_id_is_another_person(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    before = ids(organisation)
    later = [pupil(1), pupil(2), pupil(3, **A_NEW_ONE)]
    import_run = stored(yes=YES, pupils=later, staff=[])
    now = ids(organisation)
    assert (questions(import_run), now.keys()) == ([], {"Ada", "Bea", "Fia"})
    assert now["Fia"] not in before.values()
    again = stored(pupils=later, staff=[])
    assert (questions(again), again.counts["pupils"]["unchanged"]) == ([], 3)
    assert ids(organisation) == now


@pytest.mark.parametrize("later", [SWAPPED_EPPN, SWAPPED_NUMBERS], ids=["EPPN", "numbers"])
def test_with_a_yes_a_swap_is_stored(later: list[dict[str, Any]], stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    before = ids(organisation)
    stored(yes=YES, pupils=later, staff=[])
    assert ids(organisation) == before
    ada = person(organisation, "Ada")
    assert (ada.eppn, ada.civic_number) == (later[0][EPPN], later[0][NUMBER])


def test_with_a_yes_swapped_ids_follow_the_human(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    before = ids(organisation)
    stored(yes=YES, pupils=[of_another(pupil(1), 2, ID), of_another(pupil(2), 1, ID), pupil(3)], staff=[])
    assert ids(organisation) == before
    assert [person(organisation, name).source_id for name in ("Ada", "Bea")] == ["E2", "E1"]


def test_an_eppn_of_somebody_who_has_left_is_asked_about(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    stored(pupils=THREE[:2], staff=[])
    import_run = stored(pupils=[*THREE[:2], of_another(pupil(6), 3, EPPN)], staff=[])
    assert questions(import_run) == [(5, EPPN, IDENTITY)]
    assert "Fia" not in ids(organisation)


def test_somebody_comes_back_with_another_id(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    before = ids(organisation)
    stored(pupils=THREE[:2], staff=[])
    import_run = stored(pupils=[*THREE[:2], pupil(3, **{ID: "ny"})], staff=[])
    assert (questions(import_run), ids(organisation)) == ([], before)


def test_staff_are_asked_about_too(stored: Reads, organisation: Organisation) -> None:
    stored(staff=[staff_row()])
    another = staff_row(**{EPPN: "ny@huvudman.se", NUMBER: "20090423TF20", "Förnamn": "Clara", "Efternamn": "Ny"})
    import_run = stored(staff=[another])
    assert questions(import_run) == [(3, ID, IDENTITY)]
    assert "Bengt" in ids(organisation)
    assert import_run.counts["duties"]["ended"] == 0
    stored(yes=YES, staff=[another])
    assert ids(organisation).keys() & {"Bengt", "Clara"} == {"Clara"}


def test_nothing_personal_is_shown_of_somebody_protected(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1), pupil(2, Sekretessmarkering="Sekretessmarkering")], staff=[])
    import_run = stored(pupils=[pupil(1), of_another(pupil(6), 2, EPPN)], staff=[])
    with scope(organisation=organisation):
        asked = import_run.problems.get(question=IDENTITY)
    assert (asked.row, asked.column, asked.value) == (4, EPPN, "")


def test_a_personnummer_is_masked(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=THREE, staff=[])
    import_run = stored(pupils=SWAPPED_NUMBERS, staff=[])
    with scope(organisation=organisation):
        values = set(import_run.problems.values_list("value", flat=True))
    assert values == {"20090127-****", "20090401-****"}


def test_one_number_on_two_pupils_of_the_file_is_told(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(pupils=[pupil(1), pupil(2), of_another(pupil(3), 1, NUMBER)], staff=[])
    assert problems_of(import_run) == [("Elevinskrivningar", row, NUMBER, False) for row in (3, 5)]
    assert ids(organisation).keys() == {"Ada", "Bea", "Cia"}
