"""What has happened to a transfer and its sync jobs, step by step: the rows that notices and webhooks read."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation
from provsluss.transfers.models.transfer import Category, SyncJob, Transfer, TransferState


class Cause(models.TextChoices):
    """Why a state changed. What is said of it in words stands on the transfer or the sync job."""

    PRESSED = "pressed", "Någon startade överföringen"
    STARTED = "started", "Det blev dess tur"
    TROUBLE = "trouble", "Skolverket svarade inte som det skulle"
    TROUBLE_OVER = "trouble_over", "Skolverket svarar igen"
    LISTED = "listed", "Det som ska tas bort är uppräknat"
    WENT_THROUGH = "went_through", "Allt har sitt svar"
    APPROVED = "approved", "Någon godkände borttagningen"
    REFUSED = "refused", "Någon nekade borttagningen"
    SUPERSEDED = "superseded", "En senare överföring prövade borttagningen på nytt"
    STOPPED = "stopped", "Någon avbröt"
    CANNOT_GO_ON = "cannot_go_on", "Den kunde inte fortsätta"
    RESUMED = "resumed", "Någon återupptog den"
    MOVED = "moved", "Allt flyttades till en annan databas"


class TransferEvent(models.Model):
    """One step from one state to another, of a transfer or of one of its sync jobs. Written by lifecycle/move.py alone.

    It holds no personal data, and is forgotten with its transfer.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="events")
    sync_job = models.ForeignKey(
        SyncJob, null=True, blank=True, on_delete=models.CASCADE, related_name="events", help_text="empty: the transfer"
    )
    from_state = models.CharField(max_length=20, choices=TransferState.choices, blank=True, help_text="empty: new")
    to_state = models.CharField(max_length=20, choices=TransferState.choices)
    at = models.DateTimeField(default=timezone.now)
    category = models.CharField(max_length=20, choices=Category.choices, blank=True)
    cause = models.CharField(max_length=20, choices=Cause.choices)

    objects: ClassVar[models.Manager["TransferEvent"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state or 'ny'} → {self.to_state} i överföring {self.transfer_id}"
