"""What one date confirmed before is confirmed three times over now, by the same and at the same time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.fixtures.earlier_tables import migrate_to, tables_at

BEFORE = [("organisations", "0006_login_places_and_logged_decisions")]
AFTER = [("organisations", "0007_three_preparations_for_protection")]
DECIDED = datetime(2026, 3, 22, 17, 13, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def models_before() -> Iterator[Any]:
    """The tables as they were, and afterwards as they are."""
    with tables_at(BEFORE) as models:
        yield models


def test_what_was_said_of_all_is_said_of_each(models_before: Any) -> None:
    user = models_before.get_model("organisations", "User").objects.create(username="astrid")
    organisations = models_before.get_model("organisations", "Organisation").objects
    said: dict[str, dict[str, Any]] = {
        "Bekräftad": {"protection_confirmed_on": date(2026, 3, 22), "protection_decided_at": DECIDED},
        "Bekräftad av ingen vet vem": {"protection_confirmed_on": date(2026, 1, 8)},
        "Tillbakatagen": {"protection_decided_at": DECIDED},
        "Aldrig": {},
    }
    for number, (name, fields) in enumerate(said.items()):
        by = user if "protection_decided_at" in fields else None
        pk = f"00000000-0000-0000-0000-00000000000{number}"
        organisations.create(pk=pk, number=str(number), name=name, protection_decided_by=by, **fields)

    words = migrate_to(AFTER).get_model("organisations", "ProtectionPreparation").objects
    assert {
        (one.organisation.name, one.what, one.confirmed, one.decided_by and one.decided_by.username, one.decided_at)
        for one in words.all()
    } == {
        (name, what, confirmed, who, when)
        for what in ("fullmakt", "epost", "metod")
        for name, confirmed, who, when in (
            ("Bekräftad", True, "astrid", DECIDED),
            ("Bekräftad av ingen vet vem", True, None, timezone.make_aware(datetime(2026, 1, 8))),
            ("Tillbakatagen", False, "astrid", DECIDED),
        )
    }
