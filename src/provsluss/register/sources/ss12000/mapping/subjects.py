"""What groups are taught, and what each duty's holder teaches which of them, from the register's activities."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from provsluss.register.sources.ss12000.mapping.tally import Fates
from provsluss.register.sources.ss12000.shapes import Activity, Syllabus
from provsluss.register.subjects import CodeKind, Subject

TEACHING = "undervisning"


@dataclass(slots=True)
class Taught:
    """By the register's own ids."""

    subjects: dict[str, set[Subject]] = field(default_factory=lambda: defaultdict(set))
    """Of each group."""
    by_duty: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """Of each duty, the groups that its holder teaches, with the codes of what."""


def taught(
    activities: Iterable[Activity],
    syllabuses: Mapping[str, Syllabus],
    duties_of_person: Callable[[str], Iterable[str]],
    today: str,
    fates: Fates,
) -> Taught:
    """Goes through the activities that go on `today` (YYYY-MM-DD).

    Where an activity names a person and no duty, all duties of that person are meant; `duties_of_person` tells them.
    """
    found = Taught()
    for one in activities:
        if reason := _left_out(one, today):
            fates.leave_out("activities", reason)
            continue
        fates.used["activities"] += 1
        subject = _subject(one, syllabuses.get(one.syllabus))
        codes = {code for code in (subject.code, subject.national_test_id) if code} if subject else set[str]()
        duties = {
            duty
            for teacher in one.teachers
            if _holds(teacher.startDate, teacher.endDate, today)
            for duty in ([teacher.duty] if teacher.duty else duties_of_person(teacher.person))
        }
        for group in one.groups:
            if subject:
                found.subjects[group].add(subject)
            for duty in duties:
                found.by_duty[duty][group] |= codes or {""}
    return found


def _holds(start: str, end: str, today: str) -> bool:
    return (not start or start <= today) and (not end or today <= end)


def _left_out(one: Activity, today: str) -> str:
    if one.activityType and one.activityType.casefold() != TEACHING:
        return f"Aktivitet av typen {one.activityType[:40]}"
    if not _holds(one.startDate, one.endDate, today):
        return "Aktiviteten pågår inte i dag"
    return "" if one.groups else "Aktiviteten har ingen grupp"


def _subject(one: Activity, syllabus: Syllabus | None) -> Subject | None:
    """What the activity is about; None where the register does not tell, not even by a code of its own."""
    test = one.parentActivity.lower()
    code, kind, name, language = "", "", "", ""
    if syllabus:
        code, kind = _code(syllabus)
        name = syllabus.courseName or syllabus.subjectName or syllabus.subjectDesignation
        language = syllabus.languageCode.lower()
    elif one.subject:  # not of the standard: some registers write the subject into the activity itself
        told = one.subject
        code, kind = str(told.get("code") or ""), "subjectDesignation"
        name = str(told.get("name") or told.get("designation") or "")
    if not code and not name and not test:
        return None
    known: dict[str, CodeKind] = {
        "courseCode": "courseCode",
        "subjectCode": "subjectCode",
        "subjectDesignation": "subjectDesignation",
    }
    return Subject(code.upper().replace(" ", "")[:60], known.get(kind, ""), name[:100], language[:3], test)


def _code(syllabus: Syllabus) -> tuple[str, str]:
    for kind in ("courseCode", "subjectCode", "subjectDesignation"):
        code: str = getattr(syllabus, kind)
        if code and code.casefold() != "null":
            return code, kind
    return "", ""
