"""What can be said of a code that is not public, from its series, the kind of object and the attribute, as data.

The meaning of the series is an inference from the public codes (rules.md section 2).
"""

from provsluss.rules.explained_codes import BETWEEN_THE_SYSTEMS, ExplainedCode
from provsluss.rules.who import Who

SERIES_BY_MESSAGE_TYPE = {
    "Ogiltigt format": "2",
    "Ogiltigt värde": "3",
    "Bristfälligt värde": "3",
    "Behörighet saknas": "5",
    "Okänt fel": "5",
    "Teknisk begränsning": "5",
    "Overload": "6",
}
"""Where the code itself says nothing. "Ogiltigt värde" stands for 3xxx and 4xxx alike; 3xxx is the wider word."""

_OPEN_THE_ROW = "Provsluss, raden i listan: där står Skolverkets meddelande och det som skickades."
_COMPARE = "Läs Skolverkets meddelande, rätta uppgiften i registret, läs in registret igen och skicka."

SERIES: dict[str, ExplainedCode] = {
    "2": ExplainedCode(
        "En uppgift har fel form.",
        "Något är inte skrivet så som Skolverket vill ha det, till exempel ett datum, ett nummer eller en kod.",
        Who.SCHOOL,
        _OPEN_THE_ROW,
        _COMPARE,
    ),
    "3": ExplainedCode(
        "Skolverket godtar inte en uppgift.",
        "Uppgiften går att läsa men klarar inte Skolverkets kontroll.",
        Who.SCHOOL,
        _OPEN_THE_ROW,
        _COMPARE,
    ),
    "4": ExplainedCode(
        "Skolverket hittar inte något som behövs.",
        "Det som skickades hänvisar till något som inte finns hos Skolverket.",
        Who.SCHOOL,
        "Provsluss, listorna för stegen före det här i samma överföring.",
        "Titta om något tidigare i överföringen har fel och rätta det först. Skicka sedan igen.",
    ),
    "5 behörighet": ExplainedCode(
        "Huvudmannen får inte göra det här hos Skolverket.",
        "Skolverket säger att behörighet saknas.",
        Who.IT,
        "Provsluss, Inställningar: huvudmannens certifikat, och huvudmannens anmälan hos Skolverket.",
        "Be IT-avdelningen kontrollera certifikatet och att huvudmannen är anmäld för att skicka uppgifter.",
    ),
    "5": ExplainedCode(
        "Skolverket har ett tekniskt problem.",
        "Felet beror troligen inte på dina uppgifter.",
        Who.SKOLVERKET,
        "Skolverkets provtjänst.",
        "Vänta en stund och skicka igen. Kommer felet tillbaka: kontakta Skolverkets support med koden och tidpunkten.",
    ),
    "6": ExplainedCode(
        "Skolverket har för mycket att göra just nu.",
        "Tjänsten hann inte med. Felet beror inte på dina uppgifter.",
        Who.SKOLVERKET,
        BETWEEN_THE_SYSTEMS,
        "Vänta en stund och skicka igen, helst när färre använder tjänsten.",
    ),
}

BY_KIND: dict[tuple[str, str], ExplainedCode] = {
    ("4", "persons"): ExplainedCode(
        "Skolverket hittar inte personen eller dess skola.",
        "Skolenheten på inskrivningen finns kanske inte hos Skolverket, eller så är personen redan borttagen.",
        Who.PUPIL_REGISTER,
        "Elevregistret, skolenhetskoden på elevens inskrivning.",
        "Kontrollera skolenhetskoden på inskrivningen, läs in registret igen och skicka.",
    ),
    ("4", "duties"): ExplainedCode(
        "Skolverket hittar inte personen eller skolan för tjänstgöringen.",
        "Personen har kanske fått fel under Användare, eller så gäller skolenhetskoden inte längre.",
        Who.STAFF_REGISTER,
        "Personalregistret, tjänstgöringens person och skolenhetskod.",
        "Rätta först personen om den har fel under Användare. Kontrollera annars skolenhetskoden. Skicka sedan igen.",
    ),
    ("4", "groups"): ExplainedCode(
        "Skolverket hittar inte gruppens skola eller någon av dess elever.",
        "Elever som har fel under Användare kan inte vara med i gruppen förrän de är mottagna.",
        Who.SCHOOL,
        "Provsluss, listan Användare i samma överföring, och gruppens skolenhetskod i elevregistret.",
        "Rätta först eleverna som har fel. Kontrollera annars gruppens skolenhetskod. Skicka sedan igen.",
    ),
    ("4", "activities"): ExplainedCode(
        "Skolverket hittar inte gruppen, läraren eller provet.",
        "Aktiviteten kan bara tas emot när dess grupp och lärare är mottagna och provet finns hos Skolverket.",
        Who.SCHOOL,
        "Provsluss, listorna Grupper och Tjänstgöringar i samma överföring.",
        "Rätta först det som har fel där. Kontrollera annars att provet finns kvar i listan. Skicka sedan igen.",
    ),
}

UNKNOWN = ExplainedCode(
    "Skolverket lämnade ett meddelande som Provsluss inte känner igen.",
    "Skolverket skickade ingen förklaring.",
    Who.SCHOOL,
    _OPEN_THE_ROW,
    "Läs Skolverkets meddelande. Går det inte att förstå: kontakta Skolverkets support med koden och tidpunkten.",
)

UNKNOWN_ABOUT: dict[str, tuple[str, str]] = {
    "2": (
        "Skolverket kan inte läsa {name}.",
        "Uppgiften är inte skriven så som Skolverket vill ha den. {expected}",
    ),
    "3": (
        "Skolverket godtar inte {name}.",
        "Uppgiften klarar inte Skolverkets kontroll. {expected}",
    ),
    "4": (
        "Skolverket hittar inte {name}.",
        "Uppgiften leder inte till något som finns hos Skolverket. {expected}",
    ),
    "": ("Skolverket har en anmärkning på {name}.", "{expected}"),
}
"""Title and meaning for an attribute with a text of its own (explained_attributes.py)."""

# What Skolverket's own words say more clearly than code and attribute: (what to look for in lower case, explanation).
BY_MESSAGE: tuple[tuple[str, ExplainedCode], ...] = (
    (
        "annan huvudman",
        ExplainedCode(
            "Personen finns kvar hos en annan huvudman.",
            "Inloggningsnamnet (EPPN) eller personnumret hör redan till någon som en annan huvudman har fört över. "
            "Så blir det ofta när en elev just har bytt skola.",
            Who.SCHOOL,
            "Den tidigare skolans huvudman.",
            "Be den tidigare skolan avsluta eleven hos Skolverket, och skicka sedan igen. "
            "Kontrollera också att uppgifterna är rätt skrivna hos er.",
        ),
    ),
)
