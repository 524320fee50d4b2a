"""A control as Excel, to be sent to the one who mends. No personnummer, and no protected person by name."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone

from provsluss.catalogue.lookup import school_units
from provsluss.register.models import Group, Membership
from provsluss.rules.who import Who
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import Control, ControlFinding, TestActivity
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.preflight.rows import NOUNS

COLUMNS = (
    "Vem åtgärdar", "Måste före provet", "Vad är fel", "Gäller", "Namn", "Klass", "Skolenhet", "Skolenhetskod",
    "Provaktiviteter", "Var", "Så här gör du", "Följer av ett annat fel", "Skolverkets meddelande",
)  # fmt: skip
AT_A_TIME = 500
_SAFE_NAMES = {
    Who.PUPIL_REGISTER: "elevregistret",
    Who.STAFF_REGISTER: "personalregistret",
    Who.SCHOOL: "skolan",
    Who.IT: "it",
    Who.SKOLVERKET: "skolverket",
    Who.NOBODY: "ingen",
}


def control_workbook(control: Control, findings: "QuerySet[ControlFinding]", who: Who | None) -> FileResponse:
    """The file of `findings`. Protected persons are neutral rows whoever asks: the file is passed on."""
    about = _SAFE_NAMES[who] if who else "alla"
    name = f"kontroll {about} {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Att åtgärda", COLUMNS, _cells(control, findings))


def _cells(control: Control, findings: "QuerySet[ControlFinding]") -> Iterator[list[Cell]]:
    codes = set(findings.order_by().values_list("school_unit_code", flat=True).distinct())
    units = {code: unit.name for code, unit in school_units(control.environment, codes).items()}
    names = {str(one.pk): one.name for one in TestActivity.objects.filter(pk__in=control.test_activity_ids)}
    tests = [names.get(one, "") for one in control.test_activity_ids]
    ordered = findings.select_related("cause").order_by(
        "cause__who", "-cause__urgent", "cause", "follows", "restricted", "school_unit_code", "name", "pk"
    )
    rows = ordered.iterator(chunk_size=AT_A_TIME)
    while piece := list(islice(rows, AT_A_TIME)):
        classes = _classes(piece)
        for one in piece:
            yield _row(one, units, tests, classes)


def _row(one: ControlFinding, units: dict[str, str], tests: list[str], classes: dict[Any, str]) -> list[Cell]:
    cause, hidden = one.cause, one.restricted
    kind = NOUNS.get(one.kind, (one.kind, ""))[0].capitalize()
    what = one.detail if one.detail.endswith(".") else f"{cause.sentence} {cause.meaning}".strip()
    about = kind if not one.detail or one.detail.endswith(".") else f"{kind} ({one.detail})"
    return [
        Who(cause.who).label,
        cause.urgent,
        what,
        about,
        NEUTRAL_NAME if hidden else one.name,
        "" if hidden else classes.get(one.person_id, ""),
        "" if hidden else units.get(one.school_unit_code, ""),
        "" if hidden else one.school_unit_code,
        "" if hidden else ", ".join(tests[int(place)] for place in one.tests.split()),
        cause.where,
        cause.how,
        one.follows,
        cause.skolverket_says,
    ]


def _classes(findings: list[ControlFinding]) -> dict[Any, str]:
    """The pupils' classes, so that a namesake is not mistaken for another."""
    told = (finding for finding in findings if finding.kind == "persons" and not finding.restricted)
    pupils = {finding.person_id for finding in told if finding.person_id}
    memberships = Membership.objects.filter(
        person_id__in=pupils, group__group_type=Group.Type.CLASS, group__ended_at=None
    )
    classes: dict[Any, str] = {}
    for person_id, name in memberships.values_list("person_id", "group__name"):
        classes[person_id] = f"{classes[person_id]}, {name}" if person_id in classes else name
    return classes
