"""An environment has another address than it had: what was sent there says nothing of what is here.

Unless somebody knows better: Skolverket may have moved the same service, or a proxy may stand before it. Then what was
sent to the old address is let count at the new one.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django_scopes import scopes_disabled

from provsluss.connection.check import Check, warning
from provsluss.organisations.environments import Environment, place
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Accepted, Plan, Transfer


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address that something has been sent to, and how many objects are known to be there."""

    environment: str
    address: str
    objects: int

    @property
    def is_todays(self) -> bool:
        """Whether it is where the environment is today."""
        return self.address == place(self.environment)


def known_addresses(organisation: Organisation | None = None) -> list[KnownAddress]:
    """The addresses that objects have been sent to, of one organisation or of all. Works without an active scope."""
    with scopes_disabled():
        accepted = Accepted.everywhere.order_by("environment", "address")
        if organisation is not None:
            accepted = accepted.filter(organisation=organisation)
        counted = accepted.values_list("environment", "address").annotate(number=Count("pk"))
        return [KnownAddress(*row) for row in counted]


def check_address(organisation: Organisation) -> list[Check]:
    """A warning for each other address that the organisation's environment has had, while something is known there."""
    here, label = place(organisation.environment), organisation.get_environment_display()
    return [
        warning(
            "Adress",
            f"{label} har adressen {here}, men det som skickats till {known.address} ({known.objects} objekt) räknas "
            "inte hit: här skickas allt som nytt, och det som finns där tas inte bort.",
            f"Är det samma tjänst med en ny adress? Kör: provsluss address moved {known.address}",
        )
        for known in known_addresses(organisation)
        if known.environment == organisation.environment and not known.is_todays
    ]


def move(environment: str, address: str) -> int:
    """Let what was sent to `address` count where `environment` is today, for all organisations.

    Returns how many objects. Of what has been accepted at both nobody knows which came last: it is sent once more.
    """
    here = {"environment": environment, "address": place(environment)}
    there = {"environment": environment, "address": address}
    with scopes_disabled(), transaction.atomic():
        # Nobody else writes these rows meanwhile (RemoteState).
        list(Organisation.objects.order_by("pk").select_for_update(no_key=True))
        number = Accepted.everywhere.filter(**there).count()
        here_too = Accepted.everywhere.filter(**here).filter(Exists(_the_same(there)))
        here_too.filter(Exists(_the_same(there).filter(perhaps=False))).update(perhaps=False)
        here_too.update(payload_hash="")
        Accepted.everywhere.filter(**there).filter(Exists(_the_same(here))).delete()
        for model in (Accepted.everywhere, Transfer.objects, Plan.objects):
            model.filter(**there).update(address=here["address"])
    return number


def _the_same(where: dict[str, str]) -> "QuerySet[Accepted]":
    """The same object as the outer one, accepted in another place."""
    same = {name: OuterRef(name) for name in ("organisation", "kind", "object_id")}
    return Accepted.everywhere.filter(**where, **same)


def move_all(environment: str) -> None:
    """Let everything that was ever sent in `environment` count where it is today: the demo's simulator is the same one
    whatever its port."""
    with scopes_disabled():
        known = {*Accepted.everywhere.filter(environment=environment).values_list("address", flat=True).distinct()}
        known |= {*Transfer.objects.filter(environment=environment).values_list("address", flat=True).distinct()}
    for address in known - {place(environment)}:
        move(environment, address)


def environments_at(address: str) -> list[str]:
    """The environments that have sent something to `address` and are elsewhere today."""
    with scopes_disabled():
        found = set(Transfer.objects.filter(address=address).values_list("environment", flat=True).distinct())
        found |= set(Accepted.everywhere.filter(address=address).values_list("environment", flat=True).distinct())
    return [one for one in Environment.values if one in found and place(one) != address]
