"""What was fetched, put into the catalogue's tables. Every function is one short transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from provsluss.catalogue.models import NationalTest, Programme, SchoolUnit, Status
from provsluss.provtjanst import open_data_shapes
from provsluss.ss12000.ids import skolverket_id


def store_national_tests(environment: str, tests: Sequence[open_data_shapes.NationalTest]) -> str:
    """Make these the national tests of the environment. Returns what changed, e.g. " (2 nya, 1 borttagna)"."""
    now = timezone.now()
    rows = {
        test.display_name: NationalTest(
            environment=environment,
            name=test.display_name,
            skolverket_id=test.id,
            school_type=test.school_type or "",
            school_year=test.school_year,
            comment=test.comment or "",
            fetched_at=now,
        )
        for test in tests
        if len(test.display_name) <= 100
    }
    with transaction.atomic():
        listed_before = NationalTest.objects.filter(environment=environment, gone_at=None)
        names_before = set(listed_before.values_list("name", flat=True))
        NationalTest.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["environment", "name"],
            update_fields=["skolverket_id", "school_type", "school_year", "comment", "fetched_at", "gone_at"],
        )
        gone = listed_before.exclude(name__in=rows.keys()).update(gone_at=now)
    return _changes(len(rows.keys() - names_before) if names_before else 0, gone)


def store_programmes(environment: str, programmes: Sequence[open_data_shapes.Programme]) -> str:
    """Make these the programmes of the environment. Returns what changed, as `store_national_tests` does."""
    now = timezone.now()
    rows = {
        programme.education_code: Programme(
            environment=environment,
            education_code=programme.education_code,
            skolverket_id=programme.id,
            name=(programme.display_name or "")[:300],
            school_type=programme.school_type or "",
            status=_status(programme.status),
            valid_from=_aware(programme.valid_from),
            fetched_at=now,
        )
        for programme in programmes
        if len(programme.education_code) <= 20
    }
    with transaction.atomic():
        listed_before = Programme.objects.filter(environment=environment, gone_at=None)
        codes_before = set(listed_before.values_list("education_code", flat=True))
        Programme.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["environment", "education_code"],
            update_fields=["skolverket_id", "name", "school_type", "status", "valid_from", "fetched_at", "gone_at"],
        )
        gone = listed_before.exclude(education_code__in=rows.keys()).update(gone_at=now)
    return _changes(len(rows.keys() - codes_before) if codes_before else 0, gone)


def store_school_units(
    environment: str, units: Mapping[str, open_data_shapes.SchoolUnit], organisation_number: str = ""
) -> None:
    """Store school units under the codes they were asked for by; `organisation_number` for those that do not say."""
    now = timezone.now()
    rows = [
        SchoolUnit(
            environment=environment,
            code=code,
            skolverket_id=unit.id,
            name=(unit.display_name or "")[:300],
            status=_status(unit.status),
            dnp_status=unit.dnp_status,
            school_types=[part.model_dump(mode="json", by_alias=True) for part in unit.school_types],
            municipality=(unit.municipality_name or "")[:100],
            organisation_number=_organisation_number(unit) or organisation_number,
            fetched_at=now,
        )
        for code, unit in units.items()
        if len(code) == 8
    ]
    with transaction.atomic():
        SchoolUnit.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["environment", "code"],
            update_fields=[
                "skolverket_id",
                "name",
                "status",
                "dnp_status",
                "school_types",
                "municipality",
                "organisation_number",
                "fetched_at",
            ],
        )


def store_unknown_school_units(environment: str, codes: Iterable[str]) -> None:
    """Note that Skolverket does not know these codes. What was known of them before (the name) is kept."""
    now = timezone.now()
    rows = [
        SchoolUnit(
            environment=environment,
            code=code,
            skolverket_id=skolverket_id(code),
            status=Status.UNKNOWN,
            dnp_status=None,
            fetched_at=now,
        )
        for code in codes
    ]
    with transaction.atomic():
        SchoolUnit.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["environment", "code"],
            update_fields=["status", "dnp_status", "fetched_at"],
        )


def codes_fetched_since(environment: str, moment: datetime) -> set[str]:
    """The codes of the school units that were fetched at or after `moment`."""
    found = SchoolUnit.objects.filter(environment=environment, fetched_at__gte=moment)
    return set(found.values_list("code", flat=True))


def _changes(new: int, gone: int) -> str:
    parts = [f"{new} nya"] * bool(new) + [f"{gone} borttagna"] * bool(gone)
    return f" ({', '.join(parts)})" if parts else ""


def _status(status: str | None) -> str:
    """A status we have a word for, else empty: not said."""
    return status if status in Status.values else ""


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _organisation_number(unit: open_data_shapes.SchoolUnit) -> str:
    parent = unit.parent_organisation
    number = (parent.organisation_number or "") if parent else ""
    return number if len(number) <= 10 else ""
