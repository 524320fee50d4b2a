"""What stands first on a person's card: what Skolverket has of the person now, or why it has nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.rules.catalogue_snapshot import catalogue_snapshot
from provsluss.rules.persons import check_person
from provsluss.transfers.desired import payloads
from provsluss.transfers.desired.objects import Wanted
from provsluss.transfers.desired.person_facts import PersonFacts
from provsluss.transfers.models import Accepted
from provsluss.transfers.person_status.status import person_status_of
from provsluss.transfers.person_status.why_not_sent import Obstacle, PersonStatus, why_not_sent
from provsluss.transfers.plan.changes import Change, changes
from provsluss.transfers.plan.names import plan_names
from provsluss.transfers.removal.awaiting_review import awaiting_review
from provsluss.web.frame.states import Tone


@dataclass(frozen=True, slots=True)
class Arrival:
    """A badge and its sentences; `changes` are what differs between the register and Skolverket."""

    tone: Tone
    icon: str
    title: str
    sentences: Sequence[str] = ()
    changes: Sequence[Change] = field(default=())
    is_wanted: bool = True
    """Whether an active test activity wants the person, so that there is something to send."""
    is_there: bool = False
    """Whether Skolverket has the person."""
    with_warning: bool = False
    """Whether Skolverket has remarked on what it has."""
    refused_in: int = 0
    """The transfer in which Skolverket refused the person, if that is what the card is about."""


_LOOKS: dict[Obstacle, tuple[Tone, str, str]] = {
    Obstacle.REFUSED: ("bad", "error", "Skolverket nekade uppgifterna"),
    Obstacle.NEVER_ANSWERED: ("bad", "error", "Inget svar från Skolverket"),
    Obstacle.WITHHELD: ("bad", "held", "Hålls inne och skickas inte"),
    Obstacle.UNDER_WAY: ("busy", "waiting", "Väntar på sin tur"),
    Obstacle.REMOVED: ("calm", "removed", "Borttagen hos Skolverket"),
}


def arrival_of(organisation: Organisation, facts: PersonFacts) -> Arrival:
    """Where a person stands at Skolverket, in the organisation's environment. Needs the organisation's scope."""
    person = facts.person
    status = person_status_of(organisation, person, facts)
    known = Accepted.objects.filter(
        organisation=organisation, environment=organisation.environment, kind="persons", object_id=person.pk
    ).first()
    if known is None or known.perhaps:
        return _not_there(status, is_perhaps_there=known is not None)
    return replace(_there(organisation, facts, known, status), is_there=True, with_warning=known.with_warning)


def _not_there(status: PersonStatus, is_perhaps_there: bool) -> Arrival:
    """Skolverket has not accepted the person, or not any more. Whoever has been sent is not said never to have been."""
    why = why_not_sent(status)
    tone, icon, title = _LOOKS.get(why.obstacle) or _what_last_happened(status, is_perhaps_there)
    refused_in = status.refused.transfer_id if status.refused and why.obstacle == Obstacle.REFUSED else 0
    return Arrival(tone, icon, title, why.sentences, is_wanted=bool(status.wanted_by), refused_in=refused_in)


def _what_last_happened(status: PersonStatus, is_perhaps_there: bool) -> tuple[Tone, str, str]:
    if is_perhaps_there or status.stopped or status.unanswered:
        return "warn", "sent", "Skickad, men Skolverkets svar kom aldrig"
    if status.removed:
        return _LOOKS[Obstacle.REMOVED]
    if status.refused:
        return "calm", "cancelled", "Nekad av Skolverket när den skickades"
    return "calm", "cancelled", "Inte skickad till Skolverket"


def _there(organisation: Organisation, facts: PersonFacts, accepted: Accepted, status: PersonStatus) -> Arrival:
    received = f"Skolverket tog emot uppgifterna {timezone.localtime(accepted.accepted_at):%Y-%m-%d %H:%M}"
    received += f" i överföring {accepted.transfer_id}." if accepted.transfer_id else "."
    if not status.wanted_by:
        return _unwanted(accepted, status, received, organisation.environment)
    differs = _changes(organisation, facts, accepted)
    if status.refused:
        why = f"Skolverket nekade de nya uppgifterna i överföring {status.refused.transfer_id} och har kvar de äldre."
        refused_in = status.refused.transfer_id
        return Arrival("bad", "error", "De nya uppgifterna nekades", (why, received), differs, refused_in=refused_in)
    if status.unanswered:
        why = f"Skolverket svarade aldrig om de nya uppgifterna i överföring {status.unanswered.transfer_id}."
        again = "Skicka igen. Händer det på nytt, kontakta Skolverket."
        return Arrival("bad", "error", "Inget svar om de nya uppgifterna", (why, received, again), differs)
    if status.held_back_by or (status.unprepared and differs):
        held = f"De nya uppgifterna hålls inne. {' '.join((*status.held_back_by, *status.unprepared))}"
        return Arrival("bad", "held", "Skolverket har äldre uppgifter", (held, received), differs)
    if differs:
        press = "Registret har ändrats sedan dess. Skicka för att Skolverket ska få det nya."
        return Arrival("warn", "retry", "Skolverket har äldre uppgifter", (received, press), differs)
    if not accepted.payload_hash:
        return Arrival("busy", "sent", "Skickad, svaret dröjer", ("Uppgifterna är skickade igen.", received))
    if accepted.with_warning:
        return Arrival(
            "warn",
            "warning",
            "Skolverket har samma uppgifter, men med en varning",
            (received, "Varningen står under Skickat och besvarat."),
        )
    return Arrival("ok", "ok", "Skolverket har samma uppgifter som registret", (received,))


def _unwanted(accepted: Accepted, status: PersonStatus, received: str, environment: str) -> Arrival:
    """No active test activity wants the person; what a paused one wants stays, and so does what somebody kept."""
    why = why_not_sent(status)
    if why.obstacle == Obstacle.PAUSED:
        title, goes = "Finns hos Skolverket, men uppdateras inte", "Uppgifterna ligger kvar så länge den är pausad."
    elif accepted.kept_at:
        title, goes = "Finns kvar hos Skolverket", "Någon har bestämt att uppgifterna ska ligga kvar."
    elif awaiting_review(environment, "persons", [accepted.object_id]):
        title, goes = "Finns hos Skolverket, men ska tas bort", "Det görs först när någon har granskat borttagningen."
    else:
        title = "Finns hos Skolverket, men ska tas bort"
        goes = "Det görs nästa gång du skickar. Är det mer än skyddsgränsen får någon granska det först."
    return Arrival("warn", "removed", title, (received, why.reason, goes), is_wanted=False)


def _changes(organisation: Organisation, facts: PersonFacts, accepted: Accepted) -> list[Change]:
    """What differs between what Skolverket has and what would be sent now."""
    now = Wanted(facts.person.pk, {})
    found = check_person(facts.person, facts.enrolments, facts.duties, facts.catalogue)
    now.build(found, payloads.person_record, facts.person, facts.enrolments)
    if now.payload is None or now.payload.decode() == accepted.payload:
        return []
    names = plan_names(organisation, catalogue_snapshot(organisation.environment))
    return changes("persons", accepted.payload, now.payload, names)
