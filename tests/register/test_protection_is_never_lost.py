"""Somebody protected never becomes unprotected without a person saying yes, whatever a file leaves out."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import ImportState, Person
from provsluss.register.questions import Question
from tests.register.conftest import Reads
from tests.register.persons import EPPN, ID, NUMBER, PROTECTION, person, pupil, questions
from tests.register.workbooks import class_row, staff_row

MARKING = "Sekretessmarkering"
MARKED = {MARKING: "Skyddad folkbokföring"}
BESIDE = [pupil(2), pupil(3)]


@pytest.mark.parametrize(
    "later",
    [{}, {MARKING: "Nej"}, {ID: "ny"}, {EPPN: "ny@huvudman.se"}, {"Förnamn": "Annat", "Efternamn": "Namn"}],
    ids=["empty", "Nej", "with another id", "with another EPPN", "with another name"],
)
def test_the_marking_stays_and_the_rest_goes_in(
    later: dict[str, Any], stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    changed = pupil(1, **later | {"Klass": "6B"})
    classes = [class_row(), class_row(**{"Klass-ID": "K2", "Klass": "6B"})]
    import_run = stored(classes=classes, pupils=[changed, *BESIDE], staff=[])
    assert questions(import_run) == [(3, MARKING, PROTECTION)]
    assert import_run.state == ImportState.DONE_WITH_ERRORS
    found = person(organisation, changed["Förnamn"])
    assert found.security_marking == MARKED[MARKING]
    with scope(organisation=organisation):
        assert found.memberships.filter(group__name="6B").exists()
        assert set(import_run.problems.filter(row=3).values_list("value", flat=True)) == {""}


def test_with_a_yes_it_goes(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    import_run = stored(yes=[Question.PROTECTION], pupils=[pupil(1), *BESIDE], staff=[])
    assert (questions(import_run), person(organisation, "Ada").security_marking) == ([], "Ingen")
    assert import_run.state == ImportState.DONE


def test_a_yes_to_something_else_is_none(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    stored(yes=[Question.IDENTITY], pupils=[pupil(1), *BESIDE], staff=[])
    assert person(organisation, "Ada").security_marking == MARKED[MARKING]


def test_who_was_left_out_for_a_while_comes_back_protected(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    stored(pupils=BESIDE, staff=[])
    import_run = stored(pupils=[pupil(1), *BESIDE], staff=[])
    assert questions(import_run) == [(3, MARKING, PROTECTION)]
    assert person(organisation, "Ada").security_marking == MARKED[MARKING]


def test_the_same_number_under_another_id_or_in_another_role(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    double = pupil(1, **{ID: "E7", EPPN: "annan@huvudman.se", "Förnamn": "Ada7"})
    as_staff = [
        staff_row(**{NUMBER: pupil(1)[NUMBER]}),
        staff_row(**{NUMBER: pupil(1)[NUMBER], "Tjänstgörings-ID": "T2"}),
    ]
    import_run = stored(pupils=[pupil(1, **MARKED), double, *BESIDE], staff=as_staff)
    assert questions(import_run) == [(3, MARKING, PROTECTION), (4, MARKING, PROTECTION)]
    with scope(organisation=organisation):
        markings = Person.objects.filter(civic_number=pupil(1)[NUMBER]).values_list("security_marking", flat=True)
        assert set(markings) == {MARKED[MARKING]}


def test_from_one_marking_to_the_other_is_no_question(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1, **MARKED), *BESIDE], staff=[])
    import_run = stored(pupils=[pupil(1, **{MARKING: MARKING}), *BESIDE], staff=[])
    assert (questions(import_run), person(organisation, "Ada").security_marking) == ([], MARKING)


def test_a_sorted_column_of_markings_exposes_nobody(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil(1), pupil(2, **MARKED), pupil(3)], staff=[])
    stored(pupils=[pupil(1, **MARKED), pupil(2), pupil(3)], staff=[])
    markings = [person(organisation, name).security_marking for name in ("Ada", "Bea", "Cia")]
    assert markings == [MARKED[MARKING], MARKED[MARKING], "Ingen"]
