"""The rows that the latest import left out: a school unit is not ready while there are any of its own.

Whoever is on such a row is not in the register, or is there as before the row was written, so no rule misses anything.
"""

from collections import Counter
from collections.abc import Iterator

from provsluss.preflight.writer import Told
from provsluss.register.models import Enrolment, Group
from provsluss.register.rejected_rows import (
    RejectedRow,
    imports_with_rejected_rows,
    rejected_rows,
    school_units_of_rejected_rows,
)
from provsluss.register.sections import Section
from provsluss.register.sources.registry import has_rows
from provsluss.rules.activities import is_meant_for
from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.findings import WORKBOOK, Finding, Severity
from provsluss.rules.who import Who
from provsluss.transfers.desired.attribution import Places, Reach

ROWS = "rows"
"""The kind of what is told of here, beside the kinds of objects (ControlFinding.kind)."""
_CODE = "XL"
_AT_UNIT = "Raden lästes inte in i registret."
_AT_NO_UNIT = "Raden lästes inte in i registret, och kan gälla vilken skolenhet som helst."
_AT_UNIT_WITHOUT_TEST = "Raden lästes inte in i registret, men skolenheten har inget aktivt prov."
_OF_NO_TEST = "Raden lästes inte in i registret, men hör inte till något aktivt prov."
_HOW = "Rätta det som är fel och läs in på nytt. På inläsningens sida står allt som är fel."


class RejectedRows:
    """Where each row is told of: at its school unit, with those of the unit's tests that it has to do with.

    A unit whose teaching groups are all in the register, but in no active test activity, takes no test: its rows can
    wait. A row of a unit without any teaching group there may be why there is none, and its code may be wrong: as a row
    without a code it is the huvudman's, and told of beside every test.
    """

    def __init__(self, reach: Reach, catalogue: Catalogue) -> None:
        """Needs the organisation's scope, also for `told`."""
        self._reach, self._catalogue = reach, catalogue
        self._tests = dict(reach.units)
        self._all_tests: Places = set(range(len(reach.test_activities)))
        teaching = Group.objects.filter(group_type=Group.Type.TEACHING, ended_at=None).order_by()
        self._without_test = set(teaching.values_list("school_unit_code", flat=True).distinct()) - self._tests.keys()

    def told(self) -> Iterator[Told]:
        """Each row by where it stands; those that the import did not keep as one, for each school unit."""
        for last in imports_with_rejected_rows():
            named = Counter[str]()
            for row in rejected_rows(last):
                named[row.school_unit_code] += 1
                why = " · ".join(reason.removesuffix(".") for reason in row.reasons)
                place = f"{row.place} rad {row.number}" if has_rows(last.source) else row.place
                name = f"{row.name} ({place})" if row.name else place
                yield self._told(name, row.school_unit_code, row.section is Section.DUTIES, why, self._tests_of(row))
            for code, number in (school_units_of_rejected_rows(last) - named).items():
                yield self._told(f"{number} rader till" if number > 1 else "1 rad till", code)

    def _tests_of(self, row: RejectedRow) -> Places | None:
        """The tests that the row has to do with: of its groups, its national test or its year; None if not told."""
        activities = self._reach.test_activities
        if row.national_test:
            return {place for place, one in enumerate(activities) if one.national_test == row.national_test}
        if row.groups:
            types = dict(Group.objects.filter(pk__in=row.groups).order_by().values_list("pk", "group_type"))
            teaching = [pk for pk in row.groups if types.get(pk) == Group.Type.TEACHING]
            # A class takes the tests of all its pupils, of which one pupil need not take each.
            places = self._reach.of_groups(teaching or [pk for pk in row.groups if pk in types])
            if places:
                return set().union(*places.values())
        if row.school_type and row.school_year is not None:
            enrolment = Enrolment(school_type=row.school_type, school_year=row.school_year)
            return {
                place
                for place, one in enumerate(activities)
                if (test := self._catalogue.national_tests.get(one.national_test)) and is_meant_for(test, enrolment)
            }
        return None

    def _told(self, name: str, code: str, of_staff: bool = False, why: str = "", tests: Places | None = None) -> Told:
        if code in self._tests:
            places = self._tests[code] if tests is None else self._tests[code] & tests
            if not places:
                can_wait = _finding(_OF_NO_TEST, of_staff, Severity.WARNING)
                return Told(ROWS, None, name, [can_wait], (), why, code)
            return Told(ROWS, None, name, [_finding(_AT_UNIT, of_staff)], (), why, code, places=places)
        if code in self._without_test:
            can_wait = _finding(_AT_UNIT_WITHOUT_TEST, of_staff, Severity.WARNING)
            return Told(ROWS, None, name, [can_wait], (), why, code)
        # Not why either: beside rows of no unit it would tell which of them is somebody's who is protected.
        return Told(ROWS, None, name, [_finding(_AT_NO_UNIT, of_staff)], places=self._all_tests)


def _finding(sentence: str, of_staff: bool, severity: Severity = Severity.ERROR) -> Finding:
    who = Who.STAFF_REGISTER if of_staff else Who.PUPIL_REGISTER
    where = f"{'Personalregistret' if of_staff else 'Elevregistret'}, som det kommer från."
    return Finding(_CODE, severity, "", sentence, who, where, _HOW, WORKBOOK)
