"""Grannkommunen, a made-up neighbouring school organiser whose three pupils are stored from the start.

An import that contains one of them is refused in a believable way: the pupil still belongs to somebody else.
Civic numbers (born 2014, right check digit) and EPPN:

    201401172380  a1c0ffee-0000-4000-8000-000000000001@edu.grannkommunen.se
    201405232396  a1c0ffee-0000-4000-8000-000000000002@edu.grannkommunen.se
    201409042387  a1c0ffee-0000-4000-8000-000000000003@edu.grannkommunen.se
"""

import uuid
from typing import Any

from provsluss.simulator.national_tests import NIL
from provsluss.simulator.sweden import NEIGHBOUR_UNIT_CODES

NEIGHBOUR = "https://grannkommunen.example"
"""The name under which Grannkommunen's objects are stored; no client can ask for a token in this name."""

_PUPILS = (
    ("201401172380", "Alva", "Bäckström"),
    ("201405232396", "Nils", "Forsgren"),
    ("201409042387", "Ines", "Hjalmarsson"),
)


def neighbour_pupils() -> list[dict[str, Any]]:
    """The three pupils as Person objects, enrolled in year 6 at a school of Grannkommunen."""
    unit = str(uuid.uuid5(NIL, NEIGHBOUR_UNIT_CODES[0]))
    return [
        {
            "id": f"a1c0ffee-1111-4000-8000-00000000000{number}",
            "civicNo": {"value": civic_number, "nationality": "SE"},
            "givenName": given,
            "familyName": family,
            "eduPersonPrincipalNames": [f"a1c0ffee-0000-4000-8000-00000000000{number}@edu.grannkommunen.se"],
            "enrolments": [{"enroledAt": {"id": unit}, "schoolYear": 6, "schoolType": "GR"}],
        }
        for number, (civic_number, given, family) in enumerate(_PUPILS, start=1)
    ]
