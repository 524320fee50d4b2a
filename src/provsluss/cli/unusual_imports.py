"""What is out of the ordinary with an import, told before anything is stored: a new school year, and mass endings.

In the words of the page (web/register/school_year_change.py, templates/register/import.html).
"""

from typing import TYPE_CHECKING, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from provsluss.register.ingest.spared import Spared
    from provsluss.register.ingest.unusual_endings import MassEnding
    from provsluss.register.models import Import
    from provsluss.transfers.plan.of_import import Effect

TOO_MUCH_ENDS = "Filen lästes inte in, eftersom ovanligt mycket skulle avslutas. Inget har sparats."
_TOO_MUCH_ENDS_IN_A_SOURCE = "Inget har sparats, eftersom ovanligt mycket skulle avslutas."


def refused_words(import_run: "Import") -> str:
    """Why an import was not stored, when a guard was told to refuse it."""
    from provsluss.register.sources.registry import kind_of

    return _TOO_MUCH_ENDS_IN_A_SOURCE if kind_of(import_run.source).fetch else TOO_MUCH_ENDS


def tell_unusual(import_run: "Import") -> None:
    """Print what somebody should know before the previewed import is stored; nothing where all is as usual."""
    from provsluss.register.ingest.school_year_change import school_year_change
    from provsluss.register.ingest.spared import spared_in
    from provsluss.register.ingest.unusual_endings import mass_endings
    from provsluss.transfers.plan.of_import import effect_of
    from provsluss.wording.import_outcome import ending_sentence, share_sentence, spared_sentence
    from provsluss.wording.school_year import exchanged_sentence, summary

    console = Console(highlight=False)
    change = school_year_change(import_run)
    if change:
        console.print(f"Filen ser ut att gälla ett nytt läsår. {summary(change)}")
        if exchanged := exchanged_sentence(change):
            console.print(exchanged)
        if effect := effect_of(import_run):
            _tell_effect(console, effect)
    endings = mass_endings(import_run)
    for one in endings:
        console.print(f"{ending_sentence(one, import_run)} {share_sentence(one)}")
    if endings and change:
        console.print(
            "Så är det vid ett läsårsskifte. Kontrollera ändå att filen är hel: saknas till exempel en skola?"
        )
    elif endings:
        console.print("Är filen hel? Saknas till exempel en klass, läs in en hel fil i stället.")
    for spared in spared_in(import_run):
        console.print(spared_sentence(spared, import_run))


def tell_what_follows(import_run: "Import") -> None:
    """Print what to do once an unusual import has been stored; nothing for one that has not been."""
    from provsluss.register.ingest.school_year_change import school_year_change
    from provsluss.register.ingest.unusual_endings import mass_endings
    from provsluss.register.models import ImportState

    console = Console(highlight=False)
    if import_run.state not in (ImportState.DONE, ImportState.DONE_WITH_ERRORS):
        return
    if school_year_change(import_run):
        console.print(
            "Så går du vidare: Kontrollera provaktiviteterna och arkivera dem som hör till förra läsåret. Skicka. "
            "Granska sedan det som ska tas bort, och godkänn."
        )
    elif mass_endings(import_run):
        console.print("Var filen inte hel? Läs in en hel fil innan du skickar, så kommer det som avslutades tillbaka.")


def may_be_stored(import_run: "Import", refuse: bool, ask: bool) -> bool:
    """Whether to store it: always, unless very much would end and somebody is there to say no, or has said so before.

    `refuse` is the answer given beforehand; `ask` says that somebody is at the terminal. Nothing is removed at
    Skolverket by storing: what then is much waits for a review of its own.
    """
    from provsluss.register.ingest.unusual_endings import mass_endings
    from provsluss.register.sources.registry import kind_of

    if not mass_endings(import_run):
        return True
    if refuse:
        return False
    if not ask:
        return True
    what = "det" if kind_of(import_run.source).fetch else "filen"
    answer: str = typer.prompt(f"Ska {what} läsas in? [j/N]", default="", show_default=False)
    return answer.strip().casefold() in ("j", "ja")


def unusual_as_json(import_run: "Import") -> dict[str, Any]:
    """The same for `--json`: `school_year_change` (null where it is none), `mass_endings` and `spared`."""
    from provsluss.register.ingest.school_year_change import school_year_change
    from provsluss.register.ingest.spared import spared_in
    from provsluss.register.ingest.unusual_endings import mass_endings
    from provsluss.transfers.plan.of_import import effect_of
    from provsluss.wording.school_year import summary

    change, effect = school_year_change(import_run), effect_of(import_run)
    unusual: dict[str, Any] = {
        "school_year_change": None,
        "mass_endings": [_in_words(one, import_run) for one in mass_endings(import_run)],
        "spared": [_in_words(one, import_run) for one in spared_in(import_run)],
    }
    if change is None:
        return unusual
    told: dict[str, Any] = {"summary": summary(change), "totals": dict(change.totals), "units": change.units}
    told["at_skolverket"] = _effect_as_json(effect) if effect else None
    return unusual | {"school_year_change": told}


def _in_words(one: "MassEnding | Spared", import_run: "Import") -> dict[str, Any]:
    """With the section as the source calls it: `sheet`."""
    from provsluss.wording.import_outcome import place_of

    told = one.as_dict()
    del told["section"]
    return {"sheet": place_of(one, import_run), **told}


def _tell_effect(console: Console, effect: "Effect") -> None:
    from provsluss.wording.counting import in_words
    from provsluss.wording.kinds import KIND_NAMES
    from provsluss.wording.school_year import FATES

    console.print("Läser du in filen och skickar allt blir det så här hos Skolverket:")
    table = Table(box=SIMPLE, padding=0, pad_edge=False)
    table.add_column("Steg", no_wrap=True)
    for title in FATES.values():
        table.add_column(title, justify="right", no_wrap=True)
    for kind, name in KIND_NAMES.items():
        table.add_row(name, *(in_words(effect.kinds[kind][fate]) for fate in FATES))
    console.print(table)
    if effect.needs_review:
        console.print(
            "Ingenting tas bort av misstag: det som är mer än skyddsgränsen, och det som hör ihop med det, väntar "
            "tills någon har granskat det. Allt annat skickas som vanligt."
        )


def _effect_as_json(effect: "Effect") -> dict[str, Any]:
    return {
        "environment": effect.environment,
        "needs_review": effect.needs_review,
        "kinds": effect.kinds,
        "test_activities": [
            {
                "name": one.name,
                "state": one.state,
                "groups": one.groups,
                "ending": one.ending,
                "groups_after": one.groups_after,
            }
            for one in effect.test_activities
        ],
    }
