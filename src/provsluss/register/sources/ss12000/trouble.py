"""What can go wrong between us and a register, as sentences for the user. Nothing is changed by any of it."""

UNCHANGED = "Inget har ändrats i registret."


def said(what: str) -> str:
    """`what` and that nothing has changed."""
    return f"{what} {UNCHANGED}"


NO_ANSWER = said("Källan svarar inte. Försök igen om en stund; kontrollera adressen om det fortsätter.")
TOO_SLOW = said("Källan svarade inte i tid. Försök igen om en stund.")
AWAY = said("Källan är tillfälligt stängd eller överbelastad. Försök igen om en stund.")
TOO_MANY_CALLS = said("Källan säger att den får för många frågor. Försök igen om en stund.")
NO_JSON = said("Källan svarade med något annat än uppgifter ur ett register. Kontrollera adressen.")
TOO_LARGE = said("Ett svar från källan är större än 32 MB, också med små sidor. Hör med den som driver källan.")
REDIRECTED = said("Källan hänvisar till en annan adress, och dit skickas inga hemligheter. Ange rätt adress.")
NO_SUCH_PLACE = said("Källan har inte den delen av SS 12000 på adressen. Kontrollera att adressen är hela basadressen.")
NOT_ALLOWED = said("Källan släpper inte in Provsluss. Kontrollera hemligheten, och vad nyckeln har rätt att läsa.")
LIST_NEVER_ENDS = said("Källans lista tar aldrig slut. Hör med den som driver källan.")
PAGE_TWICE = said("Källan gav samma sida två gånger, så listan kan inte bli hel. Hör med den som driver källan.")
REPLACED = said("Källan bytte ut sina uppgifter gång på gång medan de lästes. Försök igen senare.")
NOT_UNDERSTOOD = said("Källan förstod inte frågan. Hör med den som driver källan.")
NO_TOKEN = said("Källan gav inget åtkomstintyg. Kontrollera hemligheten, klientens id och adressen för åtkomstintyg.")
NO_TLS = said("Källans certifikat är inte giltigt. Hör med den som driver källan.")
EMPTY = said("Källan svarar men har inga {what}, fast registret har sådana därifrån. Läsningen är nog inte hel.")
NOTHING = said("Källan svarar men har inga personer. Kontrollera vad nyckeln har rätt att läsa.")
