"""A made-up Sweden: four school organisers and some four hundred school units, the same in every run.

Unit number i (0-359) of Exempelkommunen has the code 90000000 + 37 i + 11, a name from two lists and a kind from the
remainders in `_kind`, so that a generator of example schools can repeat them without asking.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from provsluss.simulator.national_tests import NIL

_STEM_LIST = (
    "Åkra Berga Central Dalby Ekbacks Furuviks Granlunds Hagby Ingels Jons Kastanje Linde Mossviks Norrby Odens Park "
    "Runby Sandviks Tallbacks Ulvsby Vinter Yxhults Ängs Öst Björk Fågel Hamn Klocker Källby Ljungby Marie Nybro "
    "Prästgårds Ribby Silver Solängs Strand Torp Vall Växt"
)
_STEMS = _STEM_LIST.split()
_BEFORE = ("", "Norra ", "Södra ", "Östra ", "Västra ", "Övre ", "Nedre ", "Lilla ", "Nya ")

_YEARS = {"GR": range(1, 10), "SP": range(1, 11), "SAM": range(1, 7), "GY": range(0), "VUXGY": range(0)}

EXAMPLE_ORGANISATION_NUMBER = "2120009945"
EXAMPLE_UNIT_COUNT = 360
NEIGHBOUR_ORGANISATION_NUMBER = "2120009952"
NEIGHBOUR_UNIT_CODES = tuple(str(91000000 + 37 * i) for i in range(8))


def _uuid(name: str) -> str:
    """Skolverket's UUID for an organisation number or a school unit code (rules.md 3.1)."""
    return str(uuid.uuid5(NIL, name))


@dataclass(frozen=True)
class SchoolUnit:
    """One school unit and what may be sent for it."""

    code: str
    name: str
    organisation_number: str
    school_types: dict[str, range]
    status: str = "Active"
    dnp: bool = True

    @property
    def id(self) -> str:
        """Skolverket's UUID."""
        return _uuid(self.code)

    def as_json(self) -> dict[str, Any]:
        """The object as the open-data API shows it."""
        organiser = ORGANISATIONS[self.organisation_number]
        return {
            "id": self.id,
            "displayName": self.name,
            "schoolUnitCode": self.code,
            "schoolTypes": [
                {
                    "schoolType": school_type,
                    "dnpStatus": self.dnp,
                    "schoolYears": [{"schoolYear": year, "dnpStatus": self.dnp} for year in years],
                }
                for school_type, years in self.school_types.items()
            ],
            "municipalityCode": organiser.municipality_code,
            "municipalityName": organiser.municipality_name,
            "status": self.status,
            "dnpStatus": self.dnp,
            "parentOrganisation": {
                "id": organiser.id,
                "organisationNumber": organiser.number,
                "displayName": organiser.name,
            },
        }


@dataclass(frozen=True)
class Organisation:
    """One school organiser (huvudman)."""

    number: str
    name: str
    municipality_code: str
    municipality_name: str
    private: bool = False
    units: list[SchoolUnit] = field(default_factory=list, compare=False)

    @property
    def id(self) -> str:
        """Skolverket's UUID."""
        return _uuid(self.number)

    def as_json(self, expand_school_units: bool) -> dict[str, Any]:
        """The object as the open-data API shows it, with its units when asked for."""
        legal = ("49", "Övriga aktiebolag") if self.private else ("82", "Kommuner")
        kind = ("05", "Enskild huvudman") if self.private else ("01", "Kommuner och kommunalförbund")
        shown: dict[str, Any] = {
            "id": self.id,
            "displayName": self.name,
            "organisationNumber": self.number,
            "countryCode": "SWE",
            "organisationType": "Huvudman",
            "legalForm": {"id": legal[0], "displayName": legal[1]},
            "organiserType": {"id": kind[0], "displayName": kind[1]},
            "status": "Active",
            "email": "utbildning@huvudman.example",
            "phoneNumber": "+46 8 000 000 00",
            "address": {"streetAdress": "Skolgatan 1", "postalCode": "123 45", "locality": self.municipality_name},
        }
        if expand_school_units:
            shown["schoolUnits"] = [unit.as_json() for unit in self.units]
        return shown


ORGANISATIONS = {
    organisation.number: organisation
    for organisation in (
        Organisation(EXAMPLE_ORGANISATION_NUMBER, "Exempelkommunen", "9901", "Exempelkommunen"),
        Organisation(NEIGHBOUR_ORGANISATION_NUMBER, "Grannkommunen", "9902", "Grannkommunen"),
        Organisation("5590009998", "Lärkans friskolor AB", "9901", "Exempelkommunen", private=True),
        Organisation("5567044268", "Testorganisation AB", "9903", "Teststad", private=True),
    )
}


def _kind(i: int) -> str:
    """The school type of Exempelkommunen's unit number i; the first that fits."""
    if i % 30 == 29:
        return "SP"
    if i % 30 == 17:
        return "SAM"
    if i % 12 == 11:
        return "VUXGY"
    return "GY" if i % 6 == 4 else "GR"


def _types(*names: str) -> dict[str, range]:
    """School types with all the years they have."""
    return {name: _YEARS[name] for name in names}


def _units() -> Iterable[SchoolUnit]:
    """Every school unit there is."""
    for i in range(EXAMPLE_UNIT_COUNT):
        stem, before = _STEMS[i % len(_STEMS)], _BEFORE[i // len(_STEMS)]
        code = str(90000000 + 37 * i + 11)
        yield SchoolUnit(code, f"{before}{stem}skolan", EXAMPLE_ORGANISATION_NUMBER, _types(_kind(i)))
    for code, stem in zip(NEIGHBOUR_UNIT_CODES, _STEMS, strict=False):
        yield SchoolUnit(code, f"{stem}skolan i Grannkommunen", NEIGHBOUR_ORGANISATION_NUMBER, _types("GR"))
    for i, stem in enumerate(_STEMS[:24]):
        yield SchoolUnit(str(92000000 + 37 * i), f"Lärkans friskola {stem}", "5590009998", _types("GR", "GY"))
    gone, absent = _types("GR"), _types("GR")
    yield SchoolUnit("90099901", "Nedlagda skolan", EXAMPLE_ORGANISATION_NUMBER, gone, status="Expired")
    yield SchoolUnit("90099902", "Utanförskolan", EXAMPLE_ORGANISATION_NUMBER, absent, dnp=False)
    yield SchoolUnit("31279295", "Testskolan", "5567044268", _types(*_YEARS))


SCHOOL_UNITS = {unit.id: unit for unit in _units()}
for _unit in SCHOOL_UNITS.values():
    ORGANISATIONS[_unit.organisation_number].units.append(_unit)
