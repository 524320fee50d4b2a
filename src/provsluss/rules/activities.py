"""Rules of an activity: the groups, their teachers and the national test together (rules.md 1.6)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from provsluss.rules.catalogue_snapshot import Catalogue, NationalTestFacts
from provsluss.rules.explained_attributes import AFTERWARDS, DISPLAY_NAME, GROUPS, NATIONAL_TEST, SCHOOL_UNIT_OF_GROUP
from provsluss.rules.findings import API, OPEN_DATA, WORKBOOK, Finding, Severity, about
from provsluss.rules.identities import usable_id
from provsluss.rules.school_units import school_unit_findings
from provsluss.rules.shapes import DutyLike, EnrolmentLike
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import SCHOOL_TYPES

_TEACHERS_PLACE = "Personalregistret, lärarens tjänstgöring och grupper."


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity as it is meant to be sent. `pupils_outside_target`: how many the test is not meant for."""

    id: uuid.UUID
    name: str
    school_unit_code: str
    national_test: str
    group_ids: Sequence[uuid.UUID]
    teachers: Sequence[DutyLike] = ()
    pupils_outside_target: int = 0


def check_activity(activity: PlannedActivity, catalogue: Catalogue) -> list[Finding]:
    """Every finding about `activity`."""
    return [
        *usable_id(activity.id, "A1", "Aktiviteten"),
        *name(activity),
        *has_groups(activity),
        *school_unit(activity, catalogue),
        *national_test(activity, catalogue),
        *has_teachers(activity),
        *teachers_of_the_school(activity),
        *ended_duties(activity),
        *one_group(activity),
        *pupils_fit_the_test(activity, catalogue),
    ]


def name(activity: PlannedActivity) -> list[Finding]:
    """A1."""
    if activity.name.strip():
        return []
    return [about(DISPLAY_NAME, "A1", Severity.ERROR, "displayName", "Aktivitetens namn saknas.")]


def has_groups(activity: PlannedActivity) -> list[Finding]:
    """A1, T4: at least one group that can be sent."""
    if activity.group_ids:
        return []
    return [about(GROUPS, "A1", Severity.ERROR, "groups", "Aktiviteten har ingen grupp som kan skickas.")]


def school_unit(activity: PlannedActivity, catalogue: Catalogue) -> list[Finding]:
    """A1, E10."""
    return school_unit_findings(activity.school_unit_code, catalogue, SCHOOL_UNIT_OF_GROUP, "A1", "organisation")


def national_test(activity: PlannedActivity, catalogue: Catalogue) -> list[Finding]:
    """A3: a test in Skolverket's list. One that the list has had but lost is a warning."""
    if not activity.national_test:
        return [about(NATIONAL_TEST, "A3", Severity.ERROR, "parentActivity", "Inget prov är valt.")]
    test = catalogue.national_tests.get(activity.national_test)
    shown = activity.national_test
    if test is None and catalogue.national_tests_fetched:
        sentence = f"Provet {shown} finns inte hos Skolverket."
        return [about(NATIONAL_TEST, "A3", Severity.ERROR, "parentActivity", sentence, OPEN_DATA)]
    if test is not None and test.gone:
        sentence = f"Provet {shown} finns inte längre i Skolverkets lista."
        return [about(NATIONAL_TEST, "A3", Severity.WARNING, "parentActivity", sentence, OPEN_DATA)]
    return []


def has_teachers(activity: PlannedActivity) -> list[Finding]:
    """A5: without a teacher only Rektor and Skoladministratör see the results."""
    if any(duty.ended_at is None for duty in activity.teachers):
        return []
    sentence = "Gruppen har ingen lärare. Bara rektor och skoladministratör ser elevernas resultat."
    how = f"Koppla gruppens lärare till gruppen. {AFTERWARDS}"
    return [_about_teachers("A5", sentence, how, WORKBOOK)]


def teachers_of_the_school(activity: PlannedActivity) -> list[Finding]:
    """A4: every teacher sees the results of all pupils in the groups, so a stranger is worth a look."""
    current = (duty for duty in activity.teachers if duty.ended_at is None)
    strangers = sum(1 for duty in current if duty.school_unit_code != activity.school_unit_code)
    if not strangers:
        return []
    who = "1 lärare" if strangers == 1 else f"{strangers} lärare"
    sentence = f"{who} från en annan skola får se resultaten för alla elever i gruppen."
    return [_about_teachers("A4", sentence, f"Kontrollera att det är meningen. Rätta annars. {AFTERWARDS}")]


def ended_duties(activity: PlannedActivity) -> list[Finding]:
    """A4: somebody who has left must not see the results."""
    ended = sum(1 for duty in activity.teachers if duty.ended_at is not None)
    if not ended:
        return []
    who = "1 lärare" if ended == 1 else f"{ended} lärare"
    sentence = f"{who} i gruppen har slutat enligt registret."
    return [_about_teachers("A4", sentence, f"Ta bort den som slutat och lägg till gruppens nya lärare. {AFTERWARDS}")]


def one_group(activity: PlannedActivity) -> list[Finding]:
    """A4: with several groups in one activity, each teacher sees the pupils of them all."""
    if len(activity.group_ids) <= 1:
        return []
    sentence = f"Aktiviteten har {len(activity.group_ids)} grupper. Alla lärare ser alla gruppernas resultat."
    return [
        Finding(
            "A4",
            Severity.WARNING,
            "groups",
            sentence,
            Who.SCHOOL,
            "Provsluss, sidan för provaktiviteten.",
            "Gör en aktivitet för varje grupp, om lärarna bara ska se sina egna elever.",
            API,
        )
    ]


def pupils_fit_the_test(activity: PlannedActivity, catalogue: Catalogue) -> list[Finding]:
    """A6: a pupil who is nowhere enrolled in the school type and year that the test is for."""
    test = catalogue.national_tests.get(activity.national_test)
    if test is None:
        return []
    others = activity.pupils_outside_target
    if not others:
        return []
    pupils = "1 elev går" if others == 1 else f"{others} elever går"
    return [
        Finding(
            "A6",
            Severity.WARNING,
            "parentActivity",
            f"{pupils} inte i {_meant_for(test)}, som provet är till för.",
            Who.SCHOOL,
            "Provsluss, sidan för provaktiviteten, och elevernas årskurs och skolform i elevregistret.",
            "Kontrollera att rätt prov är valt för gruppen. Rätta annars elevernas årskurs eller skolform.",
            WORKBOOK,
        )
    ]


def is_meant_for(test: NationalTestFacts, enrolment: EnrolmentLike) -> bool:
    """Whether somebody enrolled like this takes `test` (rules.md A6)."""
    # Sameskolan takes the tests of grundskolan, årskurs 6 (rules.md A6).
    same_type = enrolment.school_type == test.school_type or (enrolment.school_type, test.school_type) == ("SAM", "GR")
    return same_type and (test.school_year is None or enrolment.school_year == test.school_year)


def _meant_for(test: NationalTestFacts) -> str:
    school = SCHOOL_TYPES.get(test.school_type, test.school_type).lower()
    school += "n" if school.endswith("skola") else ""
    return f"årskurs {test.school_year} i {school}" if test.school_year else school


def _about_teachers(code: str, sentence: str, how: str, source: str = API) -> Finding:
    return Finding(code, Severity.WARNING, "teachers", sentence, Who.STAFF_REGISTER, _TEACHERS_PLACE, how, source)
