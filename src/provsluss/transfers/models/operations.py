"""What keeps the workers in step: the shared limit's places, and the pause of the queue."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from provsluss.organisations.models import User


class CallSlot(models.Model):
    """One of the calls that the limit of an address allows in a window, shared by all workers behind that address.

    Filled in by the database's clock alone (transfers/connection/shared_window.py).
    """

    address = models.CharField(max_length=300, help_text="whose limit: Skolverket's address and ours")
    kind = models.CharField(max_length=20, help_text="transfer or read")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(db_default=Now(), help_text="when the latest call was let through")
    free_at = models.DateTimeField(db_default=Now(), help_text="when the next one may be")
    closed_until = models.DateTimeField(db_default=Now(), help_text="what Skolverket asked for")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "kind", "number"], name="one_slot_per_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class CallSize(models.Model):
    """The largest call that an environment has been seen to take, where that is less than we thought (413)."""

    environment = models.CharField(max_length=20, primary_key=True)
    max_bytes = models.PositiveIntegerField()
    learned_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.environment}: {self.max_bytes} byte"


class QueuePause(models.Model):
    """While the one row of this table is there, the queue is paused."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    paused_at = models.DateTimeField(default=timezone.now)
    paused_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_pause_at_most")]

    def __str__(self) -> str:
        return f"pausad {self.paused_at}"


class PurgeReport(models.Model):
    """What one purge (gallring) forgot, counted: how many of what. Of whom is forgotten too."""

    purged_at = models.DateTimeField(default=timezone.now)
    # {"call_payloads": n, "results": n, …}: the names are those of purging.purge, only those that are not 0
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-purged_at", "-id"]

    def __str__(self) -> str:
        return f"gallring {self.purged_at:%Y-%m-%d}"
