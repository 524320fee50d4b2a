"""Register, Källor: where the register comes from, and when each source was last read."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from provsluss.register.imports.fetching import is_fetched, latest_reading
from provsluss.register.ingest.own_school_units import units_of
from provsluss.register.models import Import, Source, SourceState
from provsluss.register.sources.registry import KINDS
from provsluss.web.frame.request import Request
from provsluss.web.frame.school_units import named_units
from provsluss.web.register.import_page import BUSY


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the list shows it."""

    source: Source
    called: str
    """What a user calls its kind."""
    is_fetched: bool
    is_paused: bool
    units: list[tuple[str, str]]
    latest: Import | None


@require_safe
def sources(request: Request) -> HttpResponse:
    """The page."""
    rows = [source_row(request, one) for one in Source.objects.all()]
    return render(
        request,
        "register/sources.html",
        {"rows": rows, "moves": any(row.latest and row.latest.state in BUSY for row in rows)},
    )


def source_row(request: Request, source: Source) -> SourceRow:
    """What is known of one source."""
    return SourceRow(
        source,
        KINDS[source.kind].called if source.kind in KINDS else source.kind,
        is_fetched(source),
        source.state == SourceState.PAUSED,
        named_units(request.organisation.environment, units_of(source)),
        latest_reading(source),
    )
