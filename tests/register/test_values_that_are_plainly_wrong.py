"""Addresses with something around them, names that are none, impossible years of birth, other separators."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, Person
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import group_row, pupil_row, staff_row

EPPN = "Federationsanvändarnamn"


def rows_told_of(import_run: Import) -> list[tuple[int, str, bool]]:
    return [(row, column, refused) for _, row, column, refused in problems_of(import_run)]


def persons(organisation: Organisation, attribute: str) -> list[Any]:
    with scope(organisation=organisation):
        return list(Person.objects.order_by("source_id").values_list(attribute, flat=True))


def test_addresses_are_cleaned_and_that_is_said(stored: Reads, organisation: Organisation) -> None:
    around = ["'{}", "mailto:{}", "={}", "Kim <{}>"]
    import_run = stored(
        pupils=[pupil_row(n, **{EPPN: form.format(f"x{n}@skola.se")}) for n, form in enumerate(around, start=1)],
        staff=[staff_row(**{"E-postadress": "mailto:a@skola.se"})],
    )
    assert rows_told_of(import_run) == [*((row, EPPN, False) for row in (3, 4, 5, 6)), (3, "E-postadress", False)]
    assert persons(organisation, "eppn") == [*(f"x{n}@skola.se" for n in (1, 2, 3, 4)), "larare1@huvudman.se"]
    assert "a@skola.se" in persons(organisation, "email")


def test_an_eppn_that_two_persons_share_is_seen_through_what_stands_around_it(preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(), pupil_row(2, **{EPPN: "mailto:elev1@huvudman.se"})], staff=[])
    assert [(row, refused) for row, column, refused in rows_told_of(import_run) if refused] == [(3, True), (4, True)]


@pytest.mark.parametrize("form", ["'{}", '="{}"', "´{}", '"{}"'])
def test_what_keeps_a_number_as_text_is_no_part_of_it(form: str, stored: Reads, organisation: Organisation) -> None:
    number, unit = pupil_row()["Personnummer"], pupil_row()["Skolenhetskod"]
    import_run = stored(pupils=[pupil_row(Personnummer=form.format(number), Skolenhetskod=form.format(unit))], staff=[])
    assert sorted(rows_told_of(import_run)) == [(3, "Personnummer", False), (3, "Skolenhetskod", False)]
    assert persons(organisation, "civic_number") == [number]
    with scope(organisation=organisation):
        assert not any(number[8:] in value for value in import_run.problems.values_list("value", flat=True))


def test_two_dots(preview: Reads) -> None:
    dots = {"E-postadress": "a..b@skola.se"}
    import_run = preview(pupils=[pupil_row(**dots), pupil_row(2, **{EPPN: "x..y@skola.se"})], staff=[staff_row(**dots)])
    assert rows_told_of(import_run) == [
        (3, "E-postadress", True),  # of staff; what refuses comes first
        (3, "E-postadress", False),
        (4, EPPN, False),
    ]


@pytest.mark.parametrize("name", ["-", "0", 0, "null", "#N/A", "N/A", True, "Saknas"], ids=repr)
def test_what_is_no_name_keeps_the_row_out(name: Any, preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(Efternamn=name), pupil_row(2, Förnamn=name), pupil_row(3, Mellannamn=name)])
    assert rows_told_of(import_run) == [(3, "Efternamn", True), (4, "Förnamn", True), (5, "Mellannamn", False)]


def test_names_are_repaired_and_that_is_said(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(
        pupils=[pupil_row(1, Efternamn="SjÃ¶gren"), pupil_row(2, Efternamn="Sj&ouml;gren")],
        staff=[staff_row(Efternamn="Sjögren", Personalkategori="LÃ¤rare")],
    )
    assert rows_told_of(import_run) == [
        (3, "Efternamn", False),
        (4, "Efternamn", False),
        (3, "Personalkategori", False),
    ]
    assert persons(organisation, "family_name") == ["Sjögren"] * 3
    with scope(organisation=organisation):
        shown = set(import_run.problems.values_list("value", flat=True))
    assert shown == {"SjÃ¶gren", "Sj&ouml;gren", "LÃ¤rare"}


def test_a_name_with_lost_letters_does_not_take_the_place_of_a_good_one(
    stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil_row(1, Efternamn="Sjögren")])
    import_run = stored(pupils=[pupil_row(1, Efternamn="Sj?gren"), pupil_row(2, Efternamn="Sj\ufffdgren")])
    assert rows_told_of(import_run) == [(3, "Efternamn", False), (4, "Efternamn", False)]
    assert persons(organisation, "family_name")[:2] == ["Sjögren", "Sj\ufffdgren"]


def test_an_odd_sign_in_a_name_is_told_of(preview: Reads) -> None:
    assert rows_told_of(preview(pupils=[pupil_row(Efternamn="Sj÷gren")])) == [(3, "Efternamn", False)]


def test_impossible_years_of_birth_are_told_of_without_being_named(preview: Reads, organisation: Organisation) -> None:
    import_run = preview(
        pupils=[pupil_row(Personnummer="191403121013")],
        staff=[staff_row(Personnummer="20250101TF12", Personalkategori="Rektor")],
    )
    assert rows_told_of(import_run) == [(3, "Personnummer", False), (3, "Personnummer", False)]
    with scope(organisation=organisation):
        reasons = list(import_run.problems.values_list("reason", flat=True))
    assert "elev i årskurs 6" in reasons[0]
    assert "personalen" in reasons[1]
    assert not any("1914" in reason or "2025" in reason for reason in reasons)


TWO_GROUPS = [group_row(), group_row(**{"Grupp-ID": "G2", "Ämnesgrupp": "EN 6A"})]


@pytest.mark.parametrize(
    "written",
    [
        "MA 6A; EN 6A",
        "MA 6A\nEN 6A",
        "MA 6A / EN 6A",
        "MA 6A|EN 6A",
        "MA 6A och EN 6A",
        "MA 6A,\r\nEN 6A;",
        "MA 6A;\nEN 6A",
    ],
)
def test_other_separators_are_understood_and_that_is_said(
    written: str, stored: Reads, organisation: Organisation
) -> None:
    import_run = stored(groups=TWO_GROUPS, pupils=[pupil_row(Ämnesgrupper=written)], staff=[])
    assert rows_told_of(import_run) == [(3, "Ämnesgrupper", False)]
    with scope(organisation=organisation):
        groups = {membership.group.name for membership in Person.objects.get().memberships.all()}
        assert import_run.problems.get().reason.endswith("Skriv kommatecken emellan. De läses var för sig.")
    assert groups == {"6A", "MA 6A", "EN 6A"}


def test_a_sign_in_a_groups_own_name_separates_nothing(stored: Reads, organisation: Organisation) -> None:
    names = ["MA 6A/6B", "EN; 6A", "SV 6A och 6B"]
    groups = [group_row(**{"Grupp-ID": name, "Ämnesgrupp": name}) for name in names]
    import_run = stored(
        groups=groups, pupils=[pupil_row(n, Ämnesgrupper=name) for n, name in enumerate(names)], staff=[]
    )
    assert rows_told_of(import_run) == []


def test_what_no_group_proves_is_told_of_with_advice(preview: Reads) -> None:
    import_run = preview(
        pupils=[pupil_row(Ämnesgrupper="MA 6A / XX"), pupil_row(2, Ämnesgrupper="MA 6A; XX")], staff=[]
    )
    with scope(organisation=import_run.organisation):
        told = list(import_run.problems.order_by("row", "id").values_list("row", "value", "reason"))
    assert [(row, value) for row, value, _ in told] == [(3, "MA 6A / XX"), (4, "MA 6A; XX"), (4, "XX")]
    assert "Är det flera grupper, skriv kommatecken mellan deras namn." in told[0][2]


def test_all_of_it_is_counted_on_its_sheet(preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(Efternamn="-")], staff=[staff_row(**{"E-postadress": "a..b@skola.se"})])
    assert [import_run.counts[sheet.section]["bad"] for sheet in (PUPILS, STAFF)] == [1, 1]
