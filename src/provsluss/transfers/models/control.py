"""A control (kontroll): what stands in the way of the test activities, worked out before anything is sent."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.transfers.models.activity import TestActivity


class ControlState(models.TextChoices):
    """Where a control is."""

    QUEUED = "queued", "Väntar"
    WORKING = "working", "Kontrollerar"
    READY = "ready", "Klar"
    FAILED = "failed", "Kunde inte göras"


class Control(models.Model):
    """All active test activities of an organisation, checked together at one time. The newest ready one counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    environment = models.CharField(max_length=20, choices=Environment.choices)
    state = models.CharField(max_length=20, choices=ControlState.choices, default=ControlState.QUEUED)
    made_from = models.CharField(max_length=64, help_text="fingerprint of what it looked at, to see when it is old")
    # The ids of the test activities that it looked at. ControlFinding.tests holds their places in this list.
    test_activity_ids = models.JSONField(default=list, blank=True)
    checked = models.PositiveIntegerField(default=0, help_text="objects looked at so far")
    wanted = models.PositiveIntegerField(default=0, help_text="objects to look at")
    # Raised by whoever takes the control up. One who finds another number than the own has been taken for dead.
    attempt = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now, help_text="when whoever makes it last gave a sign of life")
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Control"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organisation", "environment", "-created_at"])]

    def __str__(self) -> str:
        return f"Kontroll {self.pk}"

    def place_of(self, test_activity_id: uuid.UUID) -> int | None:
        """Where the test activity stands in `test_activity_ids`; None if the control did not look at it."""
        text = str(test_activity_id)
        return self.test_activity_ids.index(text) if text in self.test_activity_ids else None


class ControlCause(models.Model):
    """One thing that is wrong with some objects, in words that fit them all, and who mends it."""

    control = models.ForeignKey(Control, on_delete=models.CASCADE, related_name="causes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    code = models.CharField(max_length=10)
    severity = models.CharField(max_length=10, help_text="error, warning or info")
    urgent = models.BooleanField(default=False, help_text="somebody cannot take the test until it is mended")
    attribute = models.CharField(max_length=60, blank=True)
    sentence = models.TextField()
    who = models.CharField(max_length=20)
    where = models.TextField()
    how = models.TextField()
    source = models.CharField(max_length=100)
    # Only of what Skolverket refused:
    refused = models.BooleanField(default=False, help_text="Skolverket said it, in the latest transfers")
    meaning = models.TextField(blank=True, help_text="what stands under the sentence")
    skolverket_says = models.TextField(blank=True, help_text="its own messages, a line each, without anybody's data")
    sync_job_id = models.BigIntegerField(null=True, help_text="the latest where it was said")

    objects: ClassVar[models.Manager["ControlCause"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class ControlFinding(models.Model):
    """That a cause holds for an object, or (`follows`) that an object is held back or incomplete because of it."""

    cause = models.ForeignKey(ControlCause, on_delete=models.CASCADE, related_name="findings", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    follows = models.BooleanField(default=False)
    kind = models.CharField(max_length=20, help_text="persons … activities, school_units or organisation")
    object_id = models.UUIDField(null=True)
    name = models.CharField(max_length=420, blank=True)
    detail = models.CharField(max_length=200, blank=True, help_text="the duty's role, what the group is …")
    school_unit_code = models.CharField(max_length=8, blank=True)
    restricted = models.BooleanField(default=False, help_text="the person has a securityMarking")
    # Whose page in the register says more: a duty's person, an activity's group.
    person_id = models.UUIDField(null=True)
    group_id = models.UUIDField(null=True)
    tests = models.TextField(blank=True, help_text='places in Control.test_activity_ids, as " 0 7 "')

    objects: ClassVar[models.Manager["ControlFinding"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["cause", "follows", "restricted", "school_unit_code", "name"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class ControlCell(models.Model):
    """How one test activity stands at one school unit. The counts are of objects, not of findings."""

    control = models.ForeignKey(Control, on_delete=models.CASCADE, related_name="cells")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    school_unit_code = models.CharField(max_length=8)
    test_activity = models.ForeignKey(TestActivity, on_delete=models.CASCADE, related_name="+")
    groups = models.PositiveIntegerField(default=0)
    urgent = models.PositiveIntegerField(default=0, help_text="objects that must be mended")
    other = models.PositiveIntegerField(default=0, help_text="objects with warnings only")
    following = models.PositiveIntegerField(default=0, help_text="objects that cannot be whole until others are mended")

    objects: ClassVar[models.Manager["ControlCell"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["control", "school_unit_code", "test_activity"], name="one_cell_per_unit_and_test"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_unit_code} {self.test_activity_id}"
