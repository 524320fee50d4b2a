"""Inläsningar on the page: upload, progress, preview, decision, result."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.example import write_example
from provsluss.register.imports import apply_progress, imports
from provsluss.register.imports.section_counts import section_counts
from provsluss.register.models import Import, Person
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import make_worker

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("example") / "skola.xlsx"
    write_example(path, 60, None, 1, False)
    return path.read_bytes()


def _uploaded(content: bytes, name: str = "skola.xlsx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content, WORKBOOK)}


def _preview(organisation: Organisation, content: bytes) -> Import:
    with scope(organisation=organisation):
        run = imports.accept_upload(organisation, None, io.BytesIO(content), "skola.xlsx")
        imports.read_import(run.pk)
        run.refresh_from_db()
    return run


def test_a_newcomer_is_told_what_to_do(logged_in_client: Client, organisation: Organisation) -> None:
    text = text_of(logged_in_client, "imports")

    assert "Ingenting har lästs in än" in text
    assert 'enctype="multipart/form-data"' in text


def test_an_upload_is_put_in_the_queue_and_shows_how_far_it_has_come(
    logged_in_client: Client,
    organisation: Organisation,
    workbook: bytes,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks() as put_in_the_queue:
        answer = logged_in_client.post(reverse("imports"), _uploaded(workbook))

    make_worker()
    with scope(organisation=organisation):
        run = Import.objects.get()
    assert answer.headers["Location"] == reverse("import", args=[run.pk])
    assert (run.state, run.created_by_id is not None, len(put_in_the_queue)) == ("reading", True, 1)
    with scope(organisation=organisation):
        Import.objects.filter(pk=run.pk).update(counts={"progress": {"done": 30, "total": 120}})
    text = text_of(logged_in_client, "import", run.pk)
    assert "Filen läses" in text
    assert 'hx-trigger="every 1s"' in text
    assert 'value="25" max="100"' in text_of(logged_in_client, "import_progress", run.pk)
    with scope(organisation=organisation):
        Import.objects.filter(pk=run.pk).update(state="storing")
    apply_progress.write(run.pk, 90, 120)
    assert 'value="75" max="100"' in text_of(logged_in_client, "import_progress", run.pk)


def test_when_it_has_been_read_the_page_is_read_anew(
    logged_in_client: Client, organisation: Organisation, workbook: bytes
) -> None:
    run = _preview(organisation, workbook)

    answer = logged_in_client.get(reverse("import_progress", args=[run.pk]))

    assert answer.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("files", "words"),
    [({}, "Välj en fil först."), ({"file": SimpleUploadedFile("tom.xlsx", b"")}, "Filen är tom.")],
)
def test_without_a_file_the_form_says_so(
    logged_in_client: Client, organisation: Organisation, files: dict[str, Any], words: str
) -> None:
    answer = logged_in_client.post(reverse("imports"), files)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'aria-invalid="true"' in text
    assert 'id="id_file_error"' in text


def test_a_file_that_is_too_large_is_refused(
    logged_in_client: Client, organisation: Organisation, workbook: bytes, settings: Any
) -> None:
    settings.MAX_WORKBOOK_BYTES = 1000

    answer = logged_in_client.post(reverse("imports"), _uploaded(workbook))

    assert "Filen är för stor." in answer.content.decode()
    with scope(organisation=organisation):
        assert not Import.objects.exists()


def test_a_file_that_is_no_workbook_changes_nothing_and_says_why(
    logged_in_client: Client, organisation: Organisation
) -> None:
    run = _preview(organisation, b"inte en arbetsbok")

    text = text_of(logged_in_client, "import", run.pk)

    assert "Filen kunde inte läsas." in text
    assert run.message in text
    assert "Ingenting i registret har ändrats" in text


def test_the_preview_counts_and_lists_what_is_wrong(
    logged_in_client: Client, organisation: Organisation, workbook: bytes
) -> None:
    run = _preview(organisation, workbook)

    text = text_of(logged_in_client, "import", run.pk)

    assert "Inget är sparat än" in text
    for sheet, counts in section_counts(run):
        assert sheet.replace("&", "&amp;") in text
        assert f'<td class="number" data-label="Nya">{counts["new"]}</td>' in text
    assert "Läses inte in" in text
    assert "Att rätta" in text
    with scope(organisation=organisation):
        assert not Person.objects.exists()


def test_problems_are_filtered_and_saved_as_excel(
    logged_in_client: Client, organisation: Organisation, workbook: bytes
) -> None:
    run = _preview(organisation, workbook)
    with scope(organisation=organisation):
        problems = list(run.problems.all())  # type: ignore[attr-defined]
    noted = [one.reason for one in problems if not one.row_refused]
    refused = [one.reason for one in problems if one.row_refused]
    assert noted and refused

    text = text_of(logged_in_client, "import", run.pk, query="?slag=utelamnade")
    answer = logged_in_client.get(reverse("import_problems_export", args=[run.pk]) + "?slag=utelamnade")

    assert f"av {len(refused)} anmärkningar" in text
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == refused


def test_each_change_can_be_looked_at(logged_in_client: Client, organisation: Organisation, workbook: bytes) -> None:
    run = _preview(organisation, workbook)

    everything = text_of(logged_in_client, "import_changes", run.pk)
    ended = text_of(logged_in_client, "import_changes", run.pk, query="?vad=ended")

    assert "Ny" in everything
    assert "Ingenting stämmer med filtret" in ended


def test_las_in_stores_once(
    logged_in_client: Client, organisation: Organisation, workbook: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    run = _preview(organisation, workbook)

    with django_capture_on_commit_callbacks() as queued:
        logged_in_client.post(reverse("import_store", args=[run.pk]))
        logged_in_client.post(reverse("import_store", args=[run.pk]))

    assert len(queued) == 1
    assert "Registret uppdateras" in text_of(logged_in_client, "import", run.pk)
    imports.store_import(run.pk)
    text = text_of(logged_in_client, "import", run.pk)
    assert "Klart, men" in text
    with scope(organisation=organisation):
        assert Person.objects.exists()


def test_the_same_file_again_changes_nothing(
    logged_in_client: Client, organisation: Organisation, workbook: bytes
) -> None:
    imports.store_import(_preview(organisation, workbook).pk)

    again = _preview(organisation, workbook)

    assert "Inga ändringar." in text_of(logged_in_client, "import", again.pk)


def test_avbryt_keeps_nothing(logged_in_client: Client, organisation: Organisation, workbook: bytes) -> None:
    run = _preview(organisation, workbook)

    answer = logged_in_client.post(reverse("import_discard", args=[run.pk]), follow=True)

    assert "Ingenting i registret har ändrats" in answer.content.decode()
    with scope(organisation=organisation):
        run.refresh_from_db()
        assert run.state == "discarded"
        assert not Person.objects.exists()


def test_a_preview_that_is_out_of_date_is_read_again_instead_of_stored(
    logged_in_client: Client, organisation: Organisation, workbook: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    old = _preview(organisation, workbook)
    imports.store_import(_preview(organisation, workbook).pk)

    text = text_of(logged_in_client, "import", old.pk)
    with django_capture_on_commit_callbacks() as stored:
        said = logged_in_client.post(reverse("import_store", args=[old.pk]), follow=True).content.decode()
    with django_capture_on_commit_callbacks() as queued:
        answer = logged_in_client.post(reverse("import_read_again", args=[old.pk]))

    assert "Registret har ändrats sedan filen lästes." in text
    assert "Läs om" in text and "Läs in</button>" not in text
    assert not stored and "Filen lästes inte in." in said
    with scope(organisation=organisation):
        new = Import.objects.exclude(state="discarded").latest("pk")
        old.refresh_from_db()
    assert answer.headers["Location"] == reverse("import", args=[new.pk])
    assert (old.state, new.state, new.file_name, len(queued)) == ("discarded", "reading", "skola.xlsx", 1)


@pytest.mark.parametrize("page", ["import", "import_progress"])
@pytest.mark.parametrize("state", ["reading", "storing"])
def test_while_nobody_reads_no_page_says_that_it_goes_on(
    logged_in_client: Client, organisation: Organisation, workbook: bytes, page: str, state: str
) -> None:
    logged_in_client.post(reverse("imports"), _uploaded(workbook))
    with scope(organisation=organisation):
        Import.objects.update(state=state)
        run = Import.objects.get()

    silent = text_of(logged_in_client, page, run.pk)
    make_worker()
    working = text_of(logged_in_client, page, run.pk)

    assert "Ingenting läses in just nu." in silent and "Läsningen fortsätter" not in silent
    assert "Ingenting läses in just nu." not in working and "Läsningen fortsätter" in working


@pytest.mark.parametrize(
    ("asked", "order", "column"),
    [("", ["id"], "Följd"), ("?sortera=rad", ["row", "sheet", "id"], "Rad"), ("?sortera=-rad", ["-row"], "Rad")],
)
def test_what_is_to_be_mended_stands_in_the_order_that_is_marked(
    logged_in_client: Client, organisation: Organisation, workbook: bytes, asked: str, order: list[str], column: str
) -> None:
    run = _preview(organisation, workbook)

    answer = logged_in_client.get(reverse("import", args=[run.pk]) + asked)

    with scope(organisation=organisation):
        expected = list(run.problems.order_by(*order).values_list("row", flat=True)[:50])  # type: ignore[attr-defined]
    assert [problem.row for problem in answer.context["page"]] == expected
    marked = answer.content.decode().split("aria-sort=")[1].split("</th>")[0]
    assert f">{column}<" in marked


def test_the_file_name_leads_to_the_import(
    logged_in_client: Client, organisation: Organisation, workbook: bytes
) -> None:
    run = _preview(organisation, workbook)

    assert f'href="{reverse("import", args=[run.pk])}">skola.xlsx</a>' in text_of(logged_in_client, "imports")


def test_a_preview_of_the_command_line_is_not_called_interrupted(
    logged_in_client: Client, organisation: Organisation, user: User
) -> None:
    with scope(organisation=organisation):
        Import.objects.create(organisation=organisation, source="test", file_name="a.xlsx", state="discarded")
    text = logged_in_client.get(reverse("imports")).content.decode()
    assert "Bara förhandsgranskad" in text
    assert "Avbruten" not in text
    with scope(organisation=organisation):
        Import.objects.update(created_by=user)
    assert "Avbruten" in logged_in_client.get(reverse("imports")).content.decode()
