"""Översikt: what needs attention now, what runs, how each provaktivitet stands; a newcomer is led by the hand."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.catalogue.models import Fetch
from provsluss.catalogue.standing import school_unit_standing
from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Import, ImportState, Person
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.connection.certificate_ends import certificate_end
from provsluss.transfers.control.lists import to_mend
from provsluss.transfers.control.state import standing
from provsluss.transfers.models import ENDED_STATES, SyncJob, TestActivity, TestActivityState, Transfer, TransferState
from provsluss.transfers.operating.housekeeping import school_unit_codes
from provsluss.web.control.board import days_in_words, days_to
from provsluss.web.frame.notice import counted, joined, listed
from provsluss.web.frame.states import Tone
from provsluss.web.frame.worker_sign import worker_is_alive
from provsluss.web.removals.words import ONE_AND_MANY, removes, review_text
from provsluss.web.settings.readable_files import certificate_standing
from provsluss.web.test_activities.pages import rows_of

_OLD_CATALOGUE = timedelta(days=7)
_STORED = (ImportState.DONE, ImportState.DONE_WITH_ERRORS)
"""The imports that the register's figures come from; a preview has changed nothing."""


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that somebody should look at, and where."""

    tone: Tone
    icon: str
    title: str
    text: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Running:
    """A transfer under way, and how far it has come."""

    transfer: Transfer
    names: str
    answered: int
    to_send: int
    url: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The start page."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    transfers = Transfer.objects.filter(environment=organisation.environment)
    active = TestActivity.objects.filter(state=TestActivityState.ACTIVE)
    has_persons = Person.objects.filter(ended_at=None).exists()
    has_sent = transfers.exists()
    return render(
        request,
        "overview.html",
        {
            "is_new": not (has_persons and has_sent),
            "has_persons": has_persons,
            "has_test_activities": active.exists(),
            "has_sent": has_sent,
            "attention": _attention(organisation),
            "running": _running(transfers),
            "rows": rows_of(active, organisation.environment),
            "last_import": Import.objects.filter(state__in=_STORED).first(),
            "sizes": _sizes() if has_persons else None,
        },
    )


def _running(transfers: QuerySet[Transfer]) -> list[Running]:
    found = []
    going_on = transfers.exclude(state__in=[*ENDED_STATES, TransferState.NEEDS_REVIEW])
    for transfer in going_on.prefetch_related("sync_jobs", "test_activities"):
        jobs, activities = list(transfer.sync_jobs.all()), list(transfer.test_activities.all())
        url = reverse("test_activity", args=[activities[0].pk]) if len(activities) == 1 else reverse("history")
        found.append(
            Running(transfer, _names(transfer), sum(j.answered for j in jobs), sum(j.to_send for j in jobs), url)
        )
    return found


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
        *_silent_worker(),
        *_last_transfers(organisation),
        *_waiting_imports(),
        *_to_mend(organisation),
        *_school_units(organisation),
        *_certificate(organisation),
        *_old_catalogue(organisation),
    ]
    return sorted(found, key=lambda one: ("bad", "warn", "busy", "calm", "ok").index(one.tone))


def _silent_worker() -> list[Attention]:
    waits = Q(state__in=[TransferState.QUEUED, TransferState.RUNNING])
    if worker_is_alive() or not Transfer.objects.filter(waits).exists():
        return []
    return [
        Attention(
            "bad",
            "error",
            "Ingenting skickas just nu",
            "Det som för över uppgifterna (provsluss worker) är inte igång. "
            "Be den som sköter Provsluss att starta det. Överföringen går sedan vidare av sig själv.",
            reverse("history"),
            "Visa vad som väntar",
        )
    ]


def _last_transfers(organisation: Organisation) -> list[Attention]:
    transfers = Transfer.objects.filter(environment=organisation.environment)
    found = [
        Attention(
            "warn",
            "review",
            f"Överföring {transfer.pk} kräver granskning",
            joined(transfer.message, review_text(transfer.sync_jobs.all())),
            reverse("removal_review", args=[transfer.pk]),
            "Granska",
        )
        for transfer in transfers.filter(state=TransferState.NEEDS_REVIEW).prefetch_related("sync_jobs")
    ]
    for transfer in _latest_of_each(transfers):
        if transfer.state == TransferState.DONE_WITH_ERRORS:
            found.append(_with_errors(transfer))
        elif transfer.state == TransferState.CANCELLED:
            found.append(_cancelled(transfer))
    return found


def _latest_of_each(transfers: "QuerySet[Transfer]") -> list[Transfer]:
    """The last ended transfer of each active provaktivitet, the newest first: what came before it is no longer so."""
    ended = transfers.filter(state__in=ENDED_STATES, test_activities__state=TestActivityState.ACTIVE)
    latest = ended.order_by().values("test_activities").annotate(latest=Max("pk")).values_list("latest", flat=True)
    return list(transfers.filter(pk__in=set(latest)).prefetch_related("sync_jobs", "test_activities"))


def _names(transfer: Transfer) -> str:
    """The provaktiviteter of a transfer, at most three by name."""
    activities = list(transfer.test_activities.all())
    return ", ".join(activity.name for activity in activities[:3]) + (" med flera" if len(activities) > 3 else "")


def _with_errors(transfer: Transfer) -> Attention:
    jobs = list(transfer.sync_jobs.all())
    worst = next((job for job in jobs if job.error or job.withheld), None)
    stayed = sum(job.error for job in jobs if removes(job))
    withheld = sum(job.withheld for job in jobs)
    refused = listed([counted(number, *ONE_AND_MANY[kind]) for kind in KINDS if (number := _errors(jobs, kind))])
    parts = [f"{refused} fick fel hos Skolverket"] * bool(refused) + [f"{withheld} hålls inne"] * bool(withheld)
    parts += [f"{stayed} gick inte att ta bort"] * bool(stayed)
    return Attention(
        "bad",
        "error",
        f"Allt kom inte fram i den senaste överföringen av {_names(transfer)}",
        (f"{listed(parts)}." if parts else transfer.message),
        reverse("sync_job", args=[worst.pk]) if worst else reverse("history"),
        "Se vad som är fel",
    )


def _errors(jobs: list[SyncJob], kind: Kind) -> int:
    """How many objects of a kind Skolverket refused to take."""
    return sum(job.error for job in jobs if job.kind == kind and not removes(job))


def _cancelled(transfer: Transfer) -> Attention:
    activity = transfer.test_activities.all()[0]
    return Attention(
        "warn",
        "cancelled",
        f"Överföringen av {_names(transfer)} är avbruten",
        transfer.message,
        reverse("test_activity", args=[activity.pk]),
        "Visa överföringen",
    )


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


def _to_mend(organisation: Organisation) -> list[Attention]:
    """What the newest control says must be mended before the tests."""
    control = standing(organisation).control
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
    wrong = [code for code in codes if not school_unit_standing(known.get(code)).ok]
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
    wrong = [file for file in certificate_standing(organisation) if file.tone in {"warn", "bad"}]
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
