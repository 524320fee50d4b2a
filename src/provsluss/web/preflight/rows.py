"""A control's causes and objects in the words and with the links that the pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.preflight.queries import CauseRow, WhoRows
from provsluss.preflight.rejected_rows import ROWS
from provsluss.register.rejected_rows import imports_with_rejected_rows
from provsluss.rules.who import Who
from provsluss.transfers.models import ControlCause, ControlFinding
from provsluss.web.frame.states import Tone

NOUNS = {
    "persons": ("person", "personer"),
    "duties": ("tjänstgöring", "tjänstgöringar"),
    "groups": ("grupp", "grupper"),
    "activities": ("grupp", "grupper"),
    "school_units": ("skolenhet", "skolenheter"),
    "organisation": ("huvudman", "huvudmän"),
    ROWS: ("rad", "rader"),
}
NOT_READ = "not_read"
"""A row that was not read in is in no register, so nothing of it is held back."""
SEVERITIES: dict[str, tuple[Tone, str, str]] = {
    "error": ("bad", "error", "Hålls inne"),
    NOT_READ: ("bad", "error", "Lästes inte in"),
    "refused": ("bad", "error", "Nekad av Skolverket"),
    "urgent": ("bad", "warning", "Måste åtgärdas"),
    "warning": ("warn", "warning", "Bör ses över"),
    "info": ("calm", "info", "Bra att veta"),
}


@dataclass(frozen=True, slots=True)
class CauseWords:
    """A cause as the list shows it."""

    cause: ControlCause
    count: str
    solves: str
    tone: Tone
    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class WhoWords:
    """Those who mend, and what they have to do."""

    who: Who
    urgent: int
    objects: int
    causes: list[CauseWords]

    @property
    def rest(self) -> int:
        """How many can wait."""
        return self.objects - self.urgent


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object of a cause. `hidden`: a protected person, and the user may not see who it is."""

    finding: ControlFinding
    school_unit: str
    url: str
    hidden: bool


def rows_in_words(whos: Iterable[WhoRows]) -> list[WhoWords]:
    """The list as it stands on the page."""
    return [WhoWords(one.who, one.urgent, one.objects, [_in_words(row) for row in one.causes]) for one in whos]


def object_rows(findings: Sequence[ControlFinding], environment: str, reader: Reader) -> list[ObjectRow]:
    """The rows of a cause's objects, with links into the register."""
    codes = {finding.school_unit_code for finding in findings}
    units = {code: unit.name for code, unit in school_units(environment, codes).items()}
    page_of_rows = _page_of_rows(findings)
    return [
        ObjectRow(
            finding,
            units.get(finding.school_unit_code) or finding.school_unit_code,
            _url(finding, page_of_rows),
            finding.restricted and not reader.sees_protected,
        )
        for finding in findings
    ]


def counted(kinds: tuple[str, str], details: tuple[str, str], number: int) -> str:
    """ "3 elever". `kinds` and `details` are the first and the last of what the objects are, in any order."""
    nouns = ("sak", "saker")
    if kinds[0] == kinds[1]:
        nouns = NOUNS.get(kinds[0], nouns)
    if kinds == ("persons", "persons") and details == ("Elev", "Elev"):
        nouns = ("elev", "elever")
    if kinds == ("persons", "persons") and details == ("Personal", "Personal"):
        nouns = ("i personalen", "i personalen")
    if kinds == ("groups", "groups") and details == ("Klass", "Klass"):
        nouns = ("klass", "klasser")
    return f"{number:,}".replace(",", "\u00a0") + f"\u00a0{nouns[0] if number == 1 else nouns[1]}"


def _in_words(row: CauseRow) -> CauseWords:
    tone, icon, label = SEVERITIES[_look(row)]
    if not row.objects:  # the school unit or the provaktivitet that was asked for only suffers from it
        return CauseWords(row.cause, f"{row.follows} följdfel", "felet finns utanför urvalet", tone, icon, label)
    solves = f"löser {row.follows} följdfel" if row.follows else ""
    return CauseWords(row.cause, counted(row.kinds, row.details, row.objects), solves, tone, icon, label)


def _page_of_rows(findings: Sequence[ControlFinding]) -> str:
    """The page of the import that left out rows, if any of `findings` are such; the list of its refused rows."""
    if not any(finding.kind == ROWS for finding in findings) or not (found := imports_with_rejected_rows()):
        return ""
    return f"{reverse('import', args=[found[0].pk])}?slag=utelamnade"


def _url(finding: ControlFinding, page_of_rows: str) -> str:
    """The page where it is seen or mended; empty where there is none."""
    if finding.kind == "organisation":
        return reverse("settings")
    if finding.kind == "school_units":
        return reverse("catalogue")
    if finding.kind == ROWS:
        return page_of_rows
    if finding.person_id:
        return reverse("person", args=[finding.person_id])
    return reverse("group", args=[finding.group_id]) if finding.group_id else ""


def _look(row: CauseRow) -> str:
    cause = row.cause
    if row.kinds == (ROWS, ROWS) and cause.urgent:
        return NOT_READ
    if cause.refused:
        return "refused"
    if cause.severity == "error":
        # An error that can wait holds nobody back: of a pupil in two classes only the class is left out (rules.md G4).
        return "error" if cause.urgent else "warning"
    return "urgent" if cause.urgent else cause.severity
