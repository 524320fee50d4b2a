"""What the user creates: one national test, the groups that take it, the staff around it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group


class TestActivityState(models.TextChoices):
    """Only active ones are sent by "all"; archived ones are kept for their history."""

    ACTIVE = "active", "Aktiv"
    PAUSED = "paused", "Pausad"
    ARCHIVED = "archived", "Arkiverad"

    __test__ = False  # not a test case, whatever the name makes pytest think


class TestActivity(models.Model):
    """A provaktivitet."""

    __test__ = False  # not a test case, whatever the name makes pytest think

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField("namn", max_length=200)
    national_test = models.CharField("nationellt prov", max_length=100, help_text="displayName, e.g. GRGRMAT01_6")
    state = models.CharField("läge", max_length=20, choices=TestActivityState.choices, default=TestActivityState.ACTIVE)
    test_date = models.DateField("provdatum", null=True, blank=True, help_text="the first day of the test, if known")
    follows_register = models.BooleanField(
        default=False, help_text="its groups are those for which the source names this national test"
    )
    all_staff = models.BooleanField(
        "ta med all personal på skolenheterna", default=False, help_text="otherwise teachers, leaders and extra_duties"
    )
    extra_duties = models.ManyToManyField(Duty, blank=True, related_name="+")
    groups = models.ManyToManyField(Group, through="TestActivityGroup", related_name="test_activities")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["TestActivity"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "test activities"

    def __str__(self) -> str:
        return self.name


class TestActivityGroup(models.Model):
    """That a group takes the test."""

    __test__ = False

    test_activity = models.ForeignKey(TestActivity, on_delete=models.CASCADE, related_name="group_links")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="test_activity_links")

    objects: ClassVar[models.Manager["TestActivityGroup"]] = ScopedManager(organisation="test_activity__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["test_activity", "group"], name="one_link_per_group")]

    def __str__(self) -> str:
        return f"{self.group_id} i {self.test_activity_id}"
