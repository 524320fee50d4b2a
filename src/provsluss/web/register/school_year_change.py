"""Läsårsskifte: what an inläsning means when a new school year has begun, before anything is stored or sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.register.imports.staleness import is_out_of_date
from provsluss.register.ingest.school_year_change import SchoolYearChange, school_year_change
from provsluss.register.models import Import, ImportState
from provsluss.spreadsheet import Cell
from provsluss.transfers.plan.of_import import Effect, effect_of, is_still_worked_out
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.worker_sign import worker_is_alive
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.school_year import FATES, exchanged_sentence, summary

COLUMNS = {
    "moved_up": "Flyttas upp",
    "new": "Nya",
    "left": "Slutar",
    "arrived": "Byter hit",
    "repeated": "Samma årskurs",
    "classes": "Nya klasser",
    "classes_ended": "Klasser som slutar",
}
"""The columns of the table of school units."""
EXCEL_COLUMNS = {
    "moved_up": "Elever som flyttas upp", "repeated": "Elever i samma årskurs", "other": "Övriga elever som är kvar",
    "arrived": "Elever som byter hit", "new": "Nya elever", "left": "Elever som slutar", "classes_new": "Nya klasser",
    "classes_renamed": "Klasser som byter namn", "classes_refilled": "Klasser med andra elever",
    "classes_ended": "Klasser som slutar", "groups_new": "Nya undervisningsgrupper",
    "groups_ended": "Undervisningsgrupper som slutar", "staff_new": "Nya tjänstgöringar",
    "staff_left": "Tjänstgöringar som slutar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit: its counts in the order of COLUMNS, and what is sent and removed at Skolverket."""

    name: str
    numbers: list[tuple[str, int]]
    sent: int | None
    removed: int | None


@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    """The page. 404 for an import that is no change of school year."""
    import_run, change = _found(pk)
    effect = effect_of(import_run)
    is_preview = import_run.state == ImportState.PREVIEW and not is_out_of_date(import_run)
    context = {
        "run": import_run,
        "is_preview": is_preview,
        "is_stored": import_run.state in (ImportState.DONE, ImportState.DONE_WITH_ERRORS),
        "summary": summary(change),
        "exchanged": exchanged_sentence(change),
        "facts": _facts(change),
        "effect": effect,
        "fates": FATES.values(),
        "kinds": _kinds(effect),
        "waits_for_effect": is_preview and is_still_worked_out(import_run) and worker_is_alive(),
        "columns": COLUMNS.values(),
        "rows": list(_rows(request, change, effect)),
    }
    return render(request, "register/school_year_change.html", context)


@require_safe
def export(request: Request, pk: int) -> FileResponse:
    """School unit by school unit as Excel."""
    import_run, change = _found(pk)
    effect = effect_of(import_run)
    columns = ["Skolenhetskod", "Skolenhet", *EXCEL_COLUMNS.values()]
    if effect:
        columns += [f"Hos Skolverket: {title.lower()}" for title in FATES.values()]
    name = f"läsårsskifte {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Läsårsskifte", columns, _cells(request, change, effect))


def _found(pk: int) -> tuple[Import, SchoolYearChange]:
    import_run = get_object_or_404(Import.objects.select_related("created_by"), pk=pk)
    if (change := school_year_change(import_run)) is None:
        raise Http404
    return import_run, change


def _facts(change: SchoolYearChange) -> list[tuple[str, list[tuple[str, int]]]]:
    """The totals under their headings; what is zero is left out."""
    totals = change.totals
    facts = [
        ("Elever", [
            ("Flyttas upp", totals["moved_up"]), ("Nya", totals["new"]), ("Slutar", totals["left"]),
            ("Byter skola", totals["arrived"]), ("Samma årskurs", totals["repeated"]), ("Övriga", totals["other"]),
        ]),
        ("Klasser", [
            ("Nya", totals["classes_new"]), ("Slutar", totals["classes_ended"]),
            ("Byter namn", totals["classes_renamed"]), ("Får andra elever", totals["classes_refilled"]),
        ]),
        ("Undervisningsgrupper", [("Nya", totals["groups_new"]), ("Slutar", totals["groups_ended"])]),
        ("Tjänstgöringar", [("Nya", totals["staff_new"]), ("Slutar", totals["staff_left"])]),
    ]  # fmt: skip
    return [(title, [one for one in numbers if one[1]]) for title, numbers in facts if any(n for _, n in numbers)]


def _kinds(effect: Effect | None) -> list[tuple[str, list[tuple[str, int]], str]]:
    """Each kind with its fates and why its removal would wait ("limit", "others"; empty: it would not)."""
    if effect is None:
        return []
    return [
        (name, [(FATES[fate], effect.kinds[kind][fate]) for fate in FATES], _why_it_waits(effect.kinds[kind]))
        for kind, name in KIND_NAMES.items()
    ]


def _why_it_waits(kind: dict[str, Any]) -> str:
    if not kind["needs_review"]:
        return ""
    return "limit" if kind.get("beyond_limit", True) else "others"  # worked out before that was kept: the limit


def _rows(request: Request, change: SchoolYearChange, effect: Effect | None) -> Iterator[UnitRow]:
    names = _names(request, change)
    for code in sorted(change.units, key=lambda code: (names[code], code)):
        unit = change.units[code]
        fresh = sum(unit.get(name, 0) for name in ("classes_new", "classes_renamed", "classes_refilled"))
        counts = {**unit, "classes": fresh}
        fates = effect.units.get(code, {}) if effect else {}
        yield UnitRow(
            names[code],
            [(title, counts.get(name, 0)) for name, title in COLUMNS.items()],
            fates.get("new", 0) + fates.get("changed", 0) if effect else None,
            fates.get("removed", 0) if effect else None,
        )


def _cells(request: Request, change: SchoolYearChange, effect: Effect | None) -> Iterator[list[Cell]]:
    names = _names(request, change)
    for code in sorted(change.units, key=lambda code: (names[code], code)):
        cells: list[Cell] = [code, names[code], *(change.units[code].get(name, 0) for name in EXCEL_COLUMNS)]
        if effect:
            cells += [effect.units.get(code, {}).get(fate, 0) for fate in FATES]
        yield cells


def _names(request: Request, change: SchoolYearChange) -> dict[str, Any]:
    environment: str = request.organisation.environment
    known = school_units(environment, set(change.units))
    return {code: (code in known and known[code].name) or code for code in change.units}
