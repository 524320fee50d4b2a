"""Names stand in Swedish order in every list, in SQLite, in PostgreSQL and where Python sorts."""

import random
import uuid
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db.utils import load_backend
from django.test import Client
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Person
from provsluss.web.frame.swedish_order import swedish, swedish_order

IN_ORDER = ["Adam", "adamsson", "Élise", "eliz", "Yvonne", "Üyk", "Zeke", "Åberg", "åberg B", "Ärla", "Öberg", "öst"]


@pytest.fixture
def mixed() -> list[str]:
    names = list(IN_ORDER)
    random.Random(1).shuffle(names)
    return names


def test_in_python(mixed: list[str]) -> None:
    assert sorted(mixed, key=swedish) == IN_ORDER


def test_in_the_embedded_database(organisation: Organisation, mixed: list[str]) -> None:
    for number, name in enumerate(mixed):
        Organisation.objects.create(number=f"{number:010}", name=name)
    others = Organisation.objects.exclude(pk=organisation.pk)
    assert list(others.order_by(*swedish_order("name")).values_list("name", flat=True)) == IN_ORDER
    assert list(others.order_by(*swedish_order("-name")).values_list("name", flat=True)) == IN_ORDER[::-1]


@pytest.mark.postgresql
def test_in_postgresql(postgresql_url: str, mixed: list[str], settings: Any) -> None:
    """The statement that Django makes for PostgreSQL, put to it."""
    address = urlsplit(postgresql_url)
    other = settings.DATABASES["default"] | {"NAME": address.path, "HOST": address.hostname, "OPTIONS": {}}
    connection = load_backend("django.db.backends.postgresql").DatabaseWrapper(other, "default")
    asked = Organisation.objects.order_by(*swedish_order("name")).values_list("name").query
    statement, parameters = asked.get_compiler(connection=connection).as_sql()
    with psycopg.connect(postgresql_url) as database:
        database.execute("CREATE TABLE organisations_organisation (name text)")
        database.cursor().executemany("INSERT INTO organisations_organisation VALUES (%s)", [(n,) for n in mixed])
        assert [name for (name,) in database.execute(statement, parameters)] == IN_ORDER


def test_in_the_lists(logged_in_client: Client, organisation: Organisation, mixed: list[str]) -> None:
    with scope(organisation=organisation):
        for number, name in enumerate(mixed):
            kept = {"id": uuid.uuid4(), "organisation": organisation, "source": "hand", "source_id": str(number)}
            Person.objects.create(**kept, role="pupil", given_name="Kim", family_name=name)
            Group.objects.create(**kept, name=name, group_type="Klass", school_type="GR", school_unit_code="90000011")
    for address, in_order in (
        ("/register/personer/", IN_ORDER),
        ("/register/personer/?sortera=-namn", IN_ORDER[::-1]),
        ("/register/grupper/?sortera=namn", IN_ORDER),
    ):
        page = logged_in_client.get(address).content.decode().split("<tbody")[1]
        places = [page.index(f">{name}") if f">{name}" in page else page.index(name) for name in in_order]
        assert places == sorted(places), address
