"""What keeps the workers in step: the shared limit's places, and the pause of the queue."""

from django.db import models
from django.utils import timezone

from provsluss.organisations.models import User


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
