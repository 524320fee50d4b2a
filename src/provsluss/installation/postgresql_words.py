"""What PostgreSQL and its client say when a database cannot be used, in Swedish and with what to do.

Most of it comes before there is a session, where there is a text and no code. A password is never in it.
"""

import re

_URL = "PROVSLUSS_DATABASE_URL"
_WHERE = r'(?:server at "(?P<host>[^"]+)"[^,]*, port (?P<port>\d+) failed: )'

_BY_CODE = {
    "25006": "Databasen går bara att läsa, som en kopia (standby). Ange den som går att skriva i med {url}.",
    "28P01": "PostgreSQL godtar inte lösenordet. Kontrollera rollen och lösenordet i {url}, eller i .pgpass.",
    "3D000": "Databasen finns inte på servern. Skapa den med CREATE DATABASE, eller kontrollera namnet i {url}.",
    "42501": "Rollen i {url} får inte använda databasens tabeller. Kör provsluss migrate --application-role ROLL "
    "som den roll som äger dem.",
    "3F000": "Rollen i {url} får inte använda databasens schema. Ge den rätt med GRANT USAGE ON SCHEMA.",
    "42P01": "Databasens tabeller är inte skapade, eller är från en äldre version. Kör: provsluss migrate",
    "53100": "Databasserverns disk är full. Frigör utrymme på servern, och försök igen.",
    "53200": "Databasserverns minne är slut. Försök igen om en stund.",
    "53300": "Databasservern har inga lediga förbindelser. Höj max_connections på servern, eller kör färre processer.",
}

_BY_TEXT = [
    (
        r'password authentication failed for user "(?P<role>.+?)"',
        "PostgreSQL godtar inte lösenordet för rollen {role}. Kontrollera rollen och lösenordet i {url}, eller i "
        ".pgpass.",
    ),
    (
        r"no password supplied",
        "PostgreSQL kräver ett lösenord, och inget är angivet. Skriv det i {url}, eller i .pgpass.",
    ),
    (
        r'role "(?P<role>.+?)" (?:does not exist|is not permitted to log in)',
        "Rollen {role} finns inte i PostgreSQL, eller får inte logga in. Skapa den med CREATE ROLE … LOGIN, eller "
        "kontrollera rollen i {url}.",
    ),
    (
        r'(?<!relation )database "(?P<name>.+?)" does not exist',
        "Databasen {name} finns inte på servern. Skapa den med CREATE DATABASE, eller kontrollera namnet i {url}.",
    ),
    (
        r'no pg_hba\.conf entry for host "(?P<from>.+?)", user "(?P<role>.+?)", database "(?P<name>.+?)"',
        "PostgreSQL släpper inte in rollen {role} till databasen {name} från {from}. Lägg till en rad i serverns "
        "pg_hba.conf, eller kontrollera rollen, databasen och sslmode i {url}.",
    ),
    (
        r"(?:failed to resolve host|could not translate host name) ['\"](?P<host>.+?)['\"]",
        "Databasservern {host} finns inte: namnet går inte att slå upp. Kontrollera servern i {url}.",
    ),
    (
        rf"{_WHERE}Connection refused",
        "Ingen databas svarar på {host}, port {port}. Starta PostgreSQL, eller kontrollera servern och porten i {url}.",
    ),
    (
        r"timeout expired|timed out|No route to host|Network is unreachable",
        "Databasservern svarar inte. Kontrollera servern och porten i {url}, och brandväggar på vägen dit.",
    ),
    (
        r"server does not support SSL",
        "sslmode i {url} kräver TLS, men databasservern har inte TLS påslaget. Slå på det på servern (ssl = on).",
    ),
    (
        r'root certificate file "(?P<file>.+?)" does not exist|could not read root certificate file "(?P<file2>.+?)"'
        r'|could not read certificate file "(?P<file3>.+?)"|could not open certificate file "(?P<file4>.+?)"',
        "Certifikatfilen {file} för databasservern finns inte, eller går inte att läsa. Kontrollera sslrootcert och "
        "sslcert i {url}.",
    ),
    (
        r'private key file "(?P<file>.+?)" (?:has group or world access|must be owned)',
        "Nyckelfilen {file} kan läsas av andra användare. Låt bara den som kör Provsluss läsa den (chmod 600).",
    ),
    (
        r'certificate present, but not private key file "(?P<file>.+?)"',
        "Nyckelfilen {file} för klientcertifikatet finns inte. Kontrollera sslkey i {url}.",
    ),
    (
        r'could not load private key file "(?P<file>.+?)"',
        "Nyckelfilen {file} hör inte till klientcertifikatet, eller är ingen nyckel. Kontrollera sslcert och sslkey i "
        "{url}.",
    ),
    (
        r"certificate required|requires a valid client certificate|tlsv13 alert|alert handshake failure",
        "Databasservern kräver ett klientcertifikat. Ange det, och dess nyckel, med sslcert och sslkey i {url}: "
        "filer som finns och går att läsa.",
    ),
    (
        r"alert (?:unknown ca|bad certificate|certificate (?:expired|revoked|unknown))|decrypt error",
        "Databasservern godtar inte klientcertifikatet. Kontrollera sslcert i {url}: det ska vara giltigt, och "
        "utfärdat av någon som servern litar på.",
    ),
    (
        r'server certificate for "(?P<name>.+?)" (?:\(and \d+ other names?\) )?does not match host name '
        r'"(?P<host>.+?)"',
        "Databasserverns certifikat gäller {name}, inte {host}. Skriv servern i {url} som den heter i certifikatet.",
    ),
    (
        r"certificate verify failed",  # the client does not say which of these it is
        "Databasserverns certifikat har gått ut, har inte börjat gälla, eller är utfärdat av någon som inte är "
        "betrodd. Förnya det på servern, eller ange utfärdarens certifikat med sslrootcert i {url}.",
    ),
    (
        r"certificate|SSL error",
        "TLS-certifikatet mellan Provsluss och databasservern godtas inte. Kontrollera sslmode, sslrootcert och "
        "servernamnet i {url}.",
    ),
    (
        rf"{_WHERE}received invalid response",
        "Det som svarar på {host}, port {port} är ingen PostgreSQL-server. Kontrollera servern och porten i {url}.",
    ),
    (
        r"invalid (?P<option>\w+) value|bad value for (?P<option2>\w+)|for connection option \"(?P<option3>\w+)\"",
        "Efter frågetecknet i {url} har {option} ett värde som inte går att använda. Rätta det, eller ta bort det.",
    ),
    (
        r"unrecognized configuration parameter|invalid command-line argument",
        "Efter frågetecknet i {url} har options ett värde som inte går att använda. Rätta det, eller ta bort det.",
    ),
    (r"remaining connection slots|too many (?:clients|connections)", _BY_CODE["53300"]),
    (
        r"server on socket \"(?P<socket>.+?)\" failed",
        "Ingen databas svarar på {socket}. Starta PostgreSQL, eller ange servern i {url}.",
    ),
    (
        r"starting up|shutting down|recovery mode|not yet accepting|terminating connection|closed the connection"
        r"|connection is lost|connection is closed|connection already closed|connection not open",
        "Förbindelsen med databasen bröts, eller så håller servern på att starta eller stängas av. Försök igen om en "
        "stund.",
    ),
]


def postgresql_sentence(text: str, code: str | None) -> str:
    """The Swedish sentence for an error with this text and SQLSTATE."""
    if code in _BY_CODE:
        return _BY_CODE[code].format(url=_URL)
    for pattern, sentence in _BY_TEXT:
        if found := re.search(pattern, text, re.DOTALL):
            named = {name.rstrip("234"): value for name, value in found.groupdict().items() if value}
            return sentence.format(url=_URL, **named)
    first = (text.strip().splitlines() or ["ingenting"])[0].removeprefix("connection failed: ")[:200]
    return f"Databasen går inte att använda. PostgreSQL säger: {first}. Kontrollera {_URL}."
