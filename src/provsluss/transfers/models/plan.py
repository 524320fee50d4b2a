"""A preview (förhandsgranskning) as it was worked out, kept so that it can be compared with what then happened."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User
from provsluss.transfers.models.activity import TestActivity
from provsluss.transfers.models.place import Placed


class PlanState(models.TextChoices):
    """Where a preview is."""

    WORKING = "working", "Räknas ut"
    READY = "ready", "Klar"
    FAILED = "failed", "Kunde inte räknas ut"


class Plan(Placed):
    """What a press of the button would have done at a certain time. Nothing has been sent by making it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    test_activities = models.ManyToManyField(TestActivity, related_name="plans")
    everything = models.BooleanField(default=False, help_text="as if nothing had been accepted: Skicka allt igen")
    state = models.CharField(max_length=20, choices=PlanState.choices, default=PlanState.WORKING)
    message = models.TextField(blank=True, help_text="why it failed, in Swedish")
    # {kind: the numbers of planning.KindPlan}, and what plan/store.py names beside the kinds
    counts = models.JSONField(default=dict, blank=True)
    seconds = models.FloatField(null=True, help_text="how long the transfer is expected to take")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Plan"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organisation", "environment", "-created_at"])]

    def __str__(self) -> str:
        return f"Förhandsgranskning {self.pk}"


class PlannedFate(models.TextChoices):
    """What would happen to an object. Unchanged ones have no row; they are only counted."""

    NEW = "new", "Ny"
    CHANGED = "changed", "Ändrad"
    REMOVED = "removed", "Tas bort"
    WITHHELD = "withheld", "Hålls inne"


class PlannedObject(models.Model):
    """One object in a preview, with the same snapshot for the lists as ObjectResult."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="planned_objects", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    fate = models.CharField(max_length=20, choices=PlannedFate.choices)
    name = models.CharField(max_length=420)
    role = models.CharField(max_length=40, blank=True)
    school_unit_code = models.CharField(max_length=8, blank=True)
    refused_before = models.BooleanField(
        default=False,
        help_text="Skolverket refused exactly this the last time, so as far as anyone knows it will again",
    )
    restricted = models.BooleanField(default=False, help_text="the person has a securityMarking")
    # [{"attribute", "before", "after"}]; personnummer masked before they are stored
    changes = models.JSONField(default=list, blank=True)
    findings = models.JSONField(default=list, blank=True, help_text="as in ObjectResult")

    objects: ClassVar[models.Manager["PlannedObject"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "object_id"], name="one_planned_object_per_plan")
        ]
        indexes = [models.Index(fields=["organisation", "plan", "kind", "fate", "restricted", "name"])]

    def __str__(self) -> str:
        return f"{self.object_id}: {self.fate}"
