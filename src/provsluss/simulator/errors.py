"""Every error and warning the simulator can give: one table, and the LogEntry made from a row of it.

The rows marked public are Skolverket's own (rules.md section 2). The others are made up for the simulator, within the
series Skolverket seems to use: 2xxx format, 3xxx value, 4xxx reference, 5xxx authority and technique.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Code:
    """One kind of error: its id, the HTTP status it belongs to, its category and the pattern of its Swedish message."""

    id: str
    status: int
    message_type: str
    message: str
    public: bool = False
    severity: str = "Error"


_UUID_TEXT = "Format ska vara UUID enligt RFC4122. Se https://www.ietf.org/rfc/rfc4122.txt."
_FORMAT, _VALUE, _LIMIT = "Ogiltigt format", "Ogiltigt värde", "Teknisk begränsning"

_TABLE = (
    Code("2001", 400, _FORMAT, "Ogiltigt format på ´body´. Innehållet ska vara JSON kodat som UTF-8."),
    Code("2002", 400, _FORMAT, "Ogiltigt format på ´body´. {expected}"),
    Code("2010", 400, _FORMAT, "Ogiltigt format på ´body´ parameter <{parameter}>. " + _UUID_TEXT, True),
    Code("2011", 400, _FORMAT, "Ogiltigt format på ´path´ parameter <id>. " + _UUID_TEXT, True),
    Code("2012", 400, _FORMAT, "Ogiltigt format på <{attribute}>."),
    Code("2013", 400, _FORMAT, "Ogiltigt format på <eppn>. Värdet ska vara en lokal del, ett @ och en domän."),
    Code(
        "2014",
        400,
        _FORMAT,
        "Ogiltigt format på <civicNo>. Värdet ska vara ett personnummer eller samordningsnummer med 12 siffror, eller "
        "ett tillfälligt personnummer enligt ÅÅÅÅMMDDTFxx.",
    ),
    Code(
        "2025",
        400,
        _FORMAT,
        "Ogiltigt format på ´query´ parameter <{parameter}>. Format ska vara boolean (true/false).",
        True,
    ),
    Code("2026", 400, _FORMAT, "Ogiltigt format på ´query´ parameter <pageToken>."),
    Code("3001", 400, _VALUE, "Obligatoriskt attribut <{attribute}> saknas."),
    Code("3010", 400, _VALUE, "Skolenheten i <{attribute}> har upphört."),
    Code("3011", 400, _VALUE, "Skolenheten i <{attribute}> finns inte i provtjänsten."),
    Code("3012", 400, _VALUE, "Skolenheten har inte utbildningsformen i <{attribute}>."),
    Code("3013", 400, _VALUE, "Skolenheten har inte årskursen i <{attribute}> för utbildningsformen."),
    Code("3014", 400, _VALUE, "Årskurs måste anges för utbildningsformerna GR, SP och SAM."),
    Code("3015", 400, _VALUE, "Studievägskod måste anges för utbildningsformen GY."),
    Code("3016", 400, _VALUE, "Studievägen i <{attribute}> kan inte användas."),
    Code("3017", 400, _VALUE, "En elev i GR, SP, SAM eller GY får ha endast en inskrivning."),
    Code("3020", 400, _VALUE, "Personnumrets kontrollsiffra är fel."),
    Code("3021", 400, _VALUE, "Endast svenska personnummer tas emot, <nationality> ska vara SE."),
    Code("3030", 400, _VALUE, "Endast grupper av typen Klass och Undervisning tas emot."),
    Code("3031", 400, _VALUE, "Endast aktiviteter av typen Undervisning tas emot."),
    Code("3033", 400, _VALUE, "E-postadress är obligatorisk för skolpersonal och saknas på personen."),
    Code("3040", 400, _VALUE, "Exakt ett federationsanvändarnamn ska anges."),
    Code("3041", 400, _VALUE, "Federationsanvändarnamnet används redan av en person hos en annan huvudman."),
    Code("3042", 400, _VALUE, "Federationsanvändarnamnet används redan av en annan person."),
    Code("3043", 400, _VALUE, "Personnumret tillhör redan en person hos en annan huvudman."),
    Code(
        "3047",
        400,
        "Bristfälligt värde",
        "Bristfälligt värde på Federationsanvändarnamn, värdet innehåller de tre första bokstäverna i efternamnet, "
        "eller de två första bokstäverna i efternamnet och de två första bokstäverna i förnamnet. Uppdatera värdet så "
        "att det följer Skolverkets riktlinjer för EPPN, se https://www.skolverket.se/skolutveckling/"
        "digitala-nationella-prov/overforing-av-uppgifter-till-skolverket/eppn.",
        True,
        "Warning",
    ),
    Code("3050", 400, _VALUE, "{resource} med angivet id finns redan."),
    Code("3085", 400, _VALUE, "Värdet för <limit> måste vara ett tal mellan 1 och 100 (inklusive).", True),
    Code("3090", 400, _VALUE, "Uppgiften nekas av övningsmiljön."),
    Code(
        "4001",
        404,
        _VALUE,
        "{resource} identifierats av angivet värden i ´path´ parameter <id> hittades inte.",
        True,
    ),
    Code("4002", 404, _VALUE, "Adressen finns inte."),
    Code("4003", 404, _VALUE, "{resource} med angivet id finns inte och kan därför inte uppdateras."),
    Code("4005", 404, _VALUE, "Skolenheten i <{attribute}> hittades inte."),
    Code("4006", 404, _VALUE, "Personen i <{attribute}> hittades inte."),
    Code("4007", 404, _VALUE, "Tjänstgöringen i <{attribute}> hittades inte."),
    Code("4008", 404, _VALUE, "Gruppen i <{attribute}> hittades inte."),
    Code("4009", 404, _VALUE, "Provaktiviteten i <{attribute}> hittades inte."),
    Code("4010", 404, _VALUE, "Studievägen i <{attribute}> hittades inte."),
    Code(
        "4016",
        404,
        _VALUE,
        "En eller flera elever i gruppen hittades inte och har utelämnats. Överför eleverna och därefter gruppen igen.",
        severity="Warning",
    ),
    Code("5002", 403, "Behörighet saknas", "Ogiltigt JWT bearer token.", True),
    Code("5004", 500, "Okänt fel", "Ett okänt fel inträffade.", True),
    Code("5005", 405, "Ogiltigt anrop", "Metoden stöds inte för adressen."),
    Code("5020", 413, _LIMIT, "Provisionerade uppgifter överstiger tillåten datamängd.", True),
    Code(
        "5021",
        429,
        _LIMIT,
        "Den högsta tillåtna antal förfrågningar har uppnåtts för den specifika URL:en.",
        True,
    ),
    Code("5022", 503, _LIMIT, "Tjänsten är inte tillgänglig. Försök igen senare.", True),
    Code("5030", 503, _LIMIT, "Behandlingen har avbrutits på grund av ett tillfälligt fel. Försök igen senare."),
)

CODES = {code.id: code for code in _TABLE}

LogEntry = dict[str, Any]


class Refused(Exception):
    """A whole call is refused: carries the HTTP status and the LogEntry array to answer with."""

    def __init__(self, *entries: LogEntry) -> None:
        """The status is that of the first entry."""
        super().__init__(entries[0]["message"])
        self.status: int = entries[0]["statusCode"]
        self.entries = list(entries)


def log_entry(
    code_id: str,
    *,
    parameter: str | None = None,
    parameter_value: str | None = None,
    resource: str | None = None,
    resource_id: str | None = None,
    attribute: str | None = None,
    attribute_value: object = None,
    expected: str = "",
) -> LogEntry:
    """One LogEntry in Skolverket's shape, from a row of the table. Raises KeyError for an unknown code."""
    code = CODES[code_id]
    entry: LogEntry = {
        "id": code.id,
        "statusCode": code.status,
        "messageType": code.message_type,
        "message": code.message.format(
            parameter=parameter, attribute=attribute, resource=resource or "Objektet", expected=expected
        ),
    }
    optional = {
        "parameterName": parameter,
        "parameterValue": parameter_value,
        "resourceType": resource,
        "resourceId": resource_id,
        "attributeName": attribute,
        "attributeValue": None if attribute_value is None else str(attribute_value),
    }
    entry.update({name: value for name, value in optional.items() if value is not None})
    entry["severityLevel"] = code.severity
    entry["timeOfOccurance"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return entry


def refusal(code_id: str, **details: Any) -> Refused:
    """The exception for a call refused for one reason; the details are those of `log_entry`."""
    return Refused(log_entry(code_id, **details))
