"""How a transfer went for each of its test activities: they share a press, but not each other's errors."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation
from provsluss.transfers.models.activity import TestActivity
from provsluss.transfers.models.transfer import Transfer, TransferState


class Outcome(models.Model):
    """What became of that which one test activity needed of an ended transfer.

    The counts are of objects; one that several test activities need is counted in each. Removals do not count.
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="outcomes", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    test_activity = models.ForeignKey(TestActivity, on_delete=models.CASCADE, related_name="outcomes")
    state = models.CharField(max_length=20, choices=TransferState.choices)
    error = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    warning = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Outcome"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "test_activity"], name="one_outcome_per_test_activity")
        ]

    def __str__(self) -> str:
        return f"{self.test_activity_id} i överföring {self.transfer_id}"
