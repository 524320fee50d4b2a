"""Who changed a skyddsgräns before decisions had a log of their own is told in that log, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.fixtures.earlier_tables import tables_at

BEFORE = [
    ("organisations", "0007_three_preparations_for_protection"),
    ("transfers", "0012_what_removals_leave_and_take"),
]
AFTER = [("transfers", "0013_limit_changes_are_logged_decisions")]
CHANGED = datetime(2026, 3, 22, 17, 13, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def models_before() -> Iterator[Any]:
    """The tables as they were, and afterwards as they are."""
    with tables_at(BEFORE) as models:
        yield models


def test_only_what_is_not_told_of_is_added(models_before: Any) -> None:
    user = models_before.get_model("organisations", "User").objects.create(username="astrid")
    organisation = models_before.get_model("organisations", "Organisation").objects.create(
        pk="00000000-0000-0000-0000-000000000001", number="2120009945", name="Exempelkommunen"
    )
    changes = models_before.get_model("transfers", "RemovalLimitChange").objects
    decisions = models_before.get_model("organisations", "LoggedDecision").objects
    words = {"before": "10 procent och 20 stycken", "after": "5 procent och 7 stycken"}
    numbers = {"from_percent": 10, "from_count": 20, "to_percent": 5, "to_count": 7}
    later = CHANGED + timedelta(days=30)
    for kind, when, by in (("groups", CHANGED, user), ("groups", later, user), ("persons", CHANGED, None)):
        changes.create(organisation=organisation, kind=kind, changed_at=when, changed_by=by, **numbers)
    decisions.create(
        organisation=organisation, what="removal_limit", about="groups", at=later, by=user, by_name="Astrid Ek", **words
    )

    executor = MigrationExecutor(connection)
    executor.migrate(AFTER)

    logged = executor.loader.project_state(AFTER).apps.get_model("organisations", "LoggedDecision").objects
    assert set(logged.values_list("about", "at", "by_name", "before", "after")) == {
        ("groups", CHANGED, "astrid", *words.values()),
        ("groups", later, "Astrid Ek", *words.values()),
        ("persons", CHANGED, "Någon, med ett kommando på servern", *words.values()),
    }
