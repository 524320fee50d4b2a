"""What Skolverket's attribute names are called in a school, who looks after them, and how they are mended, as data.

Skolverket names attributes in several ways (`Enrolment.schoolYear`, `eppn`, `<enroledAt>` in a message): rules.md 2.
"""

import re
from dataclasses import dataclass

from provsluss.rules.who import Who

AFTERWARDS = "Läs sedan in registret igen och skicka."
EPPN_PLACE = "Systemet som skapar inloggningsnamn, och fältet Federationsanvändarnamn (EPPN) i registret."


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. `name` is in the definite form and fits after "Skolverket hittar inte".

    `who` None means the register that the person stands in; `where` is then only the name of the field.
    """

    name: str
    expected: str
    who: Who | None
    where: str
    how: str


def _of_person(name: str, expected: str, field: str, how: str) -> Attribute:
    return Attribute(name, expected, None, field, f"{how} {AFTERWARDS}")


def _of_pupil(name: str, expected: str, field: str, how: str) -> Attribute:
    return Attribute(name, expected, Who.PUPIL_REGISTER, f"Elevregistret, {field}.", f"{how} {AFTERWARDS}")


def _of_staff(name: str, expected: str, field: str, how: str) -> Attribute:
    return Attribute(name, expected, Who.STAFF_REGISTER, f"Personalregistret, {field}.", f"{how} {AFTERWARDS}")


def _of_transfer(name: str, expected: str, step: str, how: str) -> Attribute:
    return Attribute(name, expected, Who.SCHOOL, f"Provsluss, listan {step} i samma överföring.", how)


def _of_provsluss(name: str) -> Attribute:
    return Attribute(
        name,
        "Den uppgiften sätter Provsluss själv.",
        Who.IT,
        "Provsluss, själva anropet till Skolverket.",
        "Du behöver inte ändra något i registret. Be IT-avdelningen anmäla felet till dem som utvecklar Provsluss, "
        "med koden och tidpunkten.",
    )


EPPN = Attribute(
    "inloggningsnamnet (EPPN)",
    "Inloggningsnamnet ska se ut som en e-postadress. En person har bara ett, och ingen annan får ha samma.",
    Who.IT,
    EPPN_PLACE,
    f"Be IT-avdelningen om ett rätt inloggningsnamn och skriv in det på personen. {AFTERWARDS}",
)
CIVIC_NUMBER = _of_person(
    "personnumret",
    "Det ska ha tolv siffror och stämma med folkbokföringen. Samordningsnummer och TF-nummer går också bra.",
    "Personnummer",
    "Jämför med folkbokföringen och skriv rätt nummer på personen.",
)
SCHOOL_UNIT_OF_PUPIL = _of_pupil(
    "elevens skolenhet",
    "Skolenhetskoden har åtta siffror och ska gälla i dag.",
    "skolenhetskoden på elevens inskrivning",
    "Skriv skolans gällande skolenhetskod på elevens inskrivning.",
)
SCHOOL_UNIT_OF_DUTY = _of_staff(
    "tjänstgöringens skolenhet",
    "Skolenhetskoden har åtta siffror och ska gälla i dag.",
    "skolenhetskoden på tjänstgöringen",
    "Skriv skolans gällande skolenhetskod på tjänstgöringen.",
)
SCHOOL_UNIT_OF_GROUP = _of_pupil(
    "gruppens skolenhet",
    "Skolenhetskoden har åtta siffror och ska gälla i dag.",
    "skolenhetskoden på klassen eller gruppen",
    "Skriv skolans gällande skolenhetskod på klassen eller gruppen.",
)
MEMBERS = _of_transfer(
    "alla elever i gruppen",
    "Eleverna måste vara mottagna hos Skolverket innan gruppen kan få dem.",
    "Användare",
    "Rätta först de elever som har fel under Användare. Skicka sedan igen, så följer gruppen med.",
)
PERSON = _of_transfer(
    "personen",
    "Personen måste vara mottagen hos Skolverket innan det här kan skickas.",
    "Användare",
    "Rätta först felet på personen under Användare. Skicka sedan igen, så följer resten med.",
)
TEACHERS = _of_transfer(
    "alla lärare i aktiviteten",
    "Lärarnas tjänstgöringar måste vara mottagna hos Skolverket först.",
    "Tjänstgöringar",
    "Rätta först de lärare som har fel under Användare och Tjänstgöringar. Skicka sedan igen.",
)
GROUPS = _of_transfer(
    "gruppen i aktiviteten",
    "Gruppen måste vara mottagen hos Skolverket innan aktiviteten kan skickas.",
    "Grupper",
    "Rätta först felet på gruppen under Grupper. Skicka sedan igen, så följer aktiviteten med.",
)
NATIONAL_TEST = Attribute(
    "provet",
    "Provet ska finnas i Skolverkets lista över nationella prov och bedömningsstöd.",
    Who.SCHOOL,
    "Provsluss, sidan för provaktiviteten.",
    "Välj ett prov ur listan på provaktiviteten och skicka igen.",
)
DISPLAY_NAME = _of_pupil(
    "namnet",
    "Klasser och grupper ska ha ett namn, och bara ett med samma namn på varje skola och skolform.",
    "klassens eller gruppens namn",
    "Ge klassen eller gruppen ett eget namn.",
)
GIVEN_NAME = _of_person(
    "förnamnet",
    "Förnamn ska finnas, och får med mellannamn vara högst 64 tecken.",
    "Förnamn",
    "Fyll i eller rätta förnamnet.",
)
MIDDLE_NAME = _of_person(
    "mellannamnet",
    "Förnamn och mellannamn får tillsammans vara högst 64 tecken.",
    "Mellannamn",
    "Rätta eller ta bort mellannamnet.",
)
FAMILY_NAME = _of_person(
    "efternamnet",
    "Efternamn ska finnas och får vara högst 64 tecken.",
    "Efternamn",
    "Fyll i eller rätta efternamnet.",
)
EMAIL = _of_person(
    "e-postadressen",
    "Personal ska ha en e-postadress för arbetet. Elever behöver ingen.",
    "E-postadress",
    "Fyll i eller rätta e-postadressen.",
)
SECURITY_MARKING = _of_person(
    "sekretessmarkeringen",
    "Den kan vara Ingen, Sekretessmarkering eller Skyddad folkbokföring.",
    "Sekretessmarkering",
    "Välj samma markering som i folkbokföringen.",
)
EDUID = _of_staff(
    "kopplingen till eduID",
    "Den används bara för personal som loggar in med eduID, och ska vara personens namn hos eduID.",
    "fältet EduID-Federationsanvändarnamn",
    "Rätta personens eduID-namn, eller töm fältet om eduID inte används.",
)
SCHOOL_TYPE = _of_pupil(
    "skolformen",
    "Den ska vara GR, SP, SAM, GY eller VUXGY, och skolan ska ha den skolformen.",
    "fältet Skolform",
    "Fyll i eller rätta skolformen.",
)
SCHOOL_YEAR = _of_pupil(
    "årskursen",
    "Grundskola, specialskola och sameskola ska ha en årskurs mellan 1 och 10.",
    "fältet Årskurs på elevens inskrivning",
    "Fyll i eller rätta elevens årskurs.",
)
EDUCATION_CODE = _of_pupil(
    "studievägskoden",
    "Elever i gymnasieskolan ska ha en studievägskod som gäller i dag.",
    "fältet Studievägskod på elevens inskrivning",
    "Fyll i eller rätta elevens studievägskod.",
)
ENROLMENT = _of_pupil(
    "elevens inskrivning",
    "En elev ska vara inskriven på en enda skola, med skolform och årskurs eller studieväg.",
    "elevens inskrivning",
    "Kontrollera skolenhet, skolform och årskurs på elevens inskrivning.",
)
DUTY_ROLE = _of_staff(
    "personalkategorin",
    "Den ska vara en av kategorierna i Skolverkets lista, till exempel Lärare eller Rektor.",
    "fältet Personalkategori",
    "Välj en av Skolverkets personalkategorier på tjänstgöringen.",
)
DUTY = _of_staff(
    "tjänstgöringen",
    "En person har en tjänstgöring för varje skola och personalkategori.",
    "personens tjänstgöringar",
    "Kontrollera personens tjänstgöringar.",
)

# Lower-case names, as Skolverket writes them in codes, in its API and in the headings of its workbook.
_STRONG: dict[str, Attribute] = {
    "eppn": EPPN,
    "edupersonprincipalname": EPPN,
    "edupersonprincipalnames": EPPN,
    "federationsanvändarnamn": EPPN,
    "civicno": CIVIC_NUMBER,
    "civicnos": CIVIC_NUMBER,
    "personnummer": CIVIC_NUMBER,
    "nationality": _of_provsluss("landet för personnumret"),
    "givenname": GIVEN_NAME,
    "förnamn": GIVEN_NAME,
    "middlename": MIDDLE_NAME,
    "mellannamn": MIDDLE_NAME,
    "familyname": FAMILY_NAME,
    "efternamn": FAMILY_NAME,
    "email": EMAIL,
    "emails": EMAIL,
    "e-postadress": EMAIL,
    "securitymarking": SECURITY_MARKING,
    "sekretessmarkering": SECURITY_MARKING,
    "externalidentifier": EDUID,
    "externalidentifiers": EDUID,
    "enroledat": SCHOOL_UNIT_OF_PUPIL,
    "enrolledat": SCHOOL_UNIT_OF_PUPIL,
    "schooltype": SCHOOL_TYPE,
    "skolform": SCHOOL_TYPE,
    "schoolyear": SCHOOL_YEAR,
    "årskurs": SCHOOL_YEAR,
    "educationcode": EDUCATION_CODE,
    "studievägskod": EDUCATION_CODE,
    "dutyat": SCHOOL_UNIT_OF_DUTY,
    "dutyrole": DUTY_ROLE,
    "personalkategori": DUTY_ROLE,
    "displayname": DISPLAY_NAME,
    "grouptype": _of_provsluss("gruppens typ"),
    "activitytype": _of_provsluss("aktivitetens typ"),
    "groupmembership": MEMBERS,
    "groupmemberships": MEMBERS,
    "members": MEMBERS,
    "teachers": TEACHERS,
    "parentactivity": NATIONAL_TEST,
    "provaktivitet": NATIONAL_TEST,
    "provaktivitetsnamn": NATIONAL_TEST,
}
# These count only when no better name stands beside them: `groupMemberships.person` is about the members.
_WEAK: dict[str, Attribute] = {
    "organisation": SCHOOL_UNIT_OF_GROUP,
    "schoolunit": SCHOOL_UNIT_OF_GROUP,
    "schoolunitcode": SCHOOL_UNIT_OF_GROUP,
    "skolenhetskod": SCHOOL_UNIT_OF_GROUP,
    "skolenhet": SCHOOL_UNIT_OF_GROUP,
    "enrolment": ENROLMENT,
    "enrolments": ENROLMENT,
    "groups": GROUPS,
    "group": GROUPS,
    "duty": TEACHERS,
    "person": PERSON,
}
_SCHOOL_UNIT_BY_KIND = {"persons": SCHOOL_UNIT_OF_PUPIL, "duties": SCHOOL_UNIT_OF_DUTY}
_TYPES = frozenset({"person", "duty", "group", "activity"})


def attributes() -> set[Attribute]:
    """Every attribute that has a text."""
    return {*_STRONG.values(), *_WEAK.values(), *_SCHOOL_UNIT_BY_KIND.values(), DUTY}


def find_attribute(attribute: str, message: str, kind: str) -> Attribute | None:
    """The attribute that Skolverket means, or None.

    `attribute` is its attributeName in whatever style; where it is empty, a name in angle brackets or at the end of
    "värde på …" in `message` is tried. `kind` ("persons" … "activities") tells whose school unit it is.
    """
    for text in (attribute, *re.findall(r"<([\w.åäöÅÄÖ]+)>", message), *re.findall(r"värde på ([\w-]+)", message)):
        if found := _by_name(text, kind):
            return found
    return None


def keeper(attribute: Attribute, kind: str = "", role: str = "") -> tuple[Who, str]:
    """Who looks after `attribute`, and where: pupils and staff usually stand in different registers."""
    if attribute.who is not None:
        return attribute.who, attribute.where
    if role.lower() in {"pupil", "elev"}:
        return Who.PUPIL_REGISTER, f"Elevregistret, fältet {attribute.where}."
    if role or kind == "duties":
        return Who.STAFF_REGISTER, f"Personalregistret, fältet {attribute.where}."
    return (
        Who.PUPIL_REGISTER,
        f"Elevregistret (eller personalregistret, om det gäller personal), fältet {attribute.where}.",
    )


def _by_name(text: str, kind: str) -> Attribute | None:
    parts = [part for part in re.split(r"[^\wåäö-]+", text.lower()) if part and not part.isdigit()]
    if len(parts) > 1 and parts[0] in _TYPES:
        parts = parts[1:]
    for names in (_STRONG, _WEAK):
        for part in reversed(parts):
            if found := names.get(part):
                return _SCHOOL_UNIT_BY_KIND.get(kind, found) if found is SCHOOL_UNIT_OF_GROUP else found
    return None
