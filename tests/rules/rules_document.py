"""The tables of docs/regler.md, from that of which check has which function and test."""

from pathlib import Path

from tests.rules.test_coverage_of_rules import BESIDES, HARD_ERRORS, WARNINGS, Covered

DOCUMENT = Path(__file__).parents[2] / "docs/regler.md"

WHAT = {
    "P1": "Id, personnummer, förnamn och efternamn finns.",
    "P3": "Exakt ett inloggningsnamn (EPPN).",
    "P10–P11 format": "Personnummer, samordningsnummer eller TF-nummer, tolv tecken utan bindestreck.",
    "P13": "Personnumrets land är SE.",
    "P17 (staff e-mail)": "Personal har en e-postadress, och en adress som står där är en adress.",
    "P21 context": "eduID är det enda externa id:t, och bara för personal.",
    "E1–E4": "Inskrivningens skolenhet, skolform, årskurs och studievägskod.",
    "D1/D3": "Tjänstgöringens person, skolenhet och personalkategori.",
    "G1–G2": "Gruppens namn, typ, skolform och skolenhet.",
    "A1–A3": "Aktivitetens grupp, skolenhet och prov.",
    "payload size": "Ett objekt får plats i ett anrop.",
    "references (T4)": "Det som ett objekt hänvisar till kommer fram före det.",
    ">1 Klass per pupil": "En elev går i högst en klass.",
    ">1 enrolment (GR/SP/SAM/GY)": "En elev är inskriven på en skola.",
    "3047 predicate": "Inloggningsnamnet liknar inte personens namn.",
    "name length >64": "Namnen ryms i provplattformens fält.",
    "kontrollsiffra on samordningsnummer": "Samordningsnumrets sista siffra stämmer.",
    "no Rektor/Skoladministratör per skolenhet": "Varje skolenhet har Rektor eller Skoladministratör.",
    "undervisningsgrupp without Activity": "En undervisningsgrupp med prov i registret är med i en provaktivitet.",
    "Activity without teachers": "Gruppen har en lärare.",
    "pupil without undervisningsgrupp": "Elever i en årskurs som gör prov är med i en grupp med prov.",
    "skolform/årskurs mismatch with provaktivitet": "Elevernas skolform och årskurs är provets.",
    "dnpStatus false/Expired unit": "Skolenheten finns kvar och är med i provtjänsten, med skolform och årskurs.",
    "e-mail type not Skola elev/personal": "E-postadressens typ är en av de två som Skolverket tar emot.",
    "same EPPN in two persons or in both roles": "Varje person och roll har sitt eget inloggningsnamn.",
    "protected person without AP set-up confirmed": (
        "Det är bekräftat att skyddade personuppgifter kan skickas; annars hålls personen inne."
    ),
    "unmatched TF→pnr change": "Den som fått personnummer finns inte kvar med sitt TF-nummer.",
    "P1 (looks like a name)": "Namnen ser ut som namn: inte 0, null eller med tecken som gått förlorade.",
    "P5": "Inloggningsnamnet har formen namn@domän.",
    "P6": "Inloggningsnamnet innehåller inte personnumret.",
    "P14 (year of birth)": "Personnumrets födelseår kan stämma med elevens årskurs, eller med någon i personalen.",
    "P15 (personnummer)": "Personnumrets sista siffra stämmer.",
    "P17 (private address)": "Personalens adress är inte privat.",
    "P18": "Sekretessmarkeringen är en av de tre.",
    "P22": "eduID-namnet är tomt när eduID är själva inloggningen.",
    "N14 (personnummer)": "Ett personnummer finns på en elev och en i personalen, men inte på två av samma slag.",
    "P23": "Personen har en inskrivning eller tjänstgöring, annars blir det inget konto.",
    "P4 (duty of a pupil)": "Den som är både elev och personal finns två gånger.",
    "D2": "Samma tjänstgöring finns inte två gånger.",
    "G5": "Gruppens elever kommer fram; annars skickas gruppen igen när de har gjort det.",
    "G6": "Undervisningsgruppens namn är ensamt på skolan, och gruppen gör ett prov.",
    "A3 (list fetched)": "Skolverkets lista över prov är hämtad, annars är ingenting säkert redo.",
    "G10": "Gruppen har elever.",
    "A4": "Lärarna hör till skolan och arbetar kvar, och aktiviteten har en grupp.",
}

FIRST, LAST = "pytest tests/rules/test_the_rules_are_documented.py -->\n", "<!-- tabeller: slut -->"
"""The tables stand between these; the rest of the document is written by hand."""


def tables() -> str:
    """The tables as they should stand in the document."""
    return "".join(
        _table(heading, severity, checks)
        for heading, severity, checks in (
            ("Fel", "Fel", HARD_ERRORS),
            ("Varningar", "Varning", WARNINGS),
            ("Utöver Skolverkets lista", "Fel eller varning", BESIDES),
        )
    )


def written() -> str:
    """The tables as they stand there."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text[text.index(FIRST) + len(FIRST) : text.index(LAST)]


def write() -> None:
    """Put the tables in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = text.index(FIRST) + len(FIRST), text.index(LAST)
    DOCUMENT.write_text(text[:begin] + tables() + text[end:], encoding="utf-8")


def _table(heading: str, severity: str, checks: dict[str, Covered]) -> str:
    lines = [f"\n## {heading}\n", f"\n{severity} när det inte stämmer.\n\n"]
    lines += [
        "| Kontroll | Vad som gäller | Funktion i `src/provsluss/` | Test i `tests/rules/` |\n",
        "| --- | --- | --- | --- |\n",
    ]
    for check, covered in checks.items():
        functions = "<br>".join(f"`{_place(one)}`" for one in covered.by)
        tests = "<br>".join(f"`{name}`" for name in dict.fromkeys(_file(test) for test in covered.tests))
        lines.append(f"| {check} | {WHAT[check]} | {functions} | {tests} |\n")
    return "".join(lines) + "\n"


def _place(function: object) -> str:
    module = str(getattr(function, "__module__", "")).removeprefix("provsluss.").replace(".", "/")
    return f"{module}.py: {getattr(function, '__name__', '')}"


def _file(test: object) -> str:
    return str(getattr(test, "__module__", "")).rpartition(".")[2] + ".py"
