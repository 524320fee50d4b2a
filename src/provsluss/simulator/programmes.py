"""Some study paths of the upper secondary school, as the open-data API lists them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from provsluss.simulator.national_tests import NIL

_ACTIVE = {
    "BAHUS0": "Bygg- och anläggningsprogrammet, Husbyggnad",
    "BFPED0": "Barn- och fritidsprogrammet, Pedagogiskt arbete",
    "EEAUT0": "El- och energiprogrammet, Automation",
    "EKEKO0": "Ekonomiprogrammet, Ekonomi",
    "EKJUR0": "Ekonomiprogrammet, Juridik",
    "EKJURV": "Ekonomiprogrammet, Juridik, särskild variant inom det estetiska området",
    "ESBIL0": "Estetiska programmet, Bild och formgivning",
    "ESMUS0": "Estetiska programmet, Musik",
    "FTPER0": "Fordons- och transportprogrammet, Personbil",
    "HAHAN0": "Handels- och administrationsprogrammet, Handel och service",
    "HUKUL0": "Humanistiska programmet, Kultur",
    "HUSPR0": "Humanistiska programmet, Språk",
    "NANAS0": "Naturvetenskapsprogrammet, Naturvetenskap och samhälle",
    "NANAT0": "Naturvetenskapsprogrammet, Naturvetenskap",
    "RLKOK11": "Restaurang- och livsmedelsprogrammet, Kök och servering",
    "SABET0": "Samhällsvetenskapsprogrammet, Beteendevetenskap",
    "SASAM0": "Samhällsvetenskapsprogrammet, Samhällsvetenskap",
    "TEINF0": "Teknikprogrammet, Informations- och medieteknik",
    "TETEK0": "Teknikprogrammet, Teknikvetenskap",
    "VOVAR0": "Vård- och omsorgsprogrammet",
}
_FIRST_DAY = datetime(2022, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Programme:
    """One study path; usable only when its first day has passed and it is not Expired (rules.md E4)."""

    code: str
    name: str
    valid_from: datetime = _FIRST_DAY
    expired: bool = False

    @property
    def id(self) -> str:
        """Skolverket's UUID, derived from the code."""
        return str(uuid.uuid5(NIL, self.code))

    def status(self) -> str:
        """New, Active or Expired, as of now."""
        if self.expired:
            return "Expired"
        return "Active" if self.valid_from <= datetime.now(UTC) else "New"

    def as_json(self) -> dict[str, object]:
        """The object as the open-data API shows it."""
        return {
            "id": self.id,
            "displayName": self.name,
            "educationCode": self.code,
            "schoolType": "GY",
            "validFrom": self.valid_from.isoformat(),
            "status": self.status(),
        }


PROGRAMMES = {
    programme.code: programme
    for programme in (
        *(Programme(code, name) for code, name in _ACTIVE.items()),
        Programme(
            "TEFRA9", "Teknikprogrammet, Framtidsteknik (påhittad, börjar 2090)", datetime(2090, 7, 1, tzinfo=UTC)
        ),
        Programme("SAGAM9", "Samhällsvetenskapsprogrammet, Gammal inriktning (påhittad, har upphört)", expired=True),
    )
}
