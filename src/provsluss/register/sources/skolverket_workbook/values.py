"""What one column may hold: each function reads one cell, and refuses or notes what is wrong with it."""

import re

from provsluss.register.source_records import Kept
from provsluss.register.sources.skolverket_workbook.cells import digits_with_zeros_back, is_number, without_text_marks
from provsluss.register.sources.skolverket_workbook.empty_words import MARKING
from provsluss.register.sources.skolverket_workbook.layout import SECURITY_MARKINGS
from provsluss.register.sources.skolverket_workbook.row_cells import TEXT_MARKS, RowCells
from provsluss.ss12000.addresses import LONGEST_ADDRESS, bare_address, is_email
from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.ss12000.code_lists import DUTY_ROLES, SCHOOL_TYPES, SCHOOL_TYPES_WITH_PROGRAMME, SCHOOL_TYPES_WITH_YEAR
from provsluss.ss12000.damaged_text import has_lost_letters
from provsluss.ss12000.eppn import is_eppn
from provsluss.ss12000.person_names import is_odd_name
from provsluss.ss12000.plausible_age import is_plausible_age

_EDUCATION_CODE = re.compile(r"[A-Z0-9ÅÄÖ]{2,20}")
_LONGEST_NAME = 64
"""What Skolverket's test platform has room for (rules.md P16)."""


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


_ROLES = {_letters(role): role for role in DUTY_ROLES}
_MARKINGS = {_letters(marking): marking for marking in ("Ingen", *SECURITY_MARKINGS)}
_PLAINLY_NOT_MARKED = ("nej", "falskt")


def school_type(row: RowCells) -> str:
    """One of the five school types, in any case; empty where it is none (rules.md E2)."""
    text = row.mandatory("Skolform").upper()
    if text in SCHOOL_TYPES:
        return text
    if text:
        row.refuse("Skolform", f"är inte en skolform som Skolverket tar emot. Välj {', '.join(SCHOOL_TYPES)}")
    return ""


def school_year(row: RowCells, of_school_type: str) -> int | None:
    """The year 1–10, which GR, SP and SAM must have and the others do not use (rules.md E3)."""
    text = row.text("Årskurs")
    if of_school_type not in SCHOOL_TYPES_WITH_YEAR:
        if text and of_school_type:
            row.note("Årskurs", f"används inte för {of_school_type} och lämnas utan avseende")
        return None
    if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 10:
        return int(text)
    if text:
        row.refuse("Årskurs", f"måste vara ett heltal från 1 till 10 för {of_school_type}")
    else:
        row.refuse_missing("Årskurs")
    return None


def education_code(row: RowCells, of_school_type: str) -> str:
    """The studievägskod, which GY must have and the others do not use (rules.md E4)."""
    text = row.text("Studievägskod").upper().replace(" ", "")
    if of_school_type not in SCHOOL_TYPES_WITH_PROGRAMME:
        if text and of_school_type:
            row.note("Studievägskod", f"används inte för {of_school_type} och lämnas utan avseende")
        return ""
    if not text:
        row.refuse_missing("Studievägskod")
    elif not _EDUCATION_CODE.fullmatch(text):
        row.refuse("Studievägskod", "är inte en studievägskod, till exempel NANAT eller EKJUR")
    return text


def civic_number(row: RowCells) -> str:
    """The number in Skolverket's form. Excel's lost zeros come back only where the check digit proves them right."""
    column = "Personnummer"
    text = row.text(column)
    if not text:
        row.refuse_missing(column)
        return ""
    try:
        if is_number(row.cell(column)) and len(text) < 10:
            return _with_zeros_back(row)
        number = read_civic_number(without_text_marks(text))
    except CivicNumberError as problem:
        row.refuse(column, str(problem))
        return ""
    if without_text_marks(text) != text:
        row.note(column, TEXT_MARKS, when_read="De tas bort.")
    if not number.check_digit_right:
        what_follows = (
            "Raden läses in, men personen skickas inte förrän numret är rättat."
            if number.kind == "personnummer"
            else "Raden läses in, men Skolverket kan neka personen."
        )  # rules.md P15
        row.note(column, "har en kontrollsiffra som inte stämmer. Kontrollera numret", when_read=what_follows)
    return number.value


def note_implausible_age(
    row: RowCells, civic_number: str, role: str, school_type: str = "", year: int | None = None
) -> None:
    """Note a year of birth that nobody of that role or årskurs has. Nothing is guessed: a number is somebody's."""
    if civic_number and not is_plausible_age(civic_number, role, school_type, year):
        who = "någon i personalen" if role != "pupil" else f"en elev i årskurs {year}" if year else "en elev"
        row.note(
            "Personnummer", f"har ett födelseår som inte kan stämma för {who}. Kontrollera århundradet och siffrorna"
        )


def _with_zeros_back(row: RowCells) -> str:
    number = read_civic_number(digits_with_zeros_back(row.cell("Personnummer"), 6, 10))
    if not number.check_digit_right:
        raise CivicNumberError("är inte ett helt personnummer. Formatera cellen som text och skriv ÅÅÅÅMMDD-NNNN")
    return number.value


def eppn(row: RowCells) -> str:
    """The federationsanvändarnamn (rules.md P5)."""
    column = "Federationsanvändarnamn"
    text = _bare(row, column, row.mandatory(column, longest=LONGEST_ADDRESS))
    if text and not is_eppn(text):
        row.refuse(column, "har inte formen namn@domän, till exempel 717e28a83b@huvudman.se")
    elif ".." in text:
        row.note(
            column, "har två punkter i rad. Kontrollera att det är rätt skrivet, annars kan personen inte logga in"
        )
    return text


def eduid_eppn(row: RowCells) -> str:
    """The eduID, or empty. One that cannot be right is left out and noted (rules.md P21)."""
    column = "EduID-Federationsanvändarnamn"
    text = _bare(row, column, row.optional(column, "eduid_eppn"))
    if text and (not is_eppn(text) or len(text) > LONGEST_ADDRESS):
        row.note(column, "har inte formen namn@domän", when_read="Raden läses in utan eduID.")
        return ""
    return text


def pupil_email(row: RowCells) -> str:
    """The pupil's address, or empty. It is not needed, so a wrong one is left out and noted (rules.md P17)."""
    column = "E-postadress"
    text = _bare(row, column, row.optional(column, "email"))
    if text and not is_email(text):
        row.note(column, _wrong_email(text), when_read="Raden läses in utan den.")
        return ""
    return text


def staff_email(row: RowCells) -> str:
    """The address for work, which staff must have (rules.md P17)."""
    column = "E-postadress"
    text = _bare(row, column, row.mandatory(column, longest=LONGEST_ADDRESS))
    if text and not is_email(text):
        row.refuse(column, _wrong_email(text))
    return text


def _bare(row: RowCells, column: str, text: str) -> str:
    bare = bare_address(text)
    if bare != text:
        row.note(
            column,
            "har tecken omkring sig som inte hör till: till exempel mailto:, ett citattecken eller ett likhetstecken",
            when_read="De tas bort.",
        )
    return bare


def _wrong_email(text: str) -> str:
    return "har två punkter i rad, så den är ingen e-postadress" if ".." in text else "är inte en e-postadress"


def security_marking(row: RowCells) -> str:
    """Ingen, or one of the two markings, with a note where another word was used (rules.md P18)."""
    letters = _letters(row.text(MARKING))
    allowed = f"Skriv {' eller '.join(SECURITY_MARKINGS)}, eller lämna cellen tom"
    if row.unusable(MARKING):
        row.keep(MARKING, "security_marking")
    elif letters in _PLAINLY_NOT_MARKED:
        row.note(MARKING, f"läses som att personen inte är skyddad. {allowed}", is_protection=True)
    elif row.text(MARKING) and letters not in _MARKINGS:
        row.note(
            MARKING, f"har ett okänt värde. {allowed}", is_protection=True,
            when_read="Personen läses in som skyddad för säkerhets skull.",
        )  # fmt: skip
    return marking_of(row)


def marking_of(row: RowCells) -> str:
    """What the cell comes to. A word that we do not know counts as marked: the opposite could expose somebody.

    So does a cell that tells nothing; then the register's own marking takes its place, and without one nobody is made.
    """
    text = row.text(MARKING)
    letters = _letters(text)
    if row.unusable(MARKING):
        return SECURITY_MARKINGS[0]
    if not text or letters in _PLAINLY_NOT_MARKED:
        return "Ingen"
    return _MARKINGS.get(letters, SECURITY_MARKINGS[0])


def duty_role(row: RowCells) -> str:
    """One of the 17 personalkategorier, however it is cased and spaced (rules.md D3)."""
    column = "Personalkategori"
    text = row.mandatory(column)
    role = _ROLES.get(_letters(text), "")
    if text and not role:
        row.refuse(column, "är inte en av de personalkategorier som Skolverket tar emot, till exempel Lärare")
    return role


def names(row: RowCells) -> tuple[str, str, str]:
    """Given, middle and family name. Longer than the test platform's fields is noted (rules.md P16)."""
    given, family = row.mandatory("Förnamn"), row.mandatory("Efternamn")
    row.name("Mellannamn")
    middle = row.optional("Mellannamn", "middle_name")
    if len(f"{given} {middle}".strip()) > _LONGEST_NAME:
        row.note(
            "Förnamn", f"är med mellannamn längre än {_LONGEST_NAME} tecken, som är så mycket Skolverket har plats för"
        )
    if len(family) > _LONGEST_NAME:
        row.note("Efternamn", f"är längre än {_LONGEST_NAME} tecken, som är så mycket Skolverket har plats för")
    for column, name, attribute in _NAMES:
        _note_odd_name(row, column, (given, middle, family)[name], attribute)
    return given, middle, family


_NAMES: tuple[tuple[str, int, Kept], ...] = (
    ("Förnamn", 0, "given_name"),
    ("Mellannamn", 1, "middle_name"),
    ("Efternamn", 2, "family_name"),
)


def _note_odd_name(row: RowCells, column: str, name: str, attribute: Kept) -> None:
    """A name with lost letters is worth less than what the register has; an odd sign is only worth a look."""
    if not name or not is_odd_name(name):
        return
    if has_lost_letters(name):
        row.kept.add(attribute)
        row.note(
            column, "har tecken som gått förlorade, till exempel å, ä eller ö. Skriv om namnet",
            when_read="Har registret redan personens namn behålls det, annars läses namnet in som det står.",
        )  # fmt: skip
    else:
        row.note(column, "innehåller tecken som inte brukar finnas i namn. Kontrollera att det är rätt skrivet")
