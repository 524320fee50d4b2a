"""What Provsluss has taken away at Skolverket, and how much it may take away without asking."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.transfers.models.transfer import Transfer


class RemovedObject(models.Model):
    """An object that a transfer has removed, with the payload that would bring it back (undo)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    environment = models.CharField(max_length=20, choices=Environment.choices)
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    payload = models.TextField(blank=True, help_text="empty once it is older than settings.PAYLOAD_DAYS")
    was_in = models.JSONField(
        default=list, blank=True, help_text="ids of the groups that a person, or the activities that a duty, left by it"
    )
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="removed_objects")
    removed_at = models.DateTimeField(default=timezone.now)
    restored_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["RemovedObject"]] = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer", "kind", "object_id"], name="one_removal_per_object")]
        indexes = [models.Index(fields=["organisation", "object_id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class RemovalLimit(models.Model):
    """The guard of one kind of object (skyddsgräns): a removal beyond both numbers waits for somebody's decision.

    Without a row the limits are those of settings.REMOVAL_PERCENT and settings.REMOVAL_COUNT.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    percent = models.PositiveSmallIntegerField("procent", validators=[MaxValueValidator(100)])
    count = models.PositiveIntegerField("antal")

    objects: ClassVar[models.Manager["RemovalLimit"]] = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="one_removal_limit_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.percent} % och {self.count}"
