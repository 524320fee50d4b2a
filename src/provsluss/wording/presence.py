"""What to do about objects that Skolverket has accepted and no longer has, in the words of page and command."""

from collections.abc import Mapping

from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.remote.read_back import Verified
from provsluss.wording.counting import counted, listed
from provsluss.wording.kinds import ONE_AND_MANY


def missing_sentence(found: Mapping[Kind, Verified]) -> str:
    """`3 personer och 1 grupp har tagits emot av Skolverket men finns inte där längre.`; empty where nothing lacks."""
    named = listed([counted(len(found[k].missing), *ONE_AND_MANY[k]) for k in KINDS if found[k].missing])
    return f"{named} har tagits emot av Skolverket men finns inte där längre." if named else ""


def marked_sentence(number: int) -> str:
    """What follows once they have been marked."""
    if not number:
        return "Inget behövde märkas: det som saknades har skickats eller ändrats under tiden."
    counts = counted(number, "uppgift räknas nu som inte skickad", "uppgifter räknas nu som inte skickade")
    return f"{counts}. Det som fortfarande behövs för ett prov skickas nästa gång du skickar."
