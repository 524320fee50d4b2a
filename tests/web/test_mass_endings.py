"""A file that would end much of the register is stored only when somebody has said that it is so."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports import imports
from provsluss.register.ingest.unusual_endings import is_unusual
from provsluss.register.models import Import
from tests.register.workbooks import pupil_row, write_workbook

REMOVED_NEXT = "tas bort hos Skolverket vid nästa överföring"


def _pupil(number: int) -> dict[str, Any]:
    digits = f"090127{number:03}"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return pupil_row(number, Personnummer=f"20{digits}{check}")


def _preview(organisation: Organisation, path: Path, pupils: range) -> Import:
    content = write_workbook(path / "fil.xlsx", pupils=[_pupil(number) for number in pupils]).read_bytes()
    with scope(organisation=organisation):
        run = imports.accept_upload(organisation, None, io.BytesIO(content), "fil.xlsx")
        imports.read_import(run.pk)
        run.refresh_from_db()
    assert run.state == "preview", run.message
    return run


def _text(client: Client, name: str, run: Import, query: str = "") -> str:
    return client.get(reverse(name, args=[run.pk]) + query).content.decode()


@pytest.mark.parametrize(
    ("ended", "known", "alarm"),
    [
        (21, 210, False), (21, 209, True), (132, 1200, True), (0, 0, False),
        (1, 1, True), (20, 20, True), (5, 10, True), (4, 8, False), (5, 11, False),
    ],
)  # fmt: skip
def test_a_tenth_of_many_half_of_some_or_all_however_few(ended: int, known: int, alarm: bool) -> None:
    assert is_unusual(ended, known) is alarm


def test_a_mass_ending_is_told_of_and_confirmed(
    logged_in_client: Client, organisation: Organisation, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    imports.store_import(_preview(organisation, tmp_path, range(1, 41)).pk)
    run = _preview(organisation, tmp_path, range(1, 11))

    text = _text(logged_in_client, "import", run)
    changes = _text(logged_in_client, "import_changes", run)
    with django_capture_on_commit_callbacks() as unconfirmed:
        said = logged_in_client.post(reverse("import_store", args=[run.pk]), follow=True).content.decode()
    with django_capture_on_commit_callbacks() as confirmed:
        logged_in_client.post(reverse("import_store", args=[run.pk]), {"avsluta": "on"})

    assert "30 elever avslutas eftersom de inte finns i filen." in text
    assert "?blad=Elevinskrivningar&amp;vad=ended" in text
    assert 'form="las-in" required' in text
    assert REMOVED_NEXT in text
    assert changes.index("Avslutas</span>") < changes.index("<tbody>") + 600
    assert "Kryssa först i" in said
    assert (len(unconfirmed), len(confirmed)) == (0, 1)
    imports.store_import(run.pk)
    done = _text(logged_in_client, "import", run)
    assert "Vad som ändrades" in done and REMOVED_NEXT in done and 'id="avsluta"' not in done


def test_those_that_end_come_first_also_after_what_changes(
    logged_in_client: Client, organisation: Organisation, tmp_path: Path
) -> None:
    imports.store_import(_preview(organisation, tmp_path, range(1, 41)).pk)
    run = _preview(organisation, tmp_path, range(31, 61))

    rows = logged_in_client.get(reverse("import_changes", args=[run.pk])).context["page"].object_list

    assert [row.what for row in rows] == ["ended"] * 30 + ["new"] * 20


def test_a_few_that_end_need_no_confirmation(
    logged_in_client: Client, organisation: Organisation, tmp_path: Path
) -> None:
    imports.store_import(_preview(organisation, tmp_path, range(1, 11)).pk)
    run = _preview(organisation, tmp_path, range(1, 9))

    text = _text(logged_in_client, "import", run)

    assert "eftersom de inte finns i filen" not in text
    assert REMOVED_NEXT in text


def test_an_import_that_was_called_off_says_what_it_would_have_changed(
    logged_in_client: Client, organisation: Organisation, tmp_path: Path
) -> None:
    run = _preview(organisation, tmp_path, range(1, 3))
    imports.discard_import(run.pk)

    text = _text(logged_in_client, "import", run)

    assert "Vad som skulle ha ändrats" in text
    assert "Vad som ändrades" not in text
