"""The button Skicka nu: one person with what it needs, ahead of the queue."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation, User
from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.register.models import Person
from provsluss.rules.catalogue_snapshot import catalogue_snapshot
from provsluss.rules.protection import UNPREPARED
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.desired.objects import wanted_objects
from provsluss.transfers.desired.one_person import OnePerson, is_at_skolverket, wanted_of
from provsluss.transfers.lifecycle.move import note_new
from provsluss.transfers.models import ENDED_STATES, Accepted, Purpose, TestActivity, Transfer, at_todays_addresses
from provsluss.transfers.person_status.status import person_status_of
from provsluss.transfers.person_status.why_not_sent import how_to_release, why_not_sent
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.predicted import Planned


class NothingNew(CannotSend):
    """Skolverket has the same already. It can be sent anyway."""


class UnsentTests(CannotSend):
    """Some of the person's tests have not been sent. They are sent with the person only if somebody says so."""

    def __init__(self, names: list[str], all_of_them: bool) -> None:
        """`names` of those test activities; `all_of_them`: the person has no other."""
        self.names, self.all_of_them = names, all_of_them
        them = " och ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
        super().__init__(f"{them} finns inte hos Skolverket.")

    @property
    def those(self) -> str:
        """`det provet` or `de proven`."""
        return "det provet" if len(self.names) == 1 else "de proven"


def send_person(
    organisation: Organisation,
    user: User | None,
    person: Person,
    anyway: bool = False,
    unsent_tests_too: bool | None = None,
) -> Transfer:
    """Queue a transfer of `person` alone to the organisation's environment; it never waits behind a large one.

    `anyway`: also what Skolverket has already. `unsent_tests_too`: also the groups and activities of tests of which
    Skolverket has nothing; None asks, by raising UnsentTests. Of a person who is on the way already, the transfer that
    goes on is returned. Raises NothingNew, and CannotSend when nothing wants the person or its own data stand in the
    way. The organisation's scope must be active. The transfer belongs to no test activity: theirs say how all of it
    went.
    """
    if ongoing := ongoing_of_person(organisation, person):
        return ongoing
    selection = wanted_of(organisation, person.pk, "" if unsent_tests_too else organisation.environment)
    if not selection.is_wanted:
        raise CannotSend(" ".join(why_not_sent(person_status_of(organisation, person)).sentences))
    look = _look(organisation, selection)
    if look.held_back_by:
        release = how_to_release(look.mending, look.is_unprepared)
        raise CannotSend(f"Personen hålls inne. {' '.join(look.held_back_by)} {release}")
    if unsent_tests_too is None and (unsent := _unsent(organisation, selection)):
        raise UnsentTests([one.name for one in unsent], len(unsent) == len(selection.own_tests))
    if not look.is_news and not anyway:
        raise NothingNew(f"Skolverket har redan samma uppgifter, mottagna {_received(organisation, person)}.")
    with transaction.atomic():
        locks.take_turn(locks.Purpose.PRESS, organisation.pk)
        if ongoing := ongoing_of_person(organisation, person):
            return ongoing
        transfer = Transfer.objects.create(
            organisation=organisation,
            environment=organisation.environment,
            created_by=user,
            purpose=Purpose.ONE_PERSON,
            person_id=person.pk,
            unsent_tests_too=bool(unsent_tests_too),
        )
        note_new(transfer)
        if anyway:
            _forget(organisation, selection)
        order(Task.TRANSFER, transfer)
    return transfer


def ongoing_of_person(organisation: Organisation, person: Person) -> Transfer | None:
    """The transfer of `person` alone that has not ended."""
    return _transfers(organisation, person.pk).exclude(state__in=ENDED_STATES).first()


def latest_of_person(organisation: Organisation, person: Person) -> Transfer | None:
    """The newest transfer of `person` alone, ended or not."""
    return _transfers(organisation, person.pk).first()


def _transfers(organisation: Organisation, person_id: uuid.UUID) -> QuerySet[Transfer]:
    alone = Transfer.objects.filter(purpose=Purpose.ONE_PERSON, person_id=person_id)
    return alone.filter(at_todays_addresses(), environment=organisation.environment).order_by("-pk")


@dataclass(slots=True)
class _Look:
    """Whether there is anything to send, and what keeps the person itself from being sent."""

    is_news: bool = False
    held_back_by: list[str] = field(default_factory=list)
    mending: list[str] = field(default_factory=list)
    """What to do about it, as the rules say; nothing of being protected."""
    is_unprepared: bool = False


def _look(organisation: Organisation, selection: OnePerson) -> _Look:
    there = RemoteState(organisation, organisation.environment)
    planned, catalogue, look = Planned(there), catalogue_snapshot(organisation.environment), _Look()
    for kind in KINDS:
        wanted = wanted_objects(selection, kind, selection.ids(kind), planned, catalogue)
        payloads = {one.object_id: one.payload for one in wanted if one.payload is not None}
        look.is_news |= payloads.keys() != there.unchanged(kind, payloads)
        if kind == "persons":
            reasons = [finding for one in wanted if one.is_withheld for finding in one.findings]
            look.held_back_by = list(dict.fromkeys(str(finding["sentence"]) for finding in reasons))
            look.is_unprepared = any(finding["code"] == UNPREPARED for finding in reasons)
            look.mending = [str(one["how"]) for one in reasons if one["code"] != UNPREPARED and one.get("how")]
        planned.will_send(kind, payloads)
    return look


def _unsent(organisation: Organisation, selection: OnePerson) -> list[TestActivity]:
    return [one for one in selection.own_tests if not is_at_skolverket(one, organisation.environment)]


def _forget(organisation: Organisation, selection: OnePerson) -> None:
    """Let everything of the person count as changed. It stays present: something of it is at Skolverket."""
    for kind in KINDS:
        _accepted(organisation, kind, selection.ids(kind)).update(payload_hash="")


def _received(organisation: Organisation, person: Person) -> str:
    moment: datetime = _accepted(organisation, "persons", [person.pk]).get().accepted_at
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _accepted(organisation: Organisation, kind: Kind, ids: list[uuid.UUID]) -> QuerySet[Accepted]:
    return Accepted.objects.filter(
        organisation=organisation, environment=organisation.environment, kind=kind, object_id__in=ids
    )
