"""The table of the pace that all workers behind an address share."""

from django.db import models
from django.db.models.functions import Now


class CallSlot(models.Model):
    """One of the calls that the limit of an address allows in a window, shared by all workers behind that address.

    Filled in by the database's clock alone (connection/shared_window.py).
    """

    address = models.CharField(max_length=300, help_text="whose limit: Skolverket's address and ours")
    kind = models.CharField(max_length=20, help_text="transfer or read")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(db_default=Now(), help_text="when the latest call was let through")
    free_at = models.DateTimeField(db_default=Now(), help_text="when the next one may be")
    closed_until = models.DateTimeField(db_default=Now(), help_text="what Skolverket asked for")

    class Meta:
        app_label = "transfers"  # where its table was made; a migration would gain nothing
        constraints = [models.UniqueConstraint(fields=["address", "kind", "number"], name="one_slot_per_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
