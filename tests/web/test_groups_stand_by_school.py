"""Groups stand by school and then name, the schools as Swedes sort them."""

import uuid

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.models import SchoolUnit
from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.web.test_activities.group_picker import GroupFilter, GroupPicker

SCHOOLS = {"10000001": "Ösby skola", "10000002": "Åby skola", "10000003": "Ärla skola", "10000004": "backa skola"}
BY_SCHOOL = [
    (school, name) for school in ("backa skola", "Åby skola", "Ärla skola", "Ösby skola") for name in ("6A", "6B")
]


def _make(organisation: Organisation) -> None:
    for code, school in SCHOOLS.items():
        SchoolUnit.objects.create(
            environment=organisation.environment,
            code=code,
            skolverket_id=uuid.uuid4(),
            name=school,
            fetched_at=timezone.now(),
        )
        for name in ("6B", "6A"):
            Group.objects.create(
                id=uuid.uuid4(),
                organisation=organisation,
                source="test",
                source_id=f"{code}{name}",
                name=name,
                group_type="Klass",
                school_type="GR",
                school_unit_code=code,
            )


def _shown(client: Client, query: str = "") -> list[tuple[str, str]]:
    page = client.get(reverse("groups") + query).context["page"]
    return [(SCHOOLS[group.school_unit_code], group.name) for group in page]


def test_the_list_stands_by_school_and_then_name(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        _make(organisation)

    assert _shown(logged_in_client) == BY_SCHOOL
    assert _shown(logged_in_client, "?sortera=namn") == sorted(BY_SCHOOL, key=lambda pair: pair[1])
    assert _shown(logged_in_client, "?sortera=-skolenhet") == BY_SCHOOL[::-1]


def test_the_picker_stands_so_too(organisation: Organisation) -> None:
    with scope(organisation=organisation):
        _make(organisation)
        picker = GroupPicker(organisation.environment, GroupFilter(), set())

        assert [(SCHOOLS[group.school_unit_code], group.name) for group in picker.found] == BY_SCHOOL
        assert [name for _, name in picker.school_units] == ["backa skola", "Åby skola", "Ärla skola", "Ösby skola"]
