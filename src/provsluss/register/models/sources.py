"""Where the register comes from: the sources of each organisation (källor, design.md section 10)."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User


class SourceState(models.TextChoices):
    """Whether a source is read. One that was removed is no row any more."""

    ACTIVE = "active", "Läses"
    PAUSED = "paused", "Pausad"


class Source(models.Model):
    """One source of an organisation. It owns what it brought: those objects have its key as their `source`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    key = models.CharField(
        max_length=40, help_text="on all that it brings: its kind, and a number where there can be more"
    )
    kind = models.CharField("slag", max_length=40, help_text="skolverket_workbook, ss12000, csv")
    name = models.CharField("namn", max_length=100)
    settings = models.JSONField(default=dict, blank=True, help_text="of its kind; never a secret, only its file's name")
    school_unit_codes = models.JSONField(
        "skolenheter", default=list, blank=True, help_text="those that it speaks for; empty: all that it brings"
    )
    state = models.CharField("läge", max_length=20, choices=SourceState.choices, default=SourceState.ACTIVE)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Source"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="one_source_per_key"),
            models.UniqueConstraint(fields=["organisation", "name"], name="one_source_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
