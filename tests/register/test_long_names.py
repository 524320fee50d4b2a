"""Names as long as the register takes fit into everything that is made of them."""

import pytest
from django_scopes import scope

from provsluss.register.models import ImportChange
from tests.register.conftest import Reads
from tests.register.workbooks import pupil_row, staff_row

LONG = {"Förnamn": "K" * 200, "Efternamn": "J" * 200}


@pytest.mark.parametrize("role", ["Lärare", "Speciallärare/specialpedagog"])
def test_a_label_of_the_preview_is_cut(preview: Reads, role: str) -> None:
    import_run = preview(pupils=[pupil_row(**LONG)], staff=[staff_row(Personalkategori=role, **LONG)])
    assert import_run.state == "preview", import_run.message
    longest = ImportChange._meta.get_field("label").max_length
    assert longest is not None
    with scope(organisation=import_run.organisation):
        labels = {change.sheet: change.label for change in import_run.changes.all()}
    assert labels["Elevinskrivningar"] == "K" * 200 + " " + "J" * 200
    assert labels["Personaltjänstgöringar"] == f"{'K' * 200} {'J' * 200}, {role}"[:longest]
    assert all(len(label) <= longest for label in labels.values())
