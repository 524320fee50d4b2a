"""The workers' signs of life."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from provsluss.transfers.models import Worker

SILENT_AFTER = timedelta(seconds=30)
"""A worker gives a sign of life every second; one that has been silent for so long is taken to be gone."""


def alive_workers() -> "QuerySet[Worker]":
    """The workers that are there to carry out transfers and imports."""
    return Worker.objects.filter(seen_at__gt=timezone.now() - SILENT_AFTER)


def forget_silent_workers() -> None:
    """Remove those that have been silent for a day: killed ones never come back under the same name."""
    Worker.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()
