"""What was counted by the workbook's sheets is counted by section now, and back."""

from collections.abc import Iterator
from typing import Any

import pytest

from provsluss.organisations.models import Organisation
from tests.fixtures.earlier_tables import migrate_to, tables_at

BEFORE = [("register", "0006_who_is_on_a_refused_row")]
AFTER = [("register", "0007_counts_by_section")]
COUNTS = {
    "Klasser": {"rows": 2, "bad": 0},
    "Ämnesgrupper & Provaktiviteter": {"rows": 3, "bad": 0},
    "Elevinskrivningar": {"rows": 4, "bad": 1},
    "Personaltjänstgöringar": {"rows": 5, "bad": 0},
    "progress": {"done": 14, "total": 14},
    "spared": [{"sheet": "Klasser", "rows": [3], "missing": 1}],
    "mass_endings": None,
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def models_before() -> Iterator[Any]:
    """The tables as they were, and afterwards as they are."""
    with tables_at(BEFORE) as models:
        yield models


def test_each_sheet_becomes_its_section(models_before: Any) -> None:
    huvudman = Organisation.objects.create(number="1", name="Kommunen")
    imports = models_before.get_model("register", "Import")._base_manager
    for counts in (COUNTS, {}):
        imports.create(organisation_id=huvudman.pk, source="skolverket_workbook", counts=counts)

    migrate_to(AFTER)
    after, empty = imports.order_by("pk").values_list("counts", flat=True)
    assert list(after) == ["classes", "teaching_groups", "pupils", "duties", "progress", "spared", "mass_endings"]
    assert after["pupils"] == {"rows": 4, "bad": 1}
    assert after["spared"] == [{"section": "classes", "rows": [3], "missing": 1}]
    assert (after["mass_endings"], empty) == (None, {})

    migrate_to(BEFORE)
    assert imports.order_by("pk").values_list("counts", flat=True)[0] == COUNTS
