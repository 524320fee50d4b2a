"""The control (kontroll): what stands in the way of the test activities, before anything is sent.

All active test activities are gone through by the same code that sends them, some hundreds of objects at a time, and
what the rules say is stored with the time (transfers/models/control.py). Nothing is sent by it.
"""

import logging
import uuid
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from provsluss.batching import in_pieces
from provsluss.catalogue.lookup import school_units, test_title
from provsluss.organisations.models import Organisation
from provsluss.preflight.cross_object import found_together
from provsluss.preflight.refusal_findings import Refusal, Refusals
from provsluss.preflight.rejected_rows import RejectedRows
from provsluss.preflight.status import SURELY_GIVEN_UP_AFTER, UNDER_WAY, looked_at_state
from provsluss.preflight.writer import ControlWriting, TakenOver, Told
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.rules.activities import check_activity, is_meant_for
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.rules.cross_object import FoundTogether
from provsluss.rules.findings import Finding, Severity, errors
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import KINDS, LEADING_ROLES, Kind
from provsluss.transfers.desired.attribution import Reach
from provsluss.transfers.desired.objects import PIECE, Wanted, wanted_objects
from provsluss.transfers.desired.payloads import is_restricted, person_columns
from provsluss.transfers.desired.planned_activities import planned_activities
from provsluss.transfers.desired.selection_cache import shared_selection
from provsluss.transfers.models import (
    Control,
    ControlCause,
    ControlCell,
    ControlFinding,
    ControlState,
    TestActivity,
    TestActivityState,
)
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.predicted import Predicted

log = logging.getLogger(__name__)

INCOMPLETE = Finding(
    "P0",
    Severity.ERROR,
    "",
    "Uppgifter saknas eller är fel i registret.",
    Who.IT,
    "Källan som registret läses in från.",
    "Jämför uppgifterna med källan. Stämmer de: be IT-avdelningen anmäla felet till dem som utvecklar Provsluss.",
    "Skolverkets API-beskrivning (Provisioning API)",
)
"""What no rule of ours has found, but the record refuses."""


def make_control(control_id: int) -> None:
    """Work out a control that waits in the queue, from the register as it stands. It takes the place of the older ones.

    For the queue's own workflow, which goes on with what it was interrupted in: what it had written is forgotten, and
    whoever else is still at it stops without a word. One that is ready, or will never be, is left as it is. Needs no
    active scope.
    """
    if control := _claimed(control_id):
        with scope(organisation=control.organisation):
            try:
                _make(control)
            except TakenOver:
                log.info("control %s is made by somebody else", control_id)


def _claimed(control_id: int) -> Control | None:
    # In one transaction: whoever claims it later must not lose what it has written to our forgetting.
    with scopes_disabled(), transaction.atomic():
        waiting = Control.objects.filter(pk=control_id, state__in=UNDER_WAY)
        if not waiting.update(state=ControlState.WORKING, attempt=F("attempt") + 1, seen_at=timezone.now()):
            return None
        forget_controls([control_id], also_the_controls=False)
        return Control.objects.select_related("organisation").get(pk=control_id)


def make_at_once(organisation: Organisation) -> Control:
    """Work out a control here and now. It is never in the queue, so no worker takes it up. Needs an active scope."""
    control = Control.objects.create(
        organisation=organisation, environment=organisation.environment, state=ControlState.WORKING
    )
    try:
        _make(control)
    finally:
        # Broken off: nobody will go on with it.
        Control.objects.filter(pk=control.pk, state=ControlState.WORKING).update(state=ControlState.FAILED)
    return control


def _make(control: Control) -> None:
    _Making(control).make()
    older = Control.objects.filter(environment=control.environment, pk__lt=control.pk)
    # One that somebody else is making may still write: it stays, and counts as older than this one.
    being_made = Q(state__in=UNDER_WAY, created_at__gt=timezone.now() - SURELY_GIVEN_UP_AFTER)
    forget_controls(list(older.exclude(being_made).values_list("pk", flat=True)))


def forget_controls(ids: list[int], also_the_controls: bool = True) -> None:
    """Delete what these controls say, and the controls themselves. Works without an active scope."""
    causes = ControlCause._base_manager.filter(control_id__in=ids)
    ControlFinding._base_manager.filter(cause_id__in=list(causes.values_list("pk", flat=True))).delete()
    causes.delete()
    ControlCell._base_manager.filter(control_id__in=ids).delete()
    if also_the_controls:
        Control._base_manager.filter(pk__in=ids).delete()


class _Making:
    """One control in the making."""

    def __init__(self, control: Control) -> None:
        self._control = control
        organisation = control.organisation
        # Before anything is looked at: what changes from now on makes the control old.
        self._made_from = looked_at_state(organisation)
        activities = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE).order_by("name", "pk"))
        self._selection = shared_selection(organisation, activities)
        self._predicted = Predicted(self._selection, RemoteState(organisation, control.environment))
        self._refusals = Refusals(organisation)
        self._catalogue: Catalogue = catalogue_snapshot(control.environment)
        self._reach = Reach(self._selection, activities)
        self._writing = ControlWriting(control, self._reach)
        self._held: dict[uuid.UUID, frozenset[int]] = {}
        """What is held back or was refused, and for which causes."""
        self._classless: dict[uuid.UUID, frozenset[int]] = {}
        """Who is sent without a class (rules.md G4), and the cause."""

    def make(self) -> None:
        """Go through everything."""
        self._writing.note(
            test_activity_ids=[str(one.pk) for one in self._reach.test_activities],
            wanted=sum(len(self._selection.ids(kind)) for kind in KINDS),
            checked=0,
            made_from=self._made_from,
        )
        together = found_together(self._control.organisation, self._selection, self._catalogue)
        for kind in KINDS:
            ids = self._selection.ids(kind)
            for start in range(0, len(ids), PIECE[kind]):
                piece = ids[start : start + PIECE[kind]]
                self._writing.write(self._told(kind, piece, together), len(piece))
        self._writing.write(self._beside(together))
        self._writing.write(RejectedRows(self._reach, self._catalogue).told())
        self._writing.finish()
        self._control.refresh_from_db()

    def _told(self, kind: Kind, ids: list[uuid.UUID], together: FoundTogether) -> list[Told]:
        """The objects of a piece that there is something to tell of."""
        wanted = wanted_objects(self._selection, kind, ids, self._predicted, self._catalogue)
        if kind == "activities":
            self._look_at_activities(wanted)
        told = []
        for one in wanted:
            findings = self._findings(kind, one, together)
            follows = self._hold(one, findings)
            if findings or follows:
                told.append(_of(kind, one, findings, follows))
        self._predicted.lacks(kind, (one.object_id for one in wanted if one.object_id in self._held))
        return self._placed(kind, told)

    def _look_at_activities(self, wanted: list[Wanted]) -> None:
        """Who sends knows nothing of the pupils' years; here they count too."""
        parts = {one.object_id: self._selection.activities[one.object_id] for one in wanted}
        planned = {activity.id: activity for activity in planned_activities(parts, self._catalogue)}
        for one in wanted:
            one.found = check_activity(planned[one.object_id], self._catalogue) if one.object_id in planned else []

    def _findings(self, kind: Kind, one: Wanted, together: FoundTogether) -> list[Finding]:
        findings = list(one.found)
        if any(note["code"] == "incomplete" for note in one.findings):
            findings.append(INCOMPLETE)
        if kind == "persons":
            findings += together.persons.pop(one.object_id, [])
        elif kind == "duties":
            findings += together.duties.pop(one.object_id, [])
        elif kind == "groups" and one.object_id in together.groups:
            findings += together.groups.pop(one.object_id)
        return findings + self._refusals.beside(kind, one.object_id, findings)

    def _hold(self, one: Wanted, findings: list[Finding]) -> frozenset[int]:
        """Note why the object is held back or was refused, if it is. Returns what it suffers from through others."""
        follows = frozenset(
            cause
            for note in one.findings
            for i in note["object_ids"]
            for cause in (self._classless if note["code"] == "G4" else self._held).get(uuid.UUID(i), ())
        )
        if in_two := [finding for finding in findings if finding.code == "G4"]:
            self._classless[one.object_id] = frozenset(map(self._writing.cause_of, in_two))
        if one.is_withheld or any(isinstance(finding, Refusal) for finding in findings):
            own = frozenset(self._writing.cause_of(finding) for finding in errors(findings) if finding.code != "G4")
            self._held[one.object_id] = own | follows
        return follows

    def _placed(self, kind: Kind, told: list[Told]) -> list[Told]:
        """`told` with the test activities, and with whose page in the register says more."""
        ids = [one.object_id for one in told if one.object_id]
        match kind:
            case "persons":
                reach = self._reach.of_persons(ids)
                for one in told:
                    one.person_id = one.object_id
            case "duties":
                duties = self._reach.of_duties(Duty._base_manager.filter(pk__in=ids))
                reach, holders = {duty.pk: places for duty, places in duties}, {d.pk: d.person_id for d, _ in duties}
                for one in told:
                    one.person_id = holders.get(one.object_id) if one.object_id else None
            case "groups":
                sources = {i: self._selection.groups[i].group_id for i in ids}
                of_groups = self._reach.of_groups(set(sources.values()))
                reach = {i: of_groups[group_id] for i, group_id in sources.items()}
                for one in told:
                    one.group_id = sources[one.object_id] if one.object_id else None
            case "activities":
                reach = self._reach.of_activities(ids)
                for one in told:
                    one.group_id = self._selection.activities[one.object_id].group_id if one.object_id else None
        for one in told:
            one.places = reach.get(one.object_id, set()) if one.object_id else set()
        return told

    def _beside(self, together: FoundTogether) -> Iterator[Told]:
        """What is not sent, and still worth telling of: pupils and groups left out, school units, the huvudman."""
        for piece in in_pieces(together.persons):
            yield from self._left_out(piece, together)
        for piece in in_pieces(together.groups):
            places_of = self._reach.of_groups(piece)
            for group in Group._base_manager.filter(pk__in=piece):
                yield Told(
                    "groups", group.pk, group.name, together.groups[group.pk], (), group.get_group_type_display(),
                    group.school_unit_code, group_id=group.pk, places=places_of[group.pk],
                )  # fmt: skip
        units = school_units(self._control.environment, self._reach.units)
        for code, places in self._reach.units.items():
            findings, follows = together.school_units.get(code, []), self._leaders_held_back(code)
            name = (units[code].name if code in units else "") or f"Skolenhet {code}"
            if findings or follows:
                yield Told("school_units", None, name, findings, follows, "", code, places=places)
        if together.organisation:
            organisation = self._control.organisation
            yield Told("organisation", None, organisation.name, together.organisation)

    def _leaders_held_back(self, code: str) -> frozenset[int]:
        """Why the school unit gets nobody who can administer it, though the register has somebody (rules.md D5)."""
        leaders = Duty.objects.filter(
            school_unit_code=code, duty_role__in=LEADING_ROLES, ended_at=None, person__ended_at=None
        )
        held = [self._held.get(duty_id) for duty_id in leaders.values_list("pk", flat=True)]
        return frozenset() if None in held else frozenset(cause for causes in held if causes for cause in causes)

    def _left_out(self, ids: Collection[uuid.UUID], together: FoundTogether) -> Iterator[Told]:
        for person in Person._base_manager.filter(pk__in=list(ids)).prefetch_related("enrolments"):
            enrolments = list(person.enrolments.all())
            columns = person_columns(person, enrolments, [])
            code = columns.get("school_unit_code", "")
            places = {place for enrolment in enrolments for place in self._meant_for(enrolment)}
            yield Told(
                "persons", person.pk, columns["name"], together.persons[person.pk], (), columns["role"], code,
                is_restricted(person), person_id=person.pk, places=places,
            )  # fmt: skip

    def _meant_for(self, enrolment: Enrolment) -> Iterator[int]:
        """The test activities at the pupil's school unit whose tests are for the pupil's school type and year."""
        for place in self._reach.units.get(enrolment.school_unit_code, ()):
            test = self._catalogue.national_tests.get(self._reach.test_activities[place].national_test)
            if test and is_meant_for(test, enrolment):
                yield place


def _of(kind: Kind, one: Wanted, findings: list[Finding], follows: Collection[int]) -> Told:
    columns = one.columns
    detail = {
        "persons": str(columns.get("role", "")),
        "duties": str(columns.get("role", "")),
        "groups": str(dict(Group.Type.choices).get(str(columns.get("group_type", "")), "")),
        "activities": test_title(str(columns.get("national_test", ""))),
    }[kind]
    name = str(columns.get("role") if kind == "activities" else columns["name"])
    code, restricted = str(columns.get("school_unit_code", "")), bool(columns.get("restricted"))
    return Told(kind, one.object_id, name, findings, follows, detail, code, restricted)
