"""How Skolverket's workbook is laid out, version 1.5.2 of 2024-10-25, as data (rules.md section 4)."""

from dataclasses import dataclass

from provsluss.register.source_records import RowKind

LAYOUT_VERSION = "1.5.2"
TITLE_ROW = 1
HEADER_ROW = 2
FIRST_DATA_ROW = 3

REMOVE = "Ta bort"
REMOVE_YES = "Ja"
"""The only value of the column `Ta bort`."""

SECURITY_MARKINGS: tuple[str, ...] = ("Sekretessmarkering", "Skyddad folkbokföring")
"""The values of the column `Sekretessmarkering`; an empty cell means none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the text of its title row, its columns from A on, and which of them each row must fill.

    `mandatory` holds what every row needs. Årskurs and Studievägskod depend on the school type and are not in it.
    `other_names` are spellings of the sheet's name that Skolverket itself uses elsewhere.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    mandatory: frozenset[str]
    other_names: tuple[str, ...] = ()


CLASSES = Sheet(
    name="Klasser",
    title="Klasser",
    columns=("Klass-ID", "Klass", "Skolform", "Skolenhetskod", REMOVE),
    mandatory=frozenset({"Klass-ID", "Klass", "Skolform", "Skolenhetskod"}),
)

TEACHING_GROUPS = Sheet(
    name="Ämnesgrupper & Provaktiviteter",
    title="Ämnesgrupper och Provaktiviteter",
    columns=("Grupp-ID", "Ämnesgrupp", "Skolform", "Provaktivitetsnamn", "Skolenhetskod", REMOVE),
    mandatory=frozenset({"Grupp-ID", "Ämnesgrupp", "Skolform", "Provaktivitetsnamn", "Skolenhetskod"}),
    other_names=("Ämnesgrupp & provaktiviteter", "Ämnesgrupper och provaktiviteter", "Ämnesgrupp och provaktiviteter"),
)

PUPILS = Sheet(
    name="Elevinskrivningar",
    title="Elevinskrivningar",
    columns=(
        "Person-ID",
        "Federationsanvändarnamn",
        "Personnummer",
        "Sekretessmarkering",
        "Förnamn",
        "Mellannamn",
        "Efternamn",
        "E-postadress",
        "Skolform",
        "Skolenhetskod",
        "Årskurs",
        "Studievägskod",
        "Klass",
        "Ämnesgrupper",
        REMOVE,
    ),
    mandatory=frozenset(
        {
            "Person-ID",
            "Federationsanvändarnamn",
            "Personnummer",
            "Förnamn",
            "Efternamn",
            "Skolform",
            "Skolenhetskod",
            "Ämnesgrupper",
        }
    ),
    other_names=("Elevinskrivning",),
)

STAFF = Sheet(
    name="Personaltjänstgöringar",
    title="Personal och Tjänstgöringar",
    columns=(
        "Tjänstgörings-ID",
        "Person-ID",
        "Federationsanvändarnamn",
        "EduID-Federationsanvändarnamn",
        "Personnummer",
        "Sekretessmarkering",
        "Förnamn",
        "Mellannamn",
        "Efternamn",
        "E-postadress",
        "Skolenhetskod",
        "Personalkategori",
        "Ämnesgrupper",
        REMOVE,
    ),
    mandatory=frozenset(
        {
            "Tjänstgörings-ID",
            "Person-ID",
            "Federationsanvändarnamn",
            "Personnummer",
            "Förnamn",
            "Efternamn",
            "E-postadress",
            "Skolenhetskod",
            "Personalkategori",
            "Ämnesgrupper",
        }
    ),
    other_names=("Personalstjänstgöringar", "Personaltjänstgöring", "Personal och tjänstgöringar"),
)

SHEETS: tuple[Sheet, ...] = (CLASSES, TEACHING_GROUPS, PUPILS, STAFF)
"""The four sheets with data, in the workbook's order."""


def sheet_of(kind: str, group_type: str = "") -> str:
    """The name of the sheet that tells of objects of this kind (a RowKind) and, for groups, of this type."""
    if kind == "groups":
        return CLASSES.name if group_type == "Klass" else TEACHING_GROUPS.name
    return PUPILS.name if kind == "pupils" else STAFF.name


def kind_of(sheet: str) -> tuple[RowKind, str]:
    """The other way round: kind, and group type (empty for those that are no groups)."""
    kinds: dict[str, tuple[RowKind, str]] = {
        CLASSES.name: ("groups", "Klass"),
        TEACHING_GROUPS.name: ("groups", "Undervisning"),
        PUPILS.name: ("pupils", ""),
        STAFF.name: ("duties", ""),
    }
    return kinds[sheet]


INFORMATION_SHEETS: tuple[str, ...] = ("LÄS MIG FÖRST!", "EXTRA INFORMATION OM ATTRIBUT", "VERSIONSINFORMATION")
"""The sheets with text, before the four with data."""

MEMBERSHIP_SEPARATOR = ","
"""Between several names in the column `Ämnesgrupper` (rules.md section 4, rule 6)."""
