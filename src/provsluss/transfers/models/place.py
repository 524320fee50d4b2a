"""Where something was sent: an environment, at the address that it had then.

What is "oförändrat" at one address says nothing of another, even if the environment is called the same: an address is a
setting (PROVSLUSS_PRODUCTION_URL and its like), and somebody can change it.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from provsluss.organisations.environments import Environment, place


class AddressField(models.CharField):  # type: ignore[type-arg]
    """The address that the row's environment has when the row is stored first, unless another is given."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Called by `save` and by `bulk_create`."""
        environment = getattr(model_instance, "environment", "")
        if not getattr(model_instance, self.attname) and environment:
            setattr(model_instance, self.attname, place(environment))
        return str(super().pre_save(model_instance, add))


class Placed(models.Model):
    """What belongs to an environment at an address."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    address = AddressField(
        max_length=300,
        blank=True,
        editable=False,
        help_text="of the Provisioning API when it was sent; another address is another place",
    )

    class Meta:
        abstract = True

    @property
    def place(self) -> dict[str, str]:
        """The conditions for what is in the same place."""
        return {"environment": self.environment, "address": self.address}

    @property
    def is_elsewhere(self) -> bool:
        """Whether its environment has got another address since."""
        return str(self.address) != place(self.environment)


def at_todays_addresses(through: str = "") -> Q:
    """The condition for what is where its environment is today; `through` leads to it, e.g. "sync_job__transfer__"."""
    return reduce(
        or_,
        (Q(**{f"{through}environment": one, f"{through}address": place(one)}) for one in Environment.values),
    )


class AtTodaysAddresses(models.Manager[Any]):
    """Knows only what is where its environment is today, so that nobody takes another place's state for this one's."""

    def get_queryset(self) -> QuerySet[Any]:
        """Without what was sent to an address that an environment had before."""
        return super().get_queryset().filter(at_todays_addresses())
