"""What the pages say of a preview: what would happen, in plain words, and nothing that is not so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Plan, PlannedFate, PlannedObject
from provsluss.transfers.plan.planning import is_sent_again
from provsluss.transfers.removal.guard import Limit
from provsluss.wording.counting import Notice, about, counted, in_words, joined, listed
from provsluss.wording.kinds import ONE_AND_MANY

FATES: dict[str, tuple[str, str, str]] = {
    PlannedFate.WITHHELD: ("bad", "held", "Hålls inne"),
    PlannedFate.REMOVED: ("warn", "removed", "Tas bort"),
    PlannedFate.NEW: ("ok", "add", "Ny"),
    PlannedFate.CHANGED: ("busy", "edit", "Ändrad"),
}
"""Tone, icon and words of what would happen to an object, in the order in which the lists show them."""
_AGAIN = ("busy", "retry", "Skickas igen")
REFUSED_BEFORE = "refused_before"
_REFUSED_BEFORE = ("warn", "retry", "Skickas igen, nekades senast")
_REMOVAL_REFUSED = ("warn", "removed", "Tas bort, nekades senast")
FILTERS = {fate: words for fate, (_, _, words) in FATES.items()} | {REFUSED_BEFORE: "Nekades senast"}
"""What the lists can be filtered by, and in which words. What was refused before is new, changed or removed as well."""

NOTHING_SENT = "Förhandsgranskningen har inte skickat något."
ALL_IS_THERE = "Allt är redan skickat – inget skulle skickas nu."
NOTHING_WANTED = "Det finns inget att skicka: ingen grupp gör provet."
NOTHING_IS_WORKED_OUT = Notice(
    "danger",
    "Ingenting räknas ut just nu.",
    "Arbetsprocessen är inte igång. "
    "Be den som sköter Provsluss att starta den. Förhandsgranskningen går sedan vidare av sig själv.",
)


@dataclass(frozen=True, slots=True)
class Sums:
    """A plan's counts over all kinds."""

    new: int
    changed: int
    again: int
    refused_before: int
    unchanged: int
    withheld: int
    removed: int
    kept: int
    calls: int

    @property
    def to_send(self) -> int:
        return self.new + self.changed

    @property
    def does_nothing(self) -> bool:
        """Whether a press would neither send nor remove anything."""
        return not (self.to_send or self.removed)


def sums_of(counts: Mapping[str, Any]) -> Sums:
    """The sums of a plan's `counts`; all nought before it is ready."""
    kinds = [counts.get(kind, {}) for kind in KINDS]

    def total(name: str) -> int:
        return sum(int(one.get(name, 0)) for one in kinds)

    return Sums(
        new=total("new"),
        changed=total("changed"),
        again=total("again"),
        refused_before=total("refused_before"),
        unchanged=total("unchanged"),
        withheld=total("withheld"),
        removed=total("removed"),
        kept=total("kept"),
        calls=total("calls") + total("removal_calls"),
    )


def fate_look(row: PlannedObject) -> tuple[str, str, str]:
    """Tone, icon and words for one object."""
    if row.refused_before:
        return _REMOVAL_REFUSED if row.fate == PlannedFate.REMOVED else _REFUSED_BEFORE
    return _AGAIN if is_sent_again(row) else FATES[row.fate]


def plan_notice(plan: Plan, is_aged: bool = False) -> Notice:
    """What there is to say first about a plan that is ready and has not been followed by a transfer.

    `is_aged`: something has changed since, so it tells of then and not of now.
    """
    sums = sums_of(plan.counts)
    held_back = _held_back(plan)
    if not sums.does_nothing:
        if_sent = "Hade du skickat då hade det blivit" if is_aged else "Om du skickar nu blir det"
        says = f"{if_sent} {_would(sums)}, {calls_and_time(plan)}."
    elif is_aged:
        says = "Inget skulle ha skickats då."
    elif held_back:
        says = "Allt som kan skickas är redan skickat – inget skulle skickas nu."
    elif not sums.unchanged:
        says = NOTHING_WANTED
    else:
        says = ALL_IS_THERE
    return Notice("info", NOTHING_SENT, joined(says, refused_sentence(sums.to_send, sums.refused_before), held_back))


def everything_notice(plan: Plan) -> Notice:
    """The question before everything is sent again."""
    sums = sums_of(plan.counts)
    what = counted(sums.to_send, "uppgift", "uppgifter")
    return Notice(
        "warning",
        f"{what} skickas, {calls_and_time(plan)}.",
        joined(
            "Allt skickas, också det som Skolverket redan har och som inte har ändrats.",
            refused_sentence(sums.to_send, sums.refused_before),
            f"{counted(sums.removed, 'uppgift', 'uppgifter')} tas bort." if sums.removed else "",
            _held_back(plan),
            "Det behövs bara när Skolverket har tappat något. Annars räcker det att skicka som vanligt.",
        ),
    )


def _held_back(plan: Plan) -> str:
    """`1 person och 2 aktiviteter hålls inne.`; empty where nothing is."""
    held = [
        counted(number, *ONE_AND_MANY[kind])
        for kind in KINDS
        if (number := int(plan.counts.get(kind, {}).get("withheld", 0)))
    ]
    return f"{listed(held)} hålls inne." if held else ""


def refused_sentence(to_send: int, refused_before: int) -> str:
    """`2 av uppgifterna nekades av Skolverket förra gången, och nekas troligen igen …`. Empty where there are none."""
    if not refused_before:
        return ""
    who = f"{in_words(refused_before)} av uppgifterna" if refused_before < to_send else "Allt som skickas"
    return f"{who} nekades av Skolverket förra gången, och nekas troligen igen tills felet är rättat."


def calls_and_time(plan: Plan) -> str:
    """`i 14 anrop, ungefär 20 sekunder`."""
    return f"i {counted(sums_of(plan.counts).calls, 'anrop', 'anrop')}, {about(plan.seconds or 0)}"


def review_sentences(counts: Mapping[str, Any], limits: Mapping[Any, Limit]) -> list[str]:
    """Which removals would wait for somebody's decision, and why: those beyond their limits, then all others."""
    waiting = [kind for kind in KINDS if counts.get(kind, {}).get("needs_review")]
    # Worked out before that was kept: the limit.
    beyond = [kind for kind in waiting if counts[kind].get("beyond_limit", True)]
    what = {kind: counted(counts[kind]["removed"], *ONE_AND_MANY[kind]) for kind in waiting}
    sentences = [
        f"{what[kind]} skulle tas bort, och skyddsgränsen är {limits[kind].percent} % och {limits[kind].count} stycken."
        for kind in beyond
    ]
    others = listed([what[kind] for kind in waiting if kind not in beyond])
    return [*sentences, f"{others} väntar på samma beslut."] if others else sentences


def _would(sums: Sums) -> str:
    """`158 nya uppgifter, 3 ändrade och 47 borttagna`: what they are stands after the first."""
    changed = sums.changed - sums.again
    numbers = [
        (sums.new, "ny{}", "nya{}"),
        (changed, "ändrad{}", "ändrade{}"),
        (sums.again, "{} som skickas igen", "{} som skickas igen"),
        (sums.removed, "borttagen{}", "borttagna{}"),
    ]
    told: list[str] = []
    for number, one, several in numbers:
        if number:
            kinds = (" uppgift", " uppgifter") if not told else ("", "")
            told.append(counted(number, one.format(kinds[0]).strip(), several.format(kinds[1]).strip()))
    return listed(told)
