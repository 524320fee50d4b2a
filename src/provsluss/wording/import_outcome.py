"""What an import says of those who end, and of those who for once do not, in the words of page and command."""

from provsluss.register.ingest.spared import Spared
from provsluss.register.ingest.unusual_endings import MassEnding
from provsluss.register.models import Import
from provsluss.register.sections import Section
from provsluss.register.sources.registry import has_rows, read_thing, section_words
from provsluss.wording.counting import counted, in_words, listed

_ONE_AND_MANY = {
    Section.CLASSES: ("klass", "klasser"),
    Section.TEACHING_GROUPS: ("undervisningsgrupp", "undervisningsgrupper"),
    Section.PUPILS: ("elev", "elever"),
    Section.DUTIES: ("tjänstgöring", "tjänstgöringar"),
}


def called(one: MassEnding | Spared) -> str:
    """`elever`, `klasser` …"""
    return _ONE_AND_MANY[one.section][1]


def place_of(one: MassEnding | Spared, import_run: Import) -> str:
    """What the import's source calls the section, such as a sheet's name."""
    return section_words(import_run.source)[one.section]


def ending_sentence(one: MassEnding, import_run: Import) -> str:
    """`30 elever avslutas eftersom de inte finns i filen.`, and where that is not all of the register's."""
    thing = read_thing(import_run.source)
    who = counted(one.ended, *_ONE_AND_MANY[one.section])
    if one.class_name:
        who += f" i klassen {one.class_name}"
    if one.school_unit_code:
        who += f" på skolenheten {one.school_unit_code}"
    absent = one.ended - one.asked_for
    if not absent:
        return f"{who} avslutas eftersom {_they(one.ended)} har Ja i kolumnen Ta bort."
    if not one.asked_for:
        return f"{who} avslutas eftersom {_they(one.ended)} inte finns i {thing}."
    why = f"{in_words(absent)} finns inte i {thing} och {in_words(one.asked_for)} har Ja i kolumnen Ta bort"
    return f"{who} avslutas: {why}."


def share_sentence(one: MassEnding) -> str:
    """`Det är 30 av 40.`: of all that the register has there."""
    return f"Det är {in_words(one.ended)} av {in_words(one.known)}."


def spared_sentence(one: Spared, import_run: Import) -> str:
    """Why nobody of a section ends, though the file lacks somebody, and what to do about it."""
    many = called(one)
    rows = listed([str(row) for row in one.rows])
    if one.row_count > len(one.rows):
        rows = f"{', '.join(map(str, one.rows))} och {in_words(one.row_count - len(one.rows))} till"
    thing = read_thing(import_run.source)
    which = f"rad {rows} i bladet {place_of(one, import_run)}"
    if not has_rows(import_run.source):
        which = f"en del av {place_of(one, import_run)}"
    them = "raden" if one.row_count == 1 else "raderna"
    kept = f"{counted(one.missing, *_ONE_AND_MANY[one.section])} saknas i {thing} men ligger kvar i registret."
    if one.none_readable:
        return (
            f"Inga {many} avslutas på en skolenhet där ingen rad gick att läsa in ({which}). {kept} "
            f"Rätta {them} och läs in {thing} igen."
        )
    where = "" if one.everywhere else " på samma skolenhet"
    return (
        f"Inga {many}{where} avslutas för att de saknas i {thing}: det går inte att se vem eller vad {which} gäller. "
        f"{kept} Rätta {them}, eller ta bort det som inte hör dit, och läs in {thing} igen."
    )


def _they(number: int) -> str:
    return "den" if number == 1 else "de"
