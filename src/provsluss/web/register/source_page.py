"""One source: how it went the last time, what of it is used, how it is reached; read it, try it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.register.imports.fetching import CannotFetch, begin_fetch, is_being_read, latest_stored
from provsluss.register.imports.section_counts import refused_rows
from provsluss.register.models import Import, Source
from provsluss.register.sources.registry import KINDS
from provsluss.register.sources.source import Link
from provsluss.register.sources.ss12000.settings import AUTHENTICATIONS, CHOICES
from provsluss.web.frame.questions import NoAnswer, ask
from provsluss.web.frame.request import Request
from provsluss.web.register.import_page import BUSY
from provsluss.web.register.sources import source_row
from provsluss.wording.reading import accounts_of

_READINGS_SHOWN = 10
_LOOKS = {
    "ok": ("ok", "ok", "Fungerar"),
    "warning": ("warn", "warning", "Att se över"),
    "error": ("bad", "error", "Fel"),
}


@require_safe
def source_page(request: Request, pk: int) -> HttpResponse:
    """The page. 404 in another organisation."""
    return _page(request, get_object_or_404(Source, pk=pk), None)


@require_POST
def fetch(request: Request, pk: int) -> HttpResponse:
    """Läs nu: an import that the worker reads; the next page shows how it goes. `allt`: all that the source has."""
    source = get_object_or_404(Source.objects.select_related("organisation"), pk=pk)
    if is_being_read(source):
        messages.info(request, "Källan läses redan.")
        return redirect("source", pk)
    try:
        with transaction.atomic():
            import_run = begin_fetch(source, request.user, full="allt" in request.POST)
            order(Task.READ_IMPORT, import_run)
    except CannotFetch as problem:
        messages.warning(request, str(problem))
        return redirect("source", pk)
    return redirect("import", import_run.pk)


@require_POST
@never_cache
def test(request: Request, pk: int) -> HttpResponse:
    """Testa anslutningen: link by link, within the time that a page may wait. Nothing is read in."""
    source = get_object_or_404(Source, pk=pk)
    check = KINDS[source.kind].check if source.kind in KINDS else None
    if check is None:
        return redirect("source", pk)
    try:
        links = ask(lambda: check(source), "Källan")
    except NoAnswer as problem:
        links = [Link("Anslutningen", "error", str(problem))]
    rows = [(one, *_LOOKS[one.state]) for one in links]
    if request.htmx:
        return render(request, "register/_source_links.html", {"links": rows})
    return _page(request, source, rows)


def _page(request: Request, source: Source, links: list[Any] | None) -> HttpResponse:
    row = source_row(request, source)
    stored = latest_stored(source)
    readings = Import.objects.filter(source=source.key).select_related("created_by").order_by("-created_at", "-pk")
    return render(
        request,
        "register/source.html",
        {
            "row": row,
            "source": source,
            "links": links,
            "accounts": accounts_of(stored.reading) if stored else [],
            "stored": stored,
            "not_stored": _not_stored(stored) if stored else 0,
            "readings": readings[:_READINGS_SHOWN],
            "busy": BUSY,
            "moves": bool(row.latest and row.latest.state in BUSY),
            "settings": source.settings,
            "authentication": AUTHENTICATIONS.get(source.settings.get("auth", "none"), ""),
            "choices": [text for name, text in CHOICES.items() if source.settings.get("choices", {}).get(name)],
        },
    )


def _not_stored(stored: Import) -> int:
    """How many rows the register could not take, besides those that had a fault in the source already."""
    refused_before: dict[str, int] = stored.reading.get("refused", {})
    return max(0, refused_rows(stored) - sum(refused_before.values()))
