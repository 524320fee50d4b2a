"""Codes in Skolverket's answers that no public list explains."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation


class UnknownCode(models.Model):
    """One code that we have no explanation of our own for, and how often it has come in the organisation's answers."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    environment = models.CharField(max_length=20, choices=Environment.choices)
    code = models.CharField("kod", max_length=40)
    kind = models.CharField(max_length=20, help_text="persons, duties, groups or activities")
    attribute = models.CharField("attribut", max_length=100, blank=True)
    message = models.TextField("Skolverkets text", blank=True, help_text="the latest, without anybody's data")
    count = models.PositiveIntegerField("antal", default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects: ClassVar[models.Manager["UnknownCode"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-count", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "environment", "code", "kind", "attribute"], name="one_row_per_unknown_code"
            )
        ]

    def __str__(self) -> str:
        return self.code
