"""Why Skolverket has nothing of a person: the first thing that stands in the way, in a sentence, and what to do.

Pure: everything that it needs to know is in PersonStatus (status.py reads it from the tables).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils import timezone


class Obstacle(Enum):
    """What stands in the way, from the person itself to the last transfer."""

    ENDED = "ended"
    NO_DUTY = "no_duty"
    NO_GROUP = "no_group"
    GROUPS_WITHOUT_TEST = "groups_without_test"
    PAUSED = "paused"
    ARCHIVED = "archived"
    SCHOOL_WITHOUT_TEST = "school_without_test"
    DUTY_NOT_ASKED_FOR = "duty_not_asked_for"
    WITHHELD = "withheld"
    REMOVED = "removed"
    REFUSED = "refused"
    NEVER_ANSWERED = "never_answered"
    UNDER_WAY = "under_way"
    STOPPED = "stopped"
    ONLY_ELSEWHERE = "only_elsewhere"
    NOT_SENT_SINCE = "not_sent_since"
    NEVER_SENT = "never_sent"


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer of what wants the person, or what became of the person in it. `state` is the transfer's."""

    transfer_id: int
    created_at: datetime
    state: str = ""
    is_ended: bool = True
    """Whether it has come as far as it goes by itself."""


@dataclass(frozen=True, slots=True)
class PersonStatus:
    """A person and its way to Skolverket in one environment. No name in it is the person's own."""

    is_pupil: bool
    ended_at: datetime | None = None
    groups: tuple[str, ...] = ()
    """The groups that a pupil is in, or that a member of staff teaches."""
    duty_roles: tuple[str, ...] = ()
    school_has_test: bool = False
    """Whether an active test activity has a group at a school unit where the person works."""
    wanted_by: tuple[str, ...] = ()
    """The active test activities that want the person."""
    paused: tuple[str, ...] = ()
    """Paused ones that would."""
    archived: tuple[str, ...] = ()
    held_back_by: tuple[str, ...] = ()
    """The sentences of the rules that hold the person back for what the register says."""
    mending: tuple[str, ...] = ()
    """What to do about them, as the rules say: it need not be the source that is wrong."""
    unprepared: tuple[str, ...] = ()
    """Why the person is held back because it is protected, whatever else the register says."""
    changed_at: datetime | None = None
    latest: Sent | None = None
    """The newest transfer of what wants the person."""
    removed: Sent | None = None
    """The transfer that removed the person, if that is the last that happened to it."""
    refused: Sent | None = None
    """The transfer in which Skolverket refused the person, likewise."""
    unanswered: Sent | None = None
    """The transfer in which Skolverket never answered about the person, likewise."""
    withheld: Sent | None = None
    """The transfer in which the person was held back, likewise."""
    stopped: Sent | None = None
    """The transfer that was stopped after the person had been sent and before the answer had come, likewise."""
    sent_to: tuple[str, ...] = ()
    """Other environments that have the person, and other addresses of this one."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer: what stands in the way, the reason, and what to do about it."""

    obstacle: Obstacle
    reason: str
    advice: str = ""

    @property
    def sentences(self) -> list[str]:
        return [text for text in (self.reason, self.advice) if text]


def why_not_sent(it: PersonStatus) -> WhyNot:
    """The first obstacle, seen from the person. Total: whoever is on the way for no known reason waits to be sent."""
    if it.ended_at:
        return WhyNot(
            Obstacle.ENDED,
            f"Personen avslutades {_day(it.ended_at)}, eftersom källan inte längre har den, och skickas därför inte.",
            "Är det fel? Rätta i källan och läs in igen.",
        )
    if not it.wanted_by:
        return _unwanted(it)
    if held_back_by := (*it.held_back_by, *it.unprepared):
        reason = f"Personen hålls inne. {' '.join(held_back_by)}"
        return WhyNot(Obstacle.WITHHELD, reason, how_to_release(it.mending, bool(it.unprepared)))
    return _not_arrived(it)


def how_to_release(mending: Iterable[str], unprepared: bool) -> str:
    """What to do about a person who is held back: as the rules say (`mending`), and for being protected."""
    confirm = ["Bekräfta förberedelserna under Inställningar, Huvudman."] if unprepared else []
    return " ".join([*dict.fromkeys(mending), *confirm, "Skicka sedan."])


def _unwanted(it: PersonStatus) -> WhyNot:
    """No active test activity wants the person."""
    if it.paused:
        return WhyNot(
            Obstacle.PAUSED,
            f"{_listed(it.paused)} är {'pausad' if len(it.paused) == 1 else 'pausade'}, och ingen annan provaktivitet "
            "vill ha personen.",
            "Aktivera provaktiviteten om provet ska göras.",
        )
    if it.archived:
        return WhyNot(
            Obstacle.ARCHIVED,
            f"{_listed(it.archived)} är {'arkiverad' if len(it.archived) == 1 else 'arkiverade'}, och ingen annan "
            "provaktivitet vill ha personen.",
            "Aktivera provaktiviteten om provet ska göras igen.",
        )
    return _pupil_unwanted(it) if it.is_pupil else _staff_unwanted(it)


def _pupil_unwanted(it: PersonStatus) -> WhyNot:
    if not it.groups:
        return WhyNot(
            Obstacle.NO_GROUP,
            "Eleven går inte i någon klass eller undervisningsgrupp.",
            "Lägg in eleven i rätt grupp i elevregistret och läs in igen.",
        )
    group = "gruppen" if len(it.groups) == 1 else "ingen av grupperna"
    is_in = "är inte med" if len(it.groups) == 1 else "är med"
    return WhyNot(
        Obstacle.GROUPS_WITHOUT_TEST,
        f"Eleven går i {_listed(it.groups)}, men {group} {is_in} i någon aktiv provaktivitet.",
        "Lägg till gruppen i en provaktivitet, eller eleven i en grupp som ska göra ett prov.",
    )


def _staff_unwanted(it: PersonStatus) -> WhyNot:
    if not it.duty_roles:
        return WhyNot(
            Obstacle.NO_DUTY,
            "Personen har ingen tjänstgöring på någon skola.",
            "Lägg till en tjänstgöring i personalregistret och läs in igen.",
        )
    if not it.school_has_test:
        return WhyNot(
            Obstacle.SCHOOL_WITHOUT_TEST,
            "Ingen grupp på personens skola är med i någon aktiv provaktivitet.",
            "Lägg till skolans grupper i en provaktivitet.",
        )
    teaches = f"Personen undervisar {_listed(it.groups)}, som inte gör något prov" if it.groups else ""
    teaches = teaches or "Personen undervisar ingen grupp som gör ett prov"
    return WhyNot(
        Obstacle.DUTY_NOT_ASKED_FOR,
        f"{teaches}, och {_listed(it.duty_roles)} skickas inte av sig själv.",
        "Välj personen, eller all personal på skolan, under Ändra i provaktiviteten.",
    )


def _not_arrived(it: PersonStatus) -> WhyNot:
    """Wanted and in order, and still not there."""
    press = f"Tryck på Skicka nu, eller skicka {'provaktiviteten' if len(it.wanted_by) == 1 else 'provaktiviteterna'}."
    wanted = _listed(it.wanted_by)
    is_told = it.latest and any(
        one and one.transfer_id >= it.latest.transfer_id for one in (it.refused, it.unanswered, it.removed)
    )
    if it.latest and not it.latest.is_ended and not is_told:
        return WhyNot(
            Obstacle.UNDER_WAY,
            f"Överföring {it.latest.transfer_id} har inte kommit till personen än.",
            "Vänta tills den är klar, eller tryck på Skicka nu.",
        )
    if it.refused:
        return WhyNot(
            Obstacle.REFUSED,
            f"Skolverket nekade personen {_moment(it.refused.created_at)}, i överföring {it.refused.transfer_id}.",
            "Se orsaken nedan, åtgärda den och skicka igen.",
        )
    if it.unanswered:
        return WhyNot(
            Obstacle.NEVER_ANSWERED,
            f"Skolverket svarade aldrig om personen i överföring {it.unanswered.transfer_id}. Provsluss slutade vänta "
            f"{_moment(it.unanswered.created_at)}.",
            f"{press} Händer det igen, kontakta Skolverket.",
        )
    if it.removed:
        return WhyNot(
            Obstacle.REMOVED,
            f"Personen togs bort hos Skolverket {_moment(it.removed.created_at)}, i överföring "
            f"{it.removed.transfer_id}.",
            press,
        )
    if it.stopped:
        return WhyNot(
            Obstacle.NEVER_ANSWERED,
            f"Överföring {it.stopped.transfer_id} avbröts innan Skolverkets svar om personen hade hämtats.",
            press,
        )
    if it.latest and it.latest.state == "cancelled":
        return WhyNot(
            Obstacle.STOPPED, f"Överföring {it.latest.transfer_id} avbröts innan den kom till personen.", press
        )
    if it.sent_to:
        return WhyNot(
            Obstacle.ONLY_ELSEWHERE,
            f"Personen har bara skickats till {_listed(it.sent_to)}, inte till miljön och adressen som ni använder nu.",
            press,
        )
    if it.latest:
        since = "Då var personen inte med"
        if it.withheld and it.withheld.transfer_id == it.latest.transfer_id:
            since = "Då hölls personen inne"
        elif it.changed_at and it.changed_at > it.latest.created_at:
            since = f"Uppgifterna om personen ändrades {_moment(it.changed_at)}"
        return WhyNot(
            Obstacle.NOT_SENT_SINCE, f"{wanted} skickades senast {_moment(it.latest.created_at)}. {since}.", press
        )
    return WhyNot(Obstacle.NEVER_SENT, f"{wanted} har inte skickats än.", press)


def _listed(names: tuple[str, ...]) -> str:
    """`6A, Ma6A och Sv6A`; many are counted."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} och {len(names) - 2} till"
    return " och ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
