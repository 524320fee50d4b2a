"""`provsluss preview`: what a press of the button would do, without sending or storing anything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from provsluss.cli.before_sending import tell_before_sending
from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.named_test_activities import TestActivityOption, named_test_activities
from provsluss.cli.ready_django import ready_django
from provsluss.cli.transfer_counts import KIND_TITLES, number

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.transfers.models import PlannedObject
    from provsluss.transfers.plan.planning import Planning

COLUMNS = {
    "wanted": "Önskade",
    "new": "Nya",
    "changed": "Ändrade",
    "unchanged": "Oför-\nändrade",
    "withheld": "Hålls\ninne",
    "removed": "Tas bort",
    "calls": "Anrop",
}
COUNTS = (*COLUMNS, "refused_before", "removal_calls", "needs_review")


def add_to(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(preview)


def preview(
    organisation: Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")],
    test_activity: TestActivityOption = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Som om inget vore skickat: Skicka allt igen.")
    ] = False,
    details: Annotated[bool, typer.Option("--details", help="Visa varje uppgift, och vad som ändras i den.")] = False,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Spara varje uppgift i en Excelfil.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ett maskinläsbart JSON-objekt.")] = False,
) -> None:
    """Visa vad som skulle skickas och tas bort, utan att skicka något."""
    ready_django()
    from django_scopes import scope

    from provsluss.transfers.models import TestActivity, TestActivityState
    from provsluss.transfers.plan.planning import Planning

    chosen = chosen_organisation(organisation)
    with scope(organisation=chosen):
        activities = named_test_activities(test_activity)
        if activities is None:
            activities = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE))
        tell_before_sending(chosen, activities)
        planning = Planning(chosen, activities, chosen.environment, everything)
        objects: list[dict[str, Any]] = []
        rows = _kept(planning, objects if details else None)
        if save:
            _save(save, rows, chosen)
        else:
            for _ in rows:
                pass
    _tell(planning, objects if details else None, as_json)
    raise typer.Exit(1 if any(one.withheld for one in planning.kinds.values()) else 0)


def _kept(planning: "Planning", objects: list[dict[str, Any]] | None) -> Iterator["PlannedObject"]:
    """The rows of the plan, one at a time; on the way they are put into `objects`, if it is there."""
    for rows in planning.pieces():
        if objects is not None:
            objects += [_as_dict(row) for row in rows]
        yield from rows


def _save(path: Path, rows: Iterator["PlannedObject"], organisation: "Organisation") -> None:
    from provsluss.organisations.reader import Reader
    from provsluss.spreadsheet import save_workbook
    from provsluss.web.plans.export import COLUMNS as TITLES
    from provsluss.web.plans.export import TITLE, cells

    try:
        save_workbook(path, TITLE, TITLES, cells(rows, organisation.environment, Reader(None, organisation)))
    except OSError as problem:
        raise CannotBeDone(f"Filen {path} kunde inte skrivas: {problem.strerror}.") from problem


def _as_dict(row: "PlannedObject") -> dict[str, Any]:
    """One object; of a protected person only what would happen."""
    known: dict[str, Any] = {"kind": row.kind, "fate": row.fate, "fate_text": row.get_fate_display()}
    known["refused_before"] = row.refused_before
    if row.restricted:
        return known | {"id": None, "name": "Begränsade uppgifter", "changes": [], "findings": []}
    changes = [{name: change[name] for name in ("attribute", "before", "after")} for change in row.changes]
    findings = [finding["sentence"] for finding in row.findings]
    return known | {"id": str(row.object_id), "name": row.name, "changes": changes, "findings": findings}


def _tell(planning: "Planning", objects: list[dict[str, Any]] | None, as_json: bool) -> None:
    if as_json:
        jobs = {kind: {name: getattr(one, name) for name in COUNTS} for kind, one in planning.kinds.items()}
        answer: dict[str, Any] = {"jobs": jobs, "seconds": round(planning.seconds, 1)}
        typer.echo(json.dumps(answer | ({} if objects is None else {"objects": objects}), ensure_ascii=False))
        return
    console = Console(markup=False, highlight=False)
    table = Table(box=None, padding=(0, 1))
    table.add_column("", no_wrap=True, min_width=14)
    for title in COLUMNS.values():
        table.add_column(title, justify="right")
    for kind, one in planning.kinds.items():
        figures = [getattr(one, name) for name in COLUMNS]
        figures[-1] += one.removal_calls
        table.add_row(KIND_TITLES[kind], *(number(figure) for figure in figures))
    console.print(table)
    for kind, one in planning.kinds.items():
        if one.refused_before:
            refused = f"{number(one.refused_before)} nekades av Skolverket förra gången, och nekas troligen igen."
            console.print(f"{KIND_TITLES[kind]}: {refused}")
        if one.needs_review:
            console.print(f"{KIND_TITLES[kind]}: borttagningen skulle vänta på granskning.")
    for told in objects or []:
        reasons = [f"{c['attribute']}: {c['before'] or 'tomt'} → {c['after'] or 'tomt'}" for c in told["changes"]]
        reasons += told["findings"]
        console.print(f"{told['fate_text']}: {told['name']}" + (f" – {'; '.join(reasons)}" if reasons else ""))
