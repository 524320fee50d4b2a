"""Register, Inläsningar: upload a file, and what was read before."""

from collections.abc import Iterator

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.register.imports.imports import accept_upload
from provsluss.register.models import Import, ImportState
from provsluss.spreadsheet import Cell
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import worker_is_alive
from provsluss.web.register.import_page import BUSY


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="Excelfil i Skolverkets mall",
        help_text="Filen ska ha fyra blad och sluta på .xlsx.",
        error_messages={"required": "Välj en fil först.", "empty": "Filen är tom."},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuses a file that is too large before anything reads it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.MAX_WORKBOOK_BYTES:
            most = settings.MAX_WORKBOOK_BYTES // 1_000_000
            raise forms.ValidationError(f"Filen är för stor. Den får vara högst {most} MB.")
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """The list, and the form. POST takes a file and goes to the page that shows how the reading goes."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return redirect("import", _accepted(request, form.cleaned_data["file"]).pk)
    choice = _choice(request)
    page = choice.page_of(Import.objects.select_related("created_by"))
    return render(
        request,
        "register/imports.html",
        {
            "form": form,
            "page": page,
            "choice": choice,
            "waiting": Import.objects.filter(state=ImportState.PREVIEW).first(),
            "busy": BUSY,
            "moves": any(run.state in BUSY for run in page),
            "nobody_works": not worker_is_alive(),
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
def export(request: Request) -> FileResponse:
    """The list as Excel, in the same order."""
    found = Import.objects.select_related("created_by").order_by(*_choice(request).order)
    rows: Iterator[list[Cell]] = (
        [run.created_at, run.file_name, run.state_words, _by(run), run.message] for run in found
    )
    name = f"inläsningar {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Inläsningar", ["När", "Fil", "Läge", "Av", "Kommentar"], rows)


def _choice(request: Request) -> Choice:
    return read_choice(request.GET, filters=(), sorts={"nar": ("created_at",)}, default="-nar")


def _by(run: Import) -> str:
    return (run.created_by.get_full_name() or run.created_by.username) if run.created_by else "Kommandoraden"


def _accepted(request: Request, file: "UploadedFile[bytes]") -> Import:

    with transaction.atomic():
        import_run = accept_upload(
            request.organisation,
            request.user,
            file,  # type: ignore[arg-type]
            file.name or "fil.xlsx",
        )
        if import_run.state == ImportState.READING:  # a file that is too large has been refused already
            order(Task.READ_IMPORT, import_run)
    return import_run
