"""Write a control: its causes, the objects they hold for, what follows from them, and how each school unit stands."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.preflight.refusal_findings import Refusal
from provsluss.rules.findings import Finding
from provsluss.rules.urgency import is_urgent
from provsluss.transfers.desired.attribution import Places, Reach, written
from provsluss.transfers.models import Control, ControlCause, ControlCell, ControlFinding, ControlState

_COUNTED = re.compile(r"^\d+ (elev|lärare)(?:er)?\b")
_PLURAL = {"elev": "Elever", "lärare": "Lärare"}


@dataclass(slots=True)
class Told:
    """One object, what the rules say of it, and from which causes it is held back or incomplete (`follows`)."""

    kind: str
    object_id: uuid.UUID | None
    name: str
    findings: list[Finding]
    follows: Collection[int] = ()
    detail: str = ""
    school_unit_code: str = ""
    restricted: bool = False
    person_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    places: Places = field(default_factory=set)


@dataclass(slots=True)
class _Count:
    urgent: int = 0
    other: int = 0
    following: int = 0


class TakenOver(Exception):
    """Somebody else makes this control now, or it is gone: what is still to be written no longer counts."""


class ControlWriting:
    """Takes objects some hundreds at a time. Causes and the board's counts are held in memory; rows are not.

    Each piece is written in one transaction that first makes sure that the control is still ours: of two who make the
    same one only the later writes anything more. Everything but `cause_of` raises TakenOver.
    """

    def __init__(self, control: Control, reach: Reach) -> None:
        self._control, self._reach = control, reach
        self._causes: dict[Finding, int] = {}
        self._stored: dict[int, int] = {}
        """The number of a cause → its id in the database, once something has been written of it."""
        self._urgent: set[int] = set()
        self._cells: dict[tuple[str, int], _Count] = defaultdict(_Count)

    def cause_of(self, finding: Finding) -> int:
        """The number of the cause that `finding` is an instance of."""
        finding = _in_general(finding)
        number = self._causes.setdefault(finding, len(self._causes))
        if is_urgent(finding):
            self._urgent.add(number)
        return number

    def note(self, **news: object) -> None:
        """Store what is known of the control itself, and give a sign of life."""
        ours = Control.objects.filter(pk=self._control.pk, attempt=self._control.attempt, state=ControlState.WORKING)
        if not ours.update(seen_at=timezone.now(), **news):
            raise TakenOver

    def write(self, told: Iterable[Told], looked_at: int = 0) -> None:
        """Store what is told of these objects, and count it where they are. `looked_at`: of how many it is told."""
        with transaction.atomic():
            self.note(checked=F("checked") + looked_at)
            told = list(told)
            wanted = {self.cause_of(finding) for one in told for finding in one.findings}
            self._store_causes(wanted.union(*(one.follows for one in told)))
            rows = [row for one in told for row in self._rows(one)]
            ControlFinding.objects.bulk_create(rows, batch_size=500)

    def finish(self) -> None:
        """Store how every test activity stands at every school unit, and that the control is ready."""
        places = set(self._cells) | set(self._reach.groups_of)
        cells = [
            ControlCell(
                control=self._control,
                organisation_id=self._control.organisation_id,
                school_unit_code=code,
                test_activity=self._reach.test_activities[place],
                groups=self._reach.groups_of.get((code, place), 0),
                urgent=self._cells[code, place].urgent,
                other=self._cells[code, place].other,
                following=self._cells[code, place].following,
            )
            for code, place in sorted(places)
            if code
        ]
        with transaction.atomic():
            self.note(state=ControlState.READY, ready_at=timezone.now())
            ControlCell.objects.bulk_create(cells, batch_size=500)

    def _store_causes(self, numbers: Collection[int]) -> None:
        for finding, number in self._causes.items():
            if number in numbers and number not in self._stored:
                self._stored[number] = self._new_cause(finding).pk

    def _new_cause(self, finding: Finding) -> ControlCause:
        cause = ControlCause(
            control=self._control,
            organisation_id=self._control.organisation_id,
            code=finding.code,
            severity=finding.severity.value,
            urgent=is_urgent(finding),
            attribute=finding.attribute,
            sentence=finding.sentence,
            who=finding.who.value,
            where=finding.where,
            how=finding.how,
            source=finding.source,
        )
        if isinstance(finding, Refusal):
            cause.refused, cause.meaning = True, finding.meaning
            cause.skolverket_says, cause.sync_job_id = finding.skolverket_says, finding.sync_job_id
        cause.save(force_insert=True)
        return cause

    def _rows(self, told: Told) -> Iterable[ControlFinding]:
        tests = written(told.places)
        causes = {self.cause_of(finding): finding for finding in told.findings}
        for cause, finding in causes.items():
            yield self._row(told, cause, tests, finding.sentence if _COUNTED.match(finding.sentence) else "")
        for cause in sorted(set(told.follows) - set(causes)):
            yield self._row(told, cause, tests, follows=True)
        self._count(told)

    def _row(self, told: Told, cause: int, tests: str, sentence: str = "", follows: bool = False) -> ControlFinding:
        return ControlFinding(
            cause_id=self._stored[cause],
            organisation_id=self._control.organisation_id,
            follows=follows,
            kind=told.kind,
            object_id=told.object_id,
            name=told.name[:420],
            detail=(sentence or told.detail)[:200],
            school_unit_code=told.school_unit_code,
            restricted=told.restricted,
            person_id=told.person_id,
            group_id=told.group_id,
            tests=tests,
        )

    def _count(self, told: Told) -> None:
        for place in told.places:
            cell = self._cells[told.school_unit_code, place]
            if any(is_urgent(finding) for finding in told.findings):
                cell.urgent += 1
            elif not self._urgent.isdisjoint(told.follows):
                cell.following += 1
            elif told.findings:
                cell.other += 1


def _in_general(finding: Finding) -> Finding:
    """The finding without its number: "3 elever går …" and "1 elev går …" have one cause, "Elever går …"."""
    counted = _COUNTED.match(finding.sentence)
    if not counted:
        return finding
    sentence = _PLURAL[counted[1]] + finding.sentence[counted.end() :]
    return Finding(
        finding.code, finding.severity, finding.attribute, sentence, finding.who, finding.where, finding.how,
        finding.source,
    )  # fmt: skip
