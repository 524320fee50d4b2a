"""A pupil on several rows is one pupil: a row for each group, or one for each school unit."""

from typing import Any

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, Membership
from tests.register.conftest import Reads, problems_of
from tests.register.persons import EPPN, ID, ids, person, places, pupil, two_schools
from tests.register.workbooks import OTHER_UNIT, UNIT, class_row, group_row

TWO_GROUPS = [group_row(), group_row(**{"Grupp-ID": "G2", "Ämnesgrupp": "EN 6A", "Provaktivitetsnamn": "GRGRENG01_6"})]
PUPILS = "Elevinskrivningar"


def reasons(import_run: Import) -> list[str]:
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.values_list("reason", flat=True))


def groups(organisation: Organisation, given_name: str) -> set[str]:
    with scope(organisation=organisation):
        found = Membership.objects.filter(person__given_name=given_name, person__ended_at=None)
        return set(found.values_list("group__name", flat=True))


def komvux(*, classes: list[dict[str, Any]], groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The same classes and groups, as komvux."""
    adult = {"Skolform": "VUXGY"}
    return {"classes": [one | adult for one in classes], "groups": [one | adult for one in groups], "staff": []}


def adult(number: int, **changes: Any) -> dict[str, Any]:
    return pupil(number, **{"Skolform": "VUXGY", "Årskurs": ""} | changes)


THERE = {"Skolenhetskod": OTHER_UNIT}


def test_a_row_for_each_group_is_put_together(stored: Reads, organisation: Organisation) -> None:
    rows = [pupil(1), pupil(2), pupil(1, Ämnesgrupper="EN 6A")]
    import_run = stored(groups=TWO_GROUPS, pupils=rows, staff=[])
    assert problems_of(import_run) == [(PUPILS, 5, ID, False)]
    assert "eget id" not in reasons(import_run)[0]
    assert groups(organisation, "Ada") == {"6A", "MA 6A", "EN 6A"}
    counts = import_run.counts["pupils"]
    assert (counts["rows"], counts["good"], counts["new"], counts["bad"]) == (3, 3, 2, 0)
    assert stored(groups=TWO_GROUPS, pupils=rows, staff=[]).counts["pupils"]["unchanged"] == 2


def test_one_pupil_with_two_ids_is_put_together(stored: Reads, organisation: Organisation) -> None:
    rows = [pupil(1), pupil(1, **{ID: "E9", "Ämnesgrupper": "EN 6A"})]
    stored(groups=TWO_GROUPS, pupils=rows, staff=[])
    assert len(ids(organisation)) == 1
    before = ids(organisation)
    stored(groups=TWO_GROUPS, pupils=rows[::-1], staff=[])
    assert ids(organisation) == before


def test_rows_that_contradict_each_other(stored: Reads, organisation: Organisation) -> None:
    rows = [pupil(1), pupil(1, Årskurs=9), pupil(2), pupil(2, Förnamn="Bert")]
    import_run = stored(pupils=rows, staff=[])
    assert problems_of(import_run) == [(PUPILS, 4, "Årskurs", True), (PUPILS, 6, "Förnamn", True)]
    assert all("samma elev" in reason for reason in reasons(import_run))
    assert ids(organisation).keys() == {"Ada", "Bea"}


def test_one_id_with_two_eppns_is_told_in_words_that_fit(stored: Reads, preview: Reads) -> None:
    import_run = preview(pupils=[pupil(1), pupil(1, **{EPPN: "annan@huvudman.se"})], staff=[])
    assert all("behåll bara den rad som stämmer" in reason for reason in reasons(import_run))
    import_run = preview(pupils=[pupil(1), pupil(2, **{ID: "E1"})], staff=[])
    assert all("Varje elev behöver ett eget id" in reason for reason in reasons(import_run))


def test_a_pupil_of_komvux_at_two_school_units(stored: Reads, organisation: Organisation) -> None:
    rows = [adult(1), adult(2), adult(1, **THERE)]
    import_run = stored(pupils=rows, **komvux(**two_schools()))
    assert problems_of(import_run) == []
    assert places(organisation, "Ada") == ([UNIT, OTHER_UNIT], [UNIT, UNIT, OTHER_UNIT, OTHER_UNIT])
    assert len(ids(organisation)) == 2
    assert stored(pupils=rows, **komvux(**two_schools())).counts["pupils"]["unchanged"] == 2
    stored(pupils=rows[1:], **komvux(**two_schools()))
    assert places(organisation, "Ada") == ([OTHER_UNIT], [OTHER_UNIT, OTHER_UNIT])


def test_komvux_with_a_file_for_each_school_unit(stored: Reads, organisation: Organisation) -> None:
    here = komvux(classes=[class_row()], groups=[group_row()])
    there = komvux(classes=[class_row(**{"Klass-ID": "K2"} | THERE)], groups=[group_row(**{"Grupp-ID": "G2"} | THERE)])
    stored(pupils=[adult(1), adult(2)], **here)
    stored(pupils=[adult(1, **THERE), adult(3, **THERE)], **there)
    assert places(organisation, "Ada") == ([UNIT, OTHER_UNIT], [UNIT, UNIT, OTHER_UNIT, OTHER_UNIT])
    assert stored(pupils=[adult(1), adult(2)], **here).counts["pupils"]["unchanged"] == 2

    import_run = stored(pupils=[adult(2)], **here)
    assert (import_run.counts["pupils"]["changed"], import_run.counts["pupils"]["ended"]) == (1, 0)
    assert places(organisation, "Ada") == ([OTHER_UNIT], [OTHER_UNIT, OTHER_UNIT])
    stored(pupils=[adult(3, **THERE)], **there)
    assert ids(organisation).keys() == {"Bea", "Cia"}


def test_ta_bort_at_one_of_two_school_units(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[adult(1), adult(2), adult(1, **THERE)], **komvux(**two_schools()))
    here = komvux(classes=[class_row()], groups=[group_row()])
    stored(pupils=[adult(1, **{"Ta bort": "Ja"}), adult(2)], **here)
    assert places(organisation, "Ada") == ([OTHER_UNIT], [OTHER_UNIT, OTHER_UNIT])


def test_a_pupil_of_grundskolan_at_two_schools_is_told(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(pupils=[pupil(1), pupil(2, **THERE), pupil(1, **THERE)], staff=[], **two_schools())
    assert problems_of(import_run) == [(PUPILS, 5, "Skolenhetskod", False)]
    assert "får en elev bara ha en inskrivning" in reasons(import_run)[0]
    assert places(organisation, "Ada")[0] == [UNIT, OTHER_UNIT]


def test_one_marked_row_protects(stored: Reads, organisation: Organisation) -> None:
    marked = pupil(1, Ämnesgrupper="EN 6A", Sekretessmarkering="Sekretessmarkering")
    import_run = stored(groups=TWO_GROUPS, pupils=[pupil(1), marked], staff=[])
    assert person(organisation, "Ada").security_marking == "Sekretessmarkering"
    assert (PUPILS, 4, "Sekretessmarkering", False) in problems_of(import_run)
