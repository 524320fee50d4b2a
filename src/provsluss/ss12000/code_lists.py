"""The code lists of SS 12000 that Skolverket's provtjänst uses, as data.

Sources: rules.md E2 (school types), D3–D4 (duty roles and what the test platform makes of them), G2, P17 and P18.
"""

from typing import Literal, get_args

Kind = Literal["persons", "duties", "groups", "activities"]
"""The four kinds of object, in the order in which they must be sent (rules.md T4)."""
KINDS: tuple[Kind, ...] = get_args(Kind)

SchoolType = Literal["GR", "SP", "SAM", "GY", "VUXGY"]
SCHOOL_TYPES: dict[str, str] = {
    "GR": "Grundskola",
    "SP": "Specialskola",
    "SAM": "Sameskola",
    "GY": "Gymnasieskola",
    "VUXGY": "Kommunal vuxenutbildning på gymnasial nivå",
}
SCHOOL_TYPES_WITH_YEAR = frozenset({"GR", "SP", "SAM"})
"""Where schoolYear must be given (rules.md E3)."""
SCHOOL_TYPES_WITH_PROGRAMME = frozenset({"GY"})
"""Where educationCode must be given (rules.md E4)."""
ONE_SCHOOL_ONLY = frozenset({"GR", "SP", "SAM", "GY"})
"""Where a pupil may have one enrolment only (rules.md E5)."""

GroupType = Literal["Klass", "Undervisning"]
ActivityType = Literal["Undervisning"]
SecurityMarking = Literal["Ingen", "Sekretessmarkering", "Skyddad folkbokföring"]
UNPROTECTED = ("", "Ingen")
"""The markings of a person who is not protected."""
EmailType = Literal["Skola elev", "Skola personal"]

DutyRole = Literal[
    "Rektor",
    "Lärare",
    "Förskollärare",
    "Barnskötare",
    "Bibliotekarie",
    "Lärarassistent",
    "Fritidspedagog",
    "Annan personal",
    "Studie- och yrkesvägledare",
    "Förstelärare",
    "Kurator",
    "Skolsköterska",
    "Skolläkare",
    "Skolpsykolog",
    "Speciallärare/specialpedagog",
    "Skoladministratör",
    "Övrig arbetsledning",
]
DUTY_ROLES: tuple[str, ...] = get_args(DutyRole)
LEADING_ROLES = frozenset({"Rektor", "Skoladministratör"})
"""At least one of them is needed at each school unit (rules.md D5)."""

EDUID_CONTEXT = "https://eduid.se"
