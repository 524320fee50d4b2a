"""How Skolverket's workbook is laid out, version 1.5.2 of 2024-10-25, as data (rules.md section 4)."""

from dataclasses import dataclass

from provsluss.register.sections import Section

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
    """One sheet: its name, which section it is, its title row's text, its columns from A on, and which each row must
    fill.

    `mandatory` holds what every row needs. Årskurs and Studievägskod depend on the school type and are not in it.
    `other_names` are spellings of the sheet's name that Skolverket itself uses elsewhere.
    """

    name: str
    section: Section
    title: str
    columns: tuple[str, ...]
    mandatory: frozenset[str]
    other_names: tuple[str, ...] = ()


CLASSES = Sheet(
    name="Klasser",
    section=Section.CLASSES,
    title="Klasser",
    columns=("Klass-ID", "Klass", "Skolform", "Skolenhetskod", REMOVE),
    mandatory=frozenset({"Klass-ID", "Klass", "Skolform", "Skolenhetskod"}),
)

TEACHING_GROUPS = Sheet(
    name="Ämnesgrupper & Provaktiviteter",
    section=Section.TEACHING_GROUPS,
    title="Ämnesgrupper och Provaktiviteter",
    columns=("Grupp-ID", "Ämnesgrupp", "Skolform", "Provaktivitetsnamn", "Skolenhetskod", REMOVE),
    mandatory=frozenset({"Grupp-ID", "Ämnesgrupp", "Skolform", "Provaktivitetsnamn", "Skolenhetskod"}),
    other_names=("Ämnesgrupp & provaktiviteter", "Ämnesgrupper och provaktiviteter", "Ämnesgrupp och provaktiviteter"),
)

PUPILS = Sheet(
    name="Elevinskrivningar",
    section=Section.PUPILS,
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
    section=Section.DUTIES,
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

INFORMATION_SHEETS: tuple[str, ...] = ("LÄS MIG FÖRST!", "EXTRA INFORMATION OM ATTRIBUT", "VERSIONSINFORMATION")
"""The sheets with text, before the four with data."""

MEMBERSHIP_SEPARATOR = ","
"""Between several names in the column `Ämnesgrupper` (rules.md section 4, rule 6)."""
