"""Översikt: what needs attention now, what runs, how each provaktivitet stands; a newcomer is led by the hand."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.catalogue.models import Fetch
from provsluss.catalogue.school_unit_status import school_unit_status
from provsluss.connection.certificate_ends import certificate_end
from provsluss.operations.catalogue import school_unit_codes
from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import to_mend
from provsluss.preflight.status import control_status
from provsluss.register.models import STORED_STATES, Group, Import, ImportState, Person
from provsluss.transfers.models import AT_REST_STATES, SyncJob, TestActivity, TestActivityState, Transfer, TransferState
from provsluss.web.frame.request import Request
from provsluss.web.settings.readable_files import certificate_file_status
from provsluss.web.start.last_transfers import Attention, last_transfers, names_of, silent_worker
from provsluss.web.test_activities.pages import rows_of
from provsluss.wording.days import days_in_words, days_to
from provsluss.wording.rejected_rows import rejected_rows_in_words
from provsluss.wording.removal import removes
from provsluss.wording.transfer import job_name, progress_sentence

_OLD_CATALOGUE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Running:
    """A transfer under way and the step that it has come to, None while it waits for its turn.

    Only a step that has begun knows how many it sends, so a bar for the whole transfer would go backwards.
    """

    transfer: Transfer
    names: str
    job: SyncJob | None
    step: str
    says: str
    url: str


@require_safe
def overview(request: Request) -> HttpResponse:
    """The start page."""
    organisation: Organisation = request.organisation
    transfers = Transfer.objects.filter(environment=organisation.environment)
    active = TestActivity.objects.filter(state=TestActivityState.ACTIVE)
    has_persons = Person.objects.filter(ended_at=None).exists()
    has_sent = transfers.exists()
    running, rows = _running(transfers), rows_of(active, organisation.environment)
    return render(
        request,
        "start/overview.html",
        {
            "is_new": not (has_persons and has_sent),
            "has_persons": has_persons,
            "has_test_activities": active.exists(),
            "has_sent": has_sent,
            "attention": _attention(organisation),
            "running": running,
            "any_runs": any(one.transfer.state != TransferState.QUEUED for one in running),
            "rows": rows,
            "moves": bool(running) or any(row.moves for row in rows),
            "last_import": Import.objects.filter(state__in=STORED_STATES).first(),
            "sizes": _sizes() if has_persons else None,
        },
    )


def _running(transfers: QuerySet[Transfer]) -> list[Running]:
    found = []
    going_on = transfers.exclude(state__in=AT_REST_STATES)
    for transfer in going_on.prefetch_related("sync_jobs", "test_activities"):
        jobs, activities = list(transfer.sync_jobs.all()), list(transfer.test_activities.all())
        url = reverse("test_activity", args=[activities[0].pk]) if len(activities) == 1 else reverse("history")
        job = _now_at(jobs)
        step, says = (_step(job, jobs), progress_sentence(job)) if job else ("", "")
        found.append(Running(transfer, names_of(transfer), job, step, says, url))
    return found


def _now_at(jobs: list[SyncJob]) -> SyncJob | None:
    """The first step that has not ended, once any has begun; after the last one, the last."""
    if not any(job.started_at for job in jobs):
        return None
    return next((job for job in jobs if not job.is_ended), jobs[-1])


def _step(job: SyncJob, jobs: list[SyncJob]) -> str:
    """`Steg 2 av 4: Tjänstgöringar`; what removes comes after the four and is not counted."""
    sending = [one for one in jobs if not removes(one)]
    return f"Steg {sending.index(job) + 1} av {len(sending)}: {job_name(job)}" if job in sending else job_name(job)


def _sizes() -> dict[str, int]:
    persons = Person.objects.filter(ended_at=None)
    groups = Group.objects.filter(ended_at=None)
    return {
        "Elever": persons.filter(role=Person.Role.PUPIL).count(),
        "Personal": persons.filter(role=Person.Role.STAFF).count(),
        "Klasser": groups.filter(group_type=Group.Type.CLASS).count(),
        "Undervisningsgrupper": groups.filter(group_type=Group.Type.TEACHING).count(),
    }


def _attention(organisation: Organisation) -> list[Attention]:
    """Worst first."""
    found = [
        *silent_worker(organisation),
        *last_transfers(organisation),
        *_waiting_imports(),
        *_rejected_rows(),
        *_to_mend(organisation),
        *_school_units(organisation),
        *_certificate(organisation),
        *_old_catalogue(organisation),
    ]
    return sorted(found, key=lambda one: ("bad", "warn", "busy", "calm", "ok").index(one.tone))


def _waiting_imports() -> list[Attention]:
    return [
        Attention(
            "warn",
            "review",
            "En inläsning väntar på ditt beslut",
            f"{one.file_name} är läst men inte sparad i registret än.",
            reverse("import", args=[one.pk]),
            "Granska och läs in",
        )
        for one in Import.objects.filter(state=ImportState.PREVIEW)[:3]
    ]


def _rejected_rows() -> list[Attention]:
    """Whoever is on a row that was not read in is nowhere else: no control and no transfer misses them."""
    return [
        Attention(
            "warn",
            "warning",
            one.text.removesuffix("."),
            "De som står på raderna skickas inte förrän raderna är rättade och inlästa.",
            one.url,
            "Visa raderna",
        )
        for one in rejected_rows_in_words()
    ]


def _to_mend(organisation: Organisation) -> list[Attention]:
    """What the newest control says must be mended before the tests."""
    control = control_status(organisation).control
    number = to_mend(control) if control else 0
    if control is None or not number:
        return []
    coming = TestActivity.objects.filter(state=TestActivityState.ACTIVE, test_date__gte=timezone.localdate())
    first = coming.order_by("test_date", "name").first()
    when = days_in_words(days_to(first, timezone.localdate())) if first else ""
    return [
        Attention(
            "bad",
            "error",
            "1 sak att åtgärda före provet" if number == 1 else f"{number} saker att åtgärda före provet",
            f"Närmaste prov: {first.name}, {when}." if first else "Kontrollen visar vem som åtgärdar vad, och hur.",
            reverse("control"),
            "Visa kontrollen",
        )
    ]


def _school_units(organisation: Organisation) -> list[Attention]:
    codes = school_unit_codes(organisation)
    known = school_units(organisation.environment, codes)
    wrong = [code for code in codes if not school_unit_status(known.get(code)).ok]
    if not wrong:
        return []
    names = ", ".join((code in known and known[code].name) or code for code in wrong[:3])
    more = f" och {len(wrong) - 3} till" if len(wrong) > 3 else ""
    return [
        Attention(
            "warn",
            "warning",
            "Skolverket tar inte emot alla skolenheter",
            f"{names}{more}. Elever där går inte att skicka som de står i registret.",
            reverse("catalogue"),
            "Visa skolenheterna",
        )
    ]


def _certificate(organisation: Organisation) -> list[Attention]:
    """Its files cannot be used, or it ends soon."""
    wrong = [file for file in certificate_file_status(organisation) if file.tone in {"warn", "bad"}]
    if wrong:
        return [
            Attention(
                "warn",
                "key",
                "Certifikatet är inte på plats",
                f"{wrong[0].title}: {wrong[0].says.lower()}. Utan det släpper Skolverket inte in Provsluss.",
                reverse("settings"),
                "Till inställningarna",
            )
        ]
    end = certificate_end(organisation)
    if end is None:
        return []
    return [
        Attention(
            "bad" if end.ended else "warn",
            "key",
            "Certifikatet har gått ut" if end.ended else "Certifikatet går snart ut",
            end.sentence,
            reverse("connection"),
            "Visa anslutningen",
        )
    ]


def _old_catalogue(organisation: Organisation) -> list[Attention]:
    last = Fetch.objects.filter(environment=organisation.environment, succeeded=True).first()
    if last and last.started_at > timezone.now() - _OLD_CATALOGUE:
        return []
    when = f"senast {timezone.localtime(last.started_at):%Y-%m-%d}" if last else "aldrig"
    return [
        Attention(
            "calm",
            "info",
            "Skolverkets listor är inte färska",
            f"Skolenheter och prov hämtades {when}.",
            reverse("catalogue"),
            "Hämta nu",
        )
    ]
