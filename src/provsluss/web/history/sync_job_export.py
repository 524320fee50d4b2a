"""The objects of one sync job as Excel. Personnummer only when the user chooses it, and then it is logged."""

from collections.abc import Iterable, Iterator

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.register.models import Reveal
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import Batch, ObjectResult, ObjectState, SyncJob
from provsluss.transfers.quoted_persons import without_values
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, hidden_ids, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import search_export
from provsluss.web.history.refusals import hidden_in
from provsluss.web.history.sync_job import COLUMNS, list_choice, results_of
from provsluss.wording.result import explanation_of, to_mend
from provsluss.wording.transfer import job_name

CIVIC_NUMBER = "Personnummer"


@require_http_methods(["GET", "HEAD", "POST"])
@search_export("sok")
def export(request: Request, pk: int) -> FileResponse:
    """The list in the filter and order of the address. POST with `personnummer=ja` takes personnummer with it."""
    job = get_object_or_404(SyncJob.objects.select_related("transfer"), pk=pk)
    results = results_of(request, job, list_choice(request))
    revealing = request.POST.get("personnummer") == "ja" and job.kind == "persons"
    titles = [title for title, _ in COLUMNS[job.kind] if revealing or title != CIVIC_NUMBER]
    columns = [
        "Status", *titles, "Vad", "Åtgärdas av", "Var", "Så här", "Skolverkets kod", "Skolverkets meddelande",
        "Vår anmärkning", "Id",
    ]  # fmt: skip
    found = _logged(request, job, results) if revealing else iter(results)
    trace_protected(
        request.reader, f"namn i Excel, synkjobb {job.pk}", (one.object_id for one in results if one.restricted)
    )
    started = timezone.localtime(job.started_at or job.transfer.created_at)
    kind_name = job_name(job)
    return workbook_response(
        f"{kind_name.lower().replace(':', '')} {started:%Y-%m-%d %H.%M.%S}.xlsx",
        kind_name,
        columns,
        _rows(job, titles, found, request.reader),
    )


def _logged(request: Request, job: SyncJob, results: Iterable[ObjectResult]) -> Iterator[ObjectResult]:
    """`results`, each person whose number leaves the system written down first."""
    shown = [r for r in results if r.civic_number and not r.restricted]
    Reveal.objects.bulk_create(
        [
            Reveal(
                organisation_id=job.organisation_id,
                user_id=request.user.pk,
                person_id=result.object_id,
                what=f"personnummer, Excel, synkjobb {job.pk}",
            )
            for result in shown
        ],
        batch_size=1000,
    )
    yield from results


def _rows(job: SyncJob, titles: list[str], results: Iterable[ObjectResult], reader: Reader) -> Iterator[list[Cell]]:
    units: dict[str, str] = {}
    hidden: dict[int, list[ObjectResult]] = {}
    ids = hidden_ids(reader)
    protected_too = reader.sees_protected
    for result in results:
        state = ObjectState(result.state).label
        if result.restricted and not protected_too:
            yield [state, NEUTRAL_NAME]
            continue
        if (code := result.school_unit_code) not in units:
            unit = school_units(job.transfer.environment, {code}).get(code) if code else None
            units[code] = f"{unit.name} ({code})" if unit and unit.name else code
        cells: dict[str, Cell] = {
            "Namn": result.name,
            "Roll": result.role,
            "Personalkategori": result.role,
            "Grupp": result.role,
            # A protected person's number is never written to a file, whoever asks.
            CIVIC_NUMBER: "" if result.restricted else result.civic_number,
            "EPPN": result.eppn,
            "Årskurs": result.school_year,
            "Skolform": result.school_type,
            "Skolenhet": units[code],
            "Typ": result.group_type,
            "Elever": result.member_count,
            "Nationellt prov": result.national_test,
            "Lärare": result.teacher_count,
        }
        said = _said(result, hidden, ids, reader)
        explanations = [
            explanation_of(message, text, job.kind, result.role)
            for message, text in zip(result.messages, said, strict=True)
        ]
        mending = to_mend(explanations, result.findings)
        yield [
            state,
            *(cells[title] for title in titles),
            mending.what,
            mending.who,
            mending.where,
            mending.how,
            ", ".join(message.get("code") or "" for message in result.messages),
            " ".join(text for text in said if text),
            " ".join(finding.get("sentence") or "" for finding in result.findings),
            str(result.object_id),
        ]


def _said(
    result: ObjectResult, hidden: dict[int, list[ObjectResult]], ids: frozenset[str], reader: Reader
) -> list[str]:
    """Skolverket's messages, with nothing in them of protected persons. `hidden` remembers those of each call."""
    texts = [str(message.get("message") or "") for message in result.messages]
    if any(texts) and result.batch_id is not None and result.batch_id not in hidden:
        hidden[result.batch_id] = hidden_in(Batch.objects.get(pk=result.batch_id), reader)
    return [without_values(text, hidden.get(result.batch_id or 0, []), ids) for text in texts]
