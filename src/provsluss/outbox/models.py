"""The table of what has been ordered and not yet been given to the engine."""

from django.db import models
from django.utils import timezone


class Task(models.TextChoices):
    """What there is to do with the row that is named."""

    TRANSFER = "transfer", "överföring"
    READ_IMPORT = "read_import", "läsning av en fil"
    STORE_IMPORT = "store_import", "inläsning"
    PLAN = "plan", "förhandsgranskning"
    CONTROL = "control", "kontroll"


class OutboxEntry(models.Model):
    """One order: `task` is to be done with the row whose id is `object_id`. Gone when the engine has it."""

    task = models.CharField(max_length=20, choices=Task.choices)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    # Set by the worker that hands it over; one that dies in the middle leaves it set, and it is taken anew.
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "transfers"  # its table stands among those that it is about
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.task} {self.object_id}"
