"""`provsluss check`: what stands in the way before anything is sent."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.options import JsonOption, OrganisationOption
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from provsluss.organisations.models import Organisation
    from provsluss.preflight.queries import CauseRow, WhoRows
    from provsluss.transfers.models import Control, ControlFinding, TestActivity

NAMED = 5
"""How many objects of a cause are named in the terminal; all are in the JSON and on the page."""


def add_to(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(check)


def check(
    organisation: OrganisationOption,
    test_activity: Annotated[
        str | None,
        typer.Option("--test-activity", help="Bara den här provaktiviteten (namn eller prov). Utelämnat: alla aktiva."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Kontrollera vad som behöver åtgärdas innan något skickas. Skickar ingenting."""
    ready_django()
    from django_scopes import scope

    from provsluss.preflight.queries import by_who, findings_of, has_looked_at_any, to_mend
    from provsluss.preflight.run import make_at_once

    chosen = chosen_organisation(organisation)
    _fetch_the_list_of_tests(chosen)
    with scope(organisation=chosen):
        about = _named(test_activity)
        control = make_at_once(chosen)
        findings = findings_of(control, about)
        whos, urgent = by_who(findings), to_mend(control, about)
        if as_json:
            typer.echo(json.dumps(_as_dict(control, whos, findings, urgent), ensure_ascii=False))
        else:
            _print(whos, findings, urgent, has_looked_at_any(control, about))
    raise typer.Exit(1 if urgent else 0)


def _fetch_the_list_of_tests(organisation: "Organisation") -> None:
    """Where it has never been fetched: a worker does so by itself, but nobody need have one to check.

    If it cannot be, the control says so.
    """
    from provsluss.catalogue.models import NationalTest
    from provsluss.operations.catalogue import refresh_catalogue

    if not NationalTest.objects.filter(environment=organisation.environment, fetched_at__isnull=False).exists():
        refresh_catalogue(organisation)


def _named(name: str | None) -> "TestActivity | None":
    from provsluss.transfers.models import TestActivity, TestActivityState

    if name is None:
        return None
    active = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE))
    for one in active:
        if name.casefold() in (one.name.casefold(), one.national_test.casefold()):
            return one
    known = ", ".join(one.name for one in active) or "inga"
    raise CannotBeDone(f"Ingen aktiv provaktivitet heter {name}. De som finns: {known}.")


def _as_dict(
    control: "Control", whos: "list[WhoRows]", findings: "QuerySet[ControlFinding]", urgent: int
) -> dict[str, Any]:
    return {
        "control": control.pk,
        "checked": control.checked,
        "to_mend": urgent,
        "causes": [
            {
                "code": row.cause.code,
                "severity": row.cause.severity,
                "urgent": row.cause.urgent,
                "attribute": row.cause.attribute,
                "sentence": row.cause.sentence,
                "refused": row.cause.refused,
                "meaning": row.cause.meaning,
                "skolverket_says": row.cause.skolverket_says,
                "who": row.cause.who,
                "where": row.cause.where,
                "how": row.cause.how,
                "source": row.cause.source,
                "count": row.objects,
                "follows": row.follows,
                "objects": [_object(one) for one in _direct(row, findings).iterator()],
            }
            for one in whos
            for row in one.causes
        ],
    }


def _object(finding: "ControlFinding") -> dict[str, Any]:
    """Never a personnummer, and of a protected person neither name nor id."""
    return {
        "kind": finding.kind,
        "id": None if finding.restricted or finding.object_id is None else str(finding.object_id),
        "name": "Begränsade uppgifter" if finding.restricted else finding.name,
        "school_unit_code": "" if finding.restricted else finding.school_unit_code,
    }


def _name(finding: "ControlFinding") -> str:
    """A row of the file is found by its sheet and number, and by its school unit in a file that the school keeps."""
    from provsluss.preflight.rejected_rows import ROWS

    is_of_unit = finding.kind == ROWS and finding.school_unit_code
    return f"{finding.name} ({finding.school_unit_code})" if is_of_unit else str(_object(finding)["name"])


def _direct(row: "CauseRow", findings: "QuerySet[ControlFinding]") -> "QuerySet[ControlFinding]":
    of_cause = findings.filter(cause=row.cause, follows=False)
    return of_cause.order_by("restricted", "school_unit_code", "name", "pk")


def _print(whos: "list[WhoRows]", findings: "QuerySet[ControlFinding]", urgent: int, has_looked: bool) -> None:
    """The terminal's version: who mends what, the root first."""
    console = Console(markup=False, highlight=False)
    for one in whos:
        console.print(f"{one.who.label}:", style="bold")
        for row in one.causes:
            sign = "✗" if row.cause.urgent else "!"
            solves = f" Löser {row.follows} följdfel." if row.follows else ""
            console.print(f"  {sign} {row.objects} × {row.cause.sentence}{solves}")
            if row.cause.refused:
                console.print(f"      Nekad av Skolverket. {row.cause.meaning}".rstrip())
            for words in row.cause.skolverket_says.splitlines():
                console.print(f"      Skolverket skriver: {words}")
            console.print(f"      {row.cause.where} {row.cause.how}", style="dim")
            if names := _names(row, findings):
                console.print(f"      {names}")
    if urgent:
        console.print(f"{urgent} att åtgärda före provet.")
    elif has_looked:
        console.print("Redo. Inget måste åtgärdas före provet.")
    else:
        console.print("Det finns inget att kontrollera: ingen aktiv provaktivitet har några grupper.")


def _names(row: "CauseRow", findings: "QuerySet[ControlFinding]") -> str:
    shown = [_name(finding) for finding in _direct(row, findings)[:NAMED]]
    more = row.objects - len(shown)
    return ", ".join(shown) + (f" och {more} till" if more > 0 else "")
