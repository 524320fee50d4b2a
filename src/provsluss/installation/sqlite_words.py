"""What SQLite says when the embedded database cannot be used, in Swedish and with what to do."""

import sqlite3

OURS, ENGINES = "provsluss.sqlite3", "engine.sqlite3"

NO_ROOM = "Disken där datakatalogen ligger är full. Frigör utrymme, och försök igen."
_NO_DATABASE = {
    OURS: "Filen provsluss.sqlite3 i datakatalogen är skadad, eller är ingen databas. Lägg tillbaka en säkerhetskopia "
    "av den, utan filerna provsluss.sqlite3-wal och provsluss.sqlite3-shm. Finns ingen kopia: flytta undan filerna, så "
    "börjar Provsluss om från början.",
    ENGINES: "Filen engine.sqlite3 i datakatalogen är skadad, eller är ingen databas. Stoppa Provsluss, flytta undan "
    "engine.sqlite3 med filerna engine.sqlite3-wal och engine.sqlite3-shm, och starta igen. Överföringar som pågick "
    "återupptar du på deras sidor.",
}
_BY_NAME = {
    "SQLITE_FULL": NO_ROOM,
    "SQLITE_IOERR": "Databasen i datakatalogen går inte att läsa eller skriva: disken är full, en gräns för filer är "
    "nådd, eller så är disken trasig. Frigör utrymme, kontrollera disken, och försök igen.",
    "SQLITE_CANTOPEN": "Databasen i datakatalogen går inte att öppna. Kontrollera att användaren som kör Provsluss "
    "äger datakatalogen och allt i den, och att disken inte är full.",
    "SQLITE_READONLY": "Databasen i datakatalogen går bara att läsa. Kontrollera att användaren som kör Provsluss äger "
    "datakatalogen och allt i den, och att disken inte är skrivskyddad.",
    "SQLITE_BUSY": "Databasen är upptagen av en annan process. Försök igen om en stund.",
    "SQLITE_LOCKED": "Databasen är upptagen av en annan process. Försök igen om en stund.",
    "SQLITE_PROTOCOL": "Databasen går inte att låsa. Datakatalogen ska ligga på en lokal disk, inte en nätverksdisk.",
    "SQLITE_NOLFS": "Databasen är större än vad disken tillåter. Flytta datakatalogen till en annan disk.",
}


def sqlite_sentence(problem: sqlite3.Error, is_engines: bool) -> str | None:
    """The Swedish sentence, or None where the statement is to blame and not the database."""
    name = getattr(problem, "sqlite_errorname", "")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return _NO_DATABASE[ENGINES if is_engines else OURS]
    for known, sentence in _BY_NAME.items():
        if name == known or name.startswith(f"{known}_"):
            return sentence
    if str(problem).startswith("no such table"):
        return "Databasens tabeller saknas, eller är från en äldre version. Kör: provsluss migrate"
    return None
