"""What Skolverket's public codes mean to a school, as data (rules.md section 2)."""

from dataclasses import dataclass

from provsluss.rules.who import Who

CALLS_OF_PROVSLUSS = "Provsluss, själva anropet till Skolverket."
TELL_THE_DEVELOPERS = (
    "Du behöver inte ändra något i registret. Be IT-avdelningen anmäla felet till dem som utvecklar Provsluss, "
    "med koden och tidpunkten."
)
NOTHING_TO_DO = "Du behöver inte göra något; Provsluss försöker igen."
BETWEEN_THE_SYSTEMS = "Förbindelsen mellan Provsluss och Skolverket."


@dataclass(frozen=True, slots=True)
class ExplainedCode:
    """One code in plain Swedish. Each text is one or two whole sentences."""

    title: str
    meaning: str
    who: Who
    where: str
    how: str
    retried: bool = False


def _fault_of_the_call(title: str, meaning: str) -> ExplainedCode:
    """A call that Provsluss built wrongly: nothing in the school's data can mend it."""
    return ExplainedCode(title, meaning, Who.IT, CALLS_OF_PROVSLUSS, TELL_THE_DEVELOPERS)


def _passes_by_itself(title: str, meaning: str, how: str = NOTHING_TO_DO) -> ExplainedCode:
    """Something that the engine tries again until it works."""
    return ExplainedCode(title, meaning, Who.NOBODY, BETWEEN_THE_SYSTEMS, how, retried=True)


PUBLIC_CODES: dict[str, ExplainedCode] = {
    "2010": _fault_of_the_call(
        "Skolverket kunde inte läsa frågan.",
        "Provsluss frågade efter flera objekt på en gång, men minst ett id hade fel form.",
    ),
    "2011": _fault_of_the_call(
        "Skolverket kunde inte läsa id:t i frågan.",
        "Provsluss frågade efter ett objekt eller ett jobb med ett id som har fel form.",
    ),
    "2024": _fault_of_the_call(
        "Skolverket kunde inte läsa tiden i frågan.",
        "Provsluss bad om det som ändrats efter en viss tid. Den sortens fråga tar Skolverket inte längre emot.",
    ),
    "2025": _fault_of_the_call(
        "Skolverket kunde inte läsa en inställning i anropet.",
        "Anropet ska säga ja eller nej till att uppdatera det som redan finns, men svaret hade fel form.",
    ),
    "3047": ExplainedCode(
        "Inloggningsnamnet (EPPN) liknar personens namn.",
        "Personen är mottagen ändå. Men Skolverket vill att inloggningsnamnet byts, för det innehåller bokstäver ur "
        "för- eller efternamnet.",
        Who.IT,
        "Systemet som skapar inloggningsnamn, och fältet Federationsanvändarnamn (EPPN) i registret.",
        "Be IT-avdelningen om ett inloggningsnamn som inte bygger på namnet. Läs sedan in registret igen och skicka.",
    ),
    "3085": _fault_of_the_call(
        "Provsluss bad om för mycket eller för lite på en gång.",
        "När Provsluss läser en lista från Skolverket får varje sida ha mellan 1 och 100 objekt.",
    ),
    "4001": ExplainedCode(
        "Skolverket hittar inte det som Provsluss frågade efter.",
        "Objektet eller jobbet finns inte hos Skolverket. Det kan ha tagits bort, eller aldrig ha kommit fram.",
        Who.SCHOOL,
        "Provsluss, sidan för provaktiviteten.",
        "Skicka provaktiviteten igen. Kommer felet tillbaka: be IT-avdelningen kontakta Skolverkets support.",
    ),
    "5002": ExplainedCode(
        "Skolverket släppte inte in Provsluss.",
        "Det digitala intyget som visar att huvudmannen får skicka uppgifter saknas, är för gammalt eller godtas inte.",
        Who.IT,
        "Provsluss, Inställningar: huvudmannens certifikat.",
        "Provsluss hämtar själv ett nytt intyg en gång. Står felet kvar: be IT-avdelningen kontrollera certifikatet "
        "och att huvudmannen är anmäld hos Skolverket.",
    ),
    "5004": ExplainedCode(
        "Något gick fel hos Skolverket.",
        "Skolverket säger inte vad. Felet beror troligen inte på dina uppgifter.",
        Who.SKOLVERKET,
        "Skolverkets provtjänst.",
        "Vänta en stund och skicka igen. Kommer felet tillbaka: kontakta Skolverkets support med koden 5004 och "
        "tidpunkten.",
    ),
    "5020": _passes_by_itself(
        "Anropet var för stort för Skolverket.",
        "Skolverket tar bara emot en viss mängd uppgifter åt gången.",
        "Du behöver inte göra något; Provsluss delar anropet i mindre delar och försöker igen.",
    ),
    "5021": _passes_by_itself(
        "Skolverket bad Provsluss att vänta.",
        "Skolverket svarar bara på ett visst antal anrop i sekunden.",
        "Du behöver inte göra något; Provsluss väntar en stund och försöker igen.",
    ),
    "5022": _passes_by_itself(
        "Skolverkets tjänst är stängd just nu.",
        "Skolverket kan ha driftstopp eller mycket att göra. Inget av det du skickade har gått förlorat.",
    ),
    "6001": _passes_by_itself(
        "Skolverkets svar blev för stort.",
        "Skolverket klarade inte av att svara på allt på en gång.",
    ),
    # Not a code but a job status (rules.md T12); it comes without one, so the status stands in its place.
    "TemporaryError": _passes_by_itself(
        "Skolverket avbröt tillfälligt.",
        "Skolverket började ta emot uppgifterna men hann inte klart. Det är ett tillfälligt fel.",
    ),
}
