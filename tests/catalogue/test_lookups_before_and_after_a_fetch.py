"""What the catalogue answers, also when Skolverket has not been asked yet."""

import pytest
from django.utils import timezone

from provsluss.catalogue.lookup import national_test, national_tests, programmes, school_unit_status, school_units
from provsluss.catalogue.models import NationalTest, SchoolUnit
from provsluss.ss12000.ids import skolverket_id


@pytest.mark.django_db
def test_our_own_list_stands_in_until_the_first_fetch() -> None:
    tests = national_tests("produktion")
    assert len(tests) == 105
    assert {test.pk for test in tests} == {None}
    found = national_test("produktion", "GRGRMAT01_6")
    assert found is not None
    assert (found.skolverket_id, found.school_year, found.fetched_at) == (skolverket_id("GRGRMAT01_6"), 6, None)
    assert national_test("produktion", "GRGRMAT01_5") is None
    assert school_units("produktion", ["31279295"]) == {}
    assert programmes("produktion") == {}


@pytest.mark.django_db
def test_after_a_fetch_only_the_fetched_list_counts() -> None:
    NationalTest.objects.create(
        environment="produktion", name="NYTT_6", skolverket_id=skolverket_id("NYTT_6"), fetched_at=timezone.now()
    )
    assert [test.name for test in national_tests("produktion")] == ["NYTT_6"]
    assert national_test("produktion", "GRGRMAT01_6") is None
    assert len(national_tests("verifieringstest")) == 105


@pytest.mark.parametrize(
    ("status", "dnp_status", "ok", "text"),
    [
        ("Active", True, True, "Aktiv"),
        ("Active", None, True, "Aktiv"),
        ("Active", False, False, "Finns inte i provtjänsten"),
        ("Expired", True, False, "Upphörd"),
        ("Expired", False, False, "Upphörd"),
        ("Unknown", None, False, "Finns inte hos Skolverket"),
        ("New", True, True, "Ny"),
        ("", True, True, "Inte kontrollerad"),
    ],
)
def test_the_standing_of_a_school_unit(status: str, dnp_status: bool | None, ok: bool, text: str) -> None:
    standing = school_unit_status(SchoolUnit(code="31279295", status=status, dnp_status=dnp_status))
    assert (standing.ok, standing.text) == (ok, text)


def test_a_school_unit_that_was_never_asked_for() -> None:
    assert school_unit_status(None).text == "Inte kontrollerad"
