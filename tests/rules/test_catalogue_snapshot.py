"""The rules' catalogue is what the database holds of Skolverket's open data, per environment."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from provsluss.catalogue.models import NationalTest, Programme, SchoolUnit
from provsluss.rules.catalogue_snapshot import NationalTestFacts, OfferedType, catalogue_snapshot

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def a_unit(code: str, environment: str = "simulator", **fields: object) -> None:
    SchoolUnit.objects.create(environment=environment, code=code, skolverket_id=uuid.uuid4(), fetched_at=NOW, **fields)


def a_programme(code: str, **fields: object) -> None:
    Programme.objects.create(
        environment="simulator", education_code=code, skolverket_id=uuid.uuid4(), fetched_at=NOW, **fields
    )


def test_an_empty_database_knows_nothing() -> None:
    catalogue = catalogue_snapshot("simulator")
    assert not catalogue.national_tests_fetched
    assert not catalogue.programmes_fetched
    assert not catalogue.school_units


def test_school_units_of_the_environment_and_the_codes_asked_for() -> None:
    offered = [{"schoolType": "GR", "dnpStatus": True, "schoolYears": [{"schoolYear": 6, "dnpStatus": False}]}]
    a_unit("31279295", name="Norra skolan", status="Active", dnp_status=True, school_types=offered)
    a_unit("11111111", status="Unknown")
    a_unit("31279295", environment="produktion", status="Expired")
    catalogue = catalogue_snapshot("simulator")
    assert set(catalogue.school_units) == {"31279295", "11111111"}
    unit = catalogue.school_units["31279295"]
    assert (unit.shown, unit.status, unit.dnp) == ("Norra skolan (31279295)", "Active", True)
    assert unit.school_types == {"GR": OfferedType(True, {6: False})}
    assert set(catalogue_snapshot("simulator", ["11111111"]).school_units) == {"11111111"}


def test_our_own_list_of_tests_is_not_a_fetched_one() -> None:
    NationalTest.objects.all().delete()
    fields = {"environment": "simulator", "school_type": "GR", "school_year": 6}
    NationalTest.objects.create(name="GRGRMAT01_6", skolverket_id=uuid.uuid4(), **fields)
    assert not catalogue_snapshot("simulator").national_tests_fetched
    NationalTest.objects.create(name="GRGRENG01_6", skolverket_id=uuid.uuid4(), fetched_at=NOW, gone_at=NOW, **fields)
    catalogue = catalogue_snapshot("simulator")
    assert catalogue.national_tests_fetched
    assert catalogue.national_tests["GRGRENG01_6"] == NationalTestFacts("GRGRENG01_6", "GR", 6, True, True)


def test_a_programme_is_usable_when_it_is_active_and_has_begun() -> None:
    a_programme("NA", status="Active", valid_from=NOW - timedelta(days=1))
    a_programme("SNART", status="Active", valid_from=NOW + timedelta(days=1))
    a_programme("SLUT", status="Expired")
    a_programme("NY", status="New")
    a_programme("BORTA", status="Active", gone_at=NOW)
    catalogue = catalogue_snapshot("simulator")
    assert catalogue.programmes_fetched
    assert [code for code, programme in catalogue.programmes.items() if programme.usable] == ["NA"]
